"""The web form, as a message: the document in which what was handed in is kept, and its reading."""
