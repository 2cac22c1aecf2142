"""Scanned letters and photos of a contact: read as they were sent, and carried through a form that was refused.

A browser never sends a chosen file twice by itself. So what came with a refused form goes back into the page, and comes
again with the next try: nothing has to be chosen anew.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from starlette.datastructures import FormData, UploadFile

from intake.contact import attachment
from intake.message import Attachment

MOST_FILES = 100
MOST_BYTES = 40 * 1024 * 1024
"""Bytes of all files of one contact; as base64 in a page that was refused, they still fit into one request."""


def files_of(form: FormData) -> tuple[Attachment, ...]:
    """Return the files of a form: those carried along that were not taken out, then those chosen now."""
    dropped = {value for value in form.getlist("kept_drop") if isinstance(value, str)}
    carried = zip(form.getlist("kept_name"), form.getlist("kept_type"), form.getlist("kept_data"), strict=False)
    kept = [_kept(*map(str, file)) for number, file in enumerate(carried) if str(number) not in dropped]
    sent = [_sent(file) for file in form.getlist("files") if isinstance(file, UploadFile)]
    numbered = enumerate((file for file in (*kept, *sent) if file is not None), start=1)
    return tuple(attachment(name, kind, content, number) for number, (name, kind, content) in numbered)


def carried(files: Sequence[Attachment]) -> list[dict[str, str]]:
    """Return the files as the fields that carry them through a page."""
    return [
        {"name": file.name, "type": file.type, "data": base64.b64encode(file.content).decode("ascii"), "size": _size(file.size)}
        for file in files
    ]


def too_much(files: Sequence[Attachment]) -> str | None:
    """Return what is to be mended where there are too many files or too many bytes, if anything."""
    if len(files) > MOST_FILES:
        return f"There are {len(files)} files, and {MOST_FILES} can be taken: log the contact with some, then another with the rest"
    total = sum(file.size for file in files)
    if total > MOST_BYTES:
        return f"The files have {_size(total)} in all, and {_size(MOST_BYTES)} can be taken: scan at a lower resolution"
    return None


def _kept(name: str, kind: str, data: str) -> tuple[str, str, bytes] | None:
    try:
        return name, kind, base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None  # nobody's browser wrote that: our own page is the only one that does


def _sent(upload: UploadFile) -> tuple[str, str, bytes] | None:
    content = upload.file.read()
    if not (content or upload.filename):
        return None  # a file field that nobody used
    return upload.filename or "", upload.content_type or "", content


def _size(number: int) -> str:
    kilobytes = max(1, round(number / 1024))
    return f"{kilobytes} kB" if kilobytes < 1024 else f"{number / 1024 / 1024:.1f} MB"  # noqa: PLR2004  # of one unit to the next
