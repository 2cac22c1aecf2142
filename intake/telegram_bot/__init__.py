"""The parts of the Telegram channel: asking the Bot API, keeping and reading what it tells of, and writing back."""
