"""The world comes in: doors, mail parsing and the ports through which messages enter and replies leave."""
