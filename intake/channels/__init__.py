"""A file is a channel: each is found by its ``kind`` in the configuration."""
