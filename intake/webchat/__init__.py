"""The web chat and the resident's own page, as messages: the document in which each act is kept, and its reading."""
