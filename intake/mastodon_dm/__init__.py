"""The parts of the Mastodon channel: what statuses say, the rounds over notifications, and letters as direct statuses."""
