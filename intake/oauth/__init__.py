"""Keys to mailboxes without passwords: short-lived tokens which Microsoft or Google give for a certificate, secret or key."""
