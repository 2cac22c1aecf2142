"""The parts of the X channel: settings that own up to its price, signatures, what events say, the login, and letters."""
