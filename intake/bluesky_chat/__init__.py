"""The parts of the Bluesky channel: the session, what events say, the rounds over conversations, and letters."""
