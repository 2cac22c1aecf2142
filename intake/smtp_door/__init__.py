"""The parts of the SMTP door: conversation, body, limits, recipients and trace header."""
