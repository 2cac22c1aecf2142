"""Files that were fetched from a platform, as readers and people know them: like the attachments of a mail."""

from __future__ import annotations

from intake import names
from intake.contact import attachment
from intake.message import Attachment
from store.chat_models import MediaFile
from store.media_rows import KeptFile


def attachment_of(file: KeptFile) -> Attachment:
    """Return a fetched file under a name that is safe to show."""
    return attachment(file.name or "", file.type or "", file.body, file.number)


def attachment_name(file: MediaFile) -> str:
    """Return the name that a file is shown under, before its bytes are looked at."""
    return names.safe_name(file.name or "") or names.unnamed(file.type or "", file.number)
