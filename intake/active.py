"""Looks for what could act when a file is opened (mail rule H3), by marks in its bytes: nothing is opened, nothing is run.

What is not found here may still act: the desk gives every file for download only.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from intake.archives import has_short_directory
from intake.file_kinds import NOTEBOOK, OLE, PROGRAM, type_of

RUNS = re.compile(
    r"(?i)\.(?:exe|com|scr|pif|bat|cmd|ps1|psm1|vbs?|vbe|jse?|mjs|wsf|wsh|wsc|sct|hta|msi|msp|mst|cpl|jar|lnk|url|reg|iso|img|vhdx?"
    r"|dll|xll|apk|app|appx|msix|dmg|pkg|chm|settingcontent-ms|library-ms|search-ms|appref-ms|application|gadget|inf|scf|desktop|sh)$"
)
"""Endings of files that a computer runs, or that lead it to something which it then runs."""
_VBA = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "VBA_PROJECT_CUR"))


def _named(name: str, behind: str = "") -> re.Pattern[bytes]:
    """Return the pattern of a PDF's name, any letter of which may be written as a number."""
    letters = "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in name)
    return re.compile(f"/{letters}{behind}(?![A-Za-z#])".encode())


_PDF_MARKS = (
    (_named("JavaScript"), "pdf_script"),
    (_named("JS"), "pdf_script"),
    (_named("Launch"), "pdf_launch"),
    (_named("EmbeddedFile"), "pdf_file"),
    # An opening action that is a list only says at which page to begin.
    (_named("OpenAction", r"(?=\s{0,9}[^\s\[])"), "pdf_opens"),
)
_PACKED, _STREAM = b"/ObjStm", b"stream"
_STREAM_WITHIN = 500
_MOST_PACKED, _MOST_UNPACKED = 100, 200_000
_FAR_KINDS = (b"/attachedtemplate", b"/oleobject", b"/frame", b"/subdocument")
_RELATIONS = (".xml.rels",)
_MOST_RELATIONS, _LONGEST_RELATION = 50, 100_000


def marks_of(name: str, content: bytes) -> tuple[str, ...]:
    """Return what in a file could act, as codes."""
    found: list[str] = []
    kind = type_of(content)
    if RUNS.search(name) or kind == PROGRAM:
        found.append("program")
    if kind == NOTEBOOK:
        found.append("notebook")
    if content.startswith(OLE) and any(mark in content for mark in _VBA):
        found.append("macros")
    if content.startswith(b"PK\x03\x04"):
        found += _of_office(content)
    if b"%PDF-" in content[:1024]:
        found += _of_pdf(content)
    return tuple(dict.fromkeys(found))


def _of_pdf(content: bytes) -> Iterator[str]:
    """Yield the marks of a PDF, those in packed objects too."""
    for piece in (content, *_unpacked(content)):
        yield from (mark for pattern, mark in _PDF_MARKS if pattern.search(piece))


def _unpacked(content: bytes) -> Iterator[bytes]:
    at = content.find(_PACKED)
    for _ in range(_MOST_PACKED):
        if at < 0:
            return
        stream = content.find(_STREAM, at, at + _STREAM_WITHIN)
        if stream >= 0:
            packed = content[stream + len(_STREAM) : stream + _MOST_UNPACKED].lstrip(b"\r\n")
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj().decompress(packed, _MOST_UNPACKED)
        at = content.find(_PACKED, at + 1)


def _of_office(content: bytes) -> Iterator[str]:
    """Yield the marks of an Office document: macros in it, or a template that is fetched from elsewhere when it is opened."""
    if b"vbaProject.bin" in content:
        yield "macros"
    if b".xml.rels" not in content or b"[Content_Types].xml" not in content:
        return
    try:
        if not has_short_directory(content):
            return
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if name.endswith(_RELATIONS)]
            if any(_is_far(_start_of(archive, name)) for name in names[:_MOST_RELATIONS]):
                yield "far_template"
    except Exception:  # noqa: BLE001  # whatever is wrong with a document, its mail is read
        return


def _start_of(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(_LONGEST_RELATION)


def _is_far(relations: bytes) -> bool:
    tags = (tag for tag in relations.lower().replace(b"'", b'"').split(b"<") if tag.startswith(b"relationship"))
    return any(b'targetmode="external"' in tag and any(kind in tag for kind in _FAR_KINDS) for tag in tags)
