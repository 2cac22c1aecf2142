"""What comes with a form: its fields though it be too large, and files, each known by its content and none lost in silence.

A browser never sends a chosen file twice by itself. So what came with a refused form goes back into the page, and comes
again with the next try: nothing has to be chosen anew.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from intake.contact import attachment
from intake.file_kinds import size_in_words
from intake.message import Attachment
from intake.public.door import MEGABYTE, Door, Limits
from intake.public.file_types import TAKEN, type_of
from intake.public.room import Full, Seat
from intake.public.throttling import caller

FIELDS, FILES = 200, 100
"""How many fields and files are read at all: far more than any page of ours sends."""
CARRIED = ("kept_name", "kept_data", "kept_drop")
"""The fields that carry files through a page, and what was taken out again."""
Stream = AsyncGenerator[bytes, None]


class TooLarge(Exception):
    """The body has more bytes than are taken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A form as far as it could be read; ``whole`` is false where the rest of it was too large, too slow or broken."""

    form: FormData
    whole: bool
    crowded: bool = False
    """Whether the rest may come through another time: there was no room for it now, or it came too slowly."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """The files of a form that can be kept, and a sentence for those that cannot."""

    kept: tuple[Attachment, ...] = ()
    trouble: str | None = None


@asynccontextmanager
async def taken(request: Request, door: Door) -> AsyncIterator[Taken]:
    """Yield the form of a request; fields that came before what was too large are there, and files are let go of after."""
    with door.room.seat(caller(request)) as seat:
        found = await _found(request, door.limits, seat)
        try:
            yield found
        finally:
            await found.form.close()


async def _found(request: Request, limits: Limits, seat: Seat) -> Taken:
    # Files that are carried along stand in fields as base64, beside which as many again may have been chosen.
    most = limits.bytes_of_files + limits.bytes_of_files * 4 // 3 + MEGABYTE
    parser = _parser(request, _bounded(request, most, seat), limits)
    try:
        async with asyncio.timeout(limits.longest.total_seconds()):
            return Taken(form=await parser.parse(), whole=True) if parser else Taken(form=FormData(), whole=False)
    except (Full, TimeoutError):
        return Taken(form=FormData(_fields(parser)), whole=False, crowded=True)
    except (TooLarge, MultiPartException, ValueError):
        return Taken(form=FormData(_fields(parser)), whole=False)


def _parser(request: Request, stream: Stream, limits: Limits) -> MultiPartParser | FormParser | None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    longest = limits.bytes_of_files * 4 // 3 + 1024
    if kind == "multipart/form-data":
        return MultiPartParser(request.headers, stream, max_files=FILES, max_fields=FIELDS, max_part_size=longest)
    if kind == "application/x-www-form-urlencoded":
        return FormParser(request.headers, stream, max_fields=FIELDS, max_part_size=longest)
    return None


def _fields(parser: MultiPartParser | FormParser | None) -> list[tuple[str, str | UploadFile]]:
    items = parser.items if isinstance(parser, MultiPartParser) else []
    return [(name, value) for name, value in items if isinstance(value, str)]


async def _bounded(request: Request, most: int, seat: Seat) -> Stream:
    """Yield a body up to so many bytes; ``intake.hearing_out`` drops the rest, so that a browser which is still sending is answered."""
    async for chunk in request.stream():
        # What still fits is read too: the words stand in front of the files.
        yield chunk[:most]
        seat.take(len(chunk))
        most -= len(chunk)
        if most < 0:
            raise TooLarge


def files_of(form: FormData, limits: Limits) -> Files:
    """Return the files of a form: those carried along that were not taken out, then those chosen now; called from a thread."""
    kept: list[Attachment] = []
    unknown: list[str] = []
    over: list[str] = []
    for number, (name, content) in enumerate(_brought(form), start=1):
        kind = type_of(content)
        file = attachment(name, kind or "", content, number)
        if kind is None:
            unknown.append(file.name)
        elif len(kept) == limits.files or sum(one.size for one in kept) + file.size > limits.bytes_of_files:
            over.append(file.name)
        else:
            kept.append(file)
    return Files(kept=tuple(kept), trouble=_trouble(unknown, over, limits))


def texts_of(form: FormData) -> list[tuple[str, str]]:
    """Return the fields of a form that hold words, and none that carries files."""
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name not in CARRIED]


def carried(files: Sequence[Attachment]) -> list[dict[str, str]]:
    """Return the files as the fields that carry them through a page."""
    return [
        {"name": file.name, "data": base64.b64encode(file.content).decode("ascii"), "size": size_in_words(file.size)}
        for file in files
    ]


def _brought(form: FormData) -> Iterator[tuple[str, bytes]]:
    dropped = set(form.getlist("kept_drop"))
    for number, (name, data) in enumerate(zip(form.getlist("kept_name"), form.getlist("kept_data"), strict=False)):
        content = _decoded(data)
        if content is not None and str(number) not in dropped:
            yield str(name), content
    for file in form.getlist("files"):
        # A file field that nobody used comes as a file without name and content.
        if isinstance(file, UploadFile) and (file.filename or file.size):
            yield file.filename or "", file.file.read()


def _decoded(data: UploadFile | str) -> bytes | None:
    try:
        return base64.b64decode(str(data), validate=True)
    except (binascii.Error, ValueError):
        return None  # nobody's browser wrote that: our own page is the only one that does


def _trouble(unknown: Sequence[str], over: Sequence[str], limits: Limits) -> str | None:
    sentences = []
    if unknown:
        sentences.append(f"We cannot take {_listed(unknown)}: send {TAKEN}")
    if over:
        most = size_in_words(limits.bytes_of_files)
        sentences.append(
            f"There is no room for {_listed(over)}: at most {limits.files} files and {most} in all. Send the rest later"
        )
    return ". ".join(sentences) or None


def _listed(names: Sequence[str]) -> str:
    first = ", ".join(names[:3])
    return first if len(names) <= 3 else f"{first} and {len(names) - 3} more"  # noqa: PLR2004
