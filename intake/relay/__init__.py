"""The parts of the way out by SMTP: settings, one kept connection, and what each failure means."""
