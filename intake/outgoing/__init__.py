"""Ways out for mail: each is found by its ``kind`` under ``[outgoing]``."""
