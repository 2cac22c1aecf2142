"""The parts of the IMAP door: one link to a mailbox, one pass over a folder, and the rounds of passes."""
