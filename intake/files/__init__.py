"""Messages kept as files: what kind a file is, how an mbox is cut, and when each message was received."""
