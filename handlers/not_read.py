"""Words of a message that no machine has read: a person reads them before anybody is answered on what is left."""

from __future__ import annotations

from intake.message import Reading

NOT_READ = {
    "encrypted": "it is encrypted: ask for a plain copy",
    "winmail_not_read": "its words are in a winmail.dat, which could not be opened: ask for a plain copy",
    "words_only_in_attached_mail": "its words are in a mail that is attached",
    "words_only_in_a_file": "it has no words of its own: they may be in the attached file",
    "too_many_parts": "it has more parts than are read",
    "too_deep": "its parts are nested more deeply than is read",
    "too_large": "it is larger than is read",
    "text_too_long": "its words are longer than is read",
}
"""What keeps words from us, by the code that reading leaves, and how a person is told."""


def why_not_read(reading: Reading) -> str | None:
    """Return why some of the words were not read; None where all of them were."""
    found = (NOT_READ.get(code.partition(":")[0]) for code in reading.problems)
    return next((f"not all was read: {why}" for why in found if why), None)
