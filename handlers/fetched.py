"""Files that were fetched from a platform, as readers and people know them: like the attachments of a mail."""

from __future__ import annotations

from dataclasses import replace

from intake.contact import attachment
from intake.message import Attachment
from store.media_rows import KeptFile


def attachment_of(file: KeptFile) -> Attachment:
    """Return a fetched file under a name that is safe to show; where only its first bytes were read, it has only these."""
    found = attachment(file.name or "", file.type or "", file.body, file.number)
    return found if found.size == file.size else replace(found, size=file.size, sha256=file.sha256)
