"""Files inside a JSON document of ours: base64 with their SHA-256, so that they come out byte for byte or are named as changed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from intake.contact import attachment
from intake.message import Attachment


def enclosed(files: Sequence[Attachment]) -> list[dict[str, Any]]:
    """Return files as a document holds them."""
    return [
        {"name": file.name, "type": file.type, "size": file.size, "sha256": file.sha256}
        | {"base64": base64.b64encode(file.content).decode("ascii")}
        for file in files
    ]


def files_in(told: object) -> tuple[list[Attachment], list[str]]:
    """Return the files of a document; one that is not what it was is named as a problem, for the case must say which."""
    files: list[Attachment] = []
    problems: list[str] = []
    for number, file in enumerate(told if isinstance(told, list) else [], start=1):
        fields = file if isinstance(file, dict) else {}
        try:
            content = base64.b64decode(str(fields.get("base64", "")), validate=True)
        except (binascii.Error, ValueError):
            problems.append(f"file_not_readable:{number}")
            continue
        found = attachment(str(fields.get("name", "")), str(fields.get("type", "")), content, number)
        if found.sha256 != fields.get("sha256"):
            problems.append(f"file_changed:{number}")
        files.append(found)
    return files, problems
