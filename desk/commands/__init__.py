"""The commands of ``intake``, a module for each kind of work."""
