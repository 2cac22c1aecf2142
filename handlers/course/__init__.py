"""A complaint's life after its acknowledgement, each act by a named person and told by an event (obligations A4 to A16)."""
