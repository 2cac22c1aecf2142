"""Which files the public door takes: what shows the trouble, and nothing that could run or lead astray."""

from __future__ import annotations

from intake import file_kinds

TAKEN = "photos, videos, sound recordings, PDF, Word, Excel or text files"
"""What is taken, in words."""
ACCEPT = "image/*,video/*,audio/*,application/pdf,.doc,.docx,.xls,.xlsx,.odt,.ods,.rtf,.txt,.msg,.eml"
"""What a browser offers to choose."""
_NOT_TAKEN = (file_kinds.PROGRAM, file_kinds.PAGE, file_kinds.ARCHIVE, file_kinds.NOTEBOOK)


def type_of(content: bytes) -> str | None:
    """Return the media type of a file that is taken; None for programs, web pages, archives and what nobody knows."""
    found = file_kinds.type_of(content)
    return None if found in _NOT_TAKEN else found
