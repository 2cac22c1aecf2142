"""Reads a folder of gazetteers; a mistake names the file, the line and the mend."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from classifiers.gazetteers import Gazetteer, Place, PlaceKind, ServiceName

PLACES: Final = "estates.csv"
LANDLORDS: Final = "other_landlords.csv"
SERVICES: Final = "other_services.csv"
LONGEST_CELL: Final = 80
MOST_ROWS: Final = 20_000
_FORMULA: Final = ("=", "+", "-", "@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", re.IGNORECASE)
_KINDS: Final = ", ".join(PlaceKind)

Row = tuple[int, dict[str, str]]
"""The line's number, and its cells by the header's names."""


class GazetteerError(ValueError):
    """A folder of gazetteers that cannot be used; the sentence says what to mend."""


def read_gazetteer(folder: Path) -> Gazetteer:
    """Read the three lists of a folder; a name that comes twice counts once. Raises ``GazetteerError``."""
    if not folder.is_dir():
        raise GazetteerError(f"{folder} is no folder: make it, with {PLACES}, {LANDLORDS} and {SERVICES} in it")
    places = [_place(folder / PLACES, row) for row in _rows(folder / PLACES, ("name", "kind"), ("postcode",))]
    landlords = [_name(folder / LANDLORDS, row) for row in _rows(folder / LANDLORDS, ("name",))]
    services = [_service(folder / SERVICES, row) for row in _rows(folder / SERVICES, ("name", "office"))]
    return Gazetteer(
        places=tuple(dict.fromkeys(places)),
        landlords=tuple(dict.fromkeys(landlords)),
        services=tuple(dict.fromkeys(services)),
    )


def _place(path: Path, row: Row) -> Place:
    number, cells = row
    kind, postcode = cells["kind"].lower(), cells.get("postcode", "")
    if kind not in list(PlaceKind):
        raise _wrong(path, number, f"the kind {kind!r} is not known: write one of {_KINDS}")
    if postcode and not _POSTCODE.fullmatch(postcode):
        raise _wrong(path, number, f"{postcode!r} is no whole postcode: write one such as SE6 4RU, or leave it empty")
    return Place(name=_name(path, row), kind=PlaceKind(kind), postcode=postcode.upper())


def _service(path: Path, row: Row) -> ServiceName:
    number, cells = row
    if not cells["office"]:
        raise _wrong(path, number, "the office is missing: write who deals with it, such as Council Tax")
    return ServiceName(name=_name(path, row), office=cells["office"])


def _name(path: Path, row: Row) -> str:
    number, cells = row
    name = cells["name"]
    if not any(letter.isalpha() for letter in name):
        raise _wrong(path, number, "the name is missing: write one, or take the line out")
    return name


def _rows(path: Path, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[Row]:
    """Yield the lines that are not empty, their cells checked and trimmed."""
    lines = csv.reader(io.StringIO(_text(path, needed), newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        _check_header(path, header, needed, optional)
        for count, cells in enumerate(lines):
            if count >= MOST_ROWS:
                raise _wrong(path, lines.line_num, f"more than {MOST_ROWS} lines: list blocks and streets, not single homes")
            if any(cell.strip() for cell in cells):
                yield lines.line_num, _checked(path, lines.line_num, header, cells)
    except csv.Error as error:
        raise _wrong(
            path, lines.line_num, f'it is not valid CSV ({error}): write a name with commas or quotes as "..."'
        ) from error


def _text(path: Path, needed: tuple[str, ...]) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise GazetteerError(
            f'{path} is missing: add it; the one line "{",".join(needed)}" is enough where there is nothing to list'
        ) from error
    except OSError as error:
        raise GazetteerError(f"{path} cannot be read ({error.strerror}): let this program's user read it") from error
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        number = raw[: error.start].count(b"\n") + 1
        raise _wrong(path, number, 'it is not UTF-8: save the sheet as "CSV UTF-8"') from error


def _check_header(path: Path, header: list[str], needed: tuple[str, ...], optional: tuple[str, ...]) -> None:
    missing = [name for name in needed if name not in header]
    if missing:
        raise _wrong(path, 1, f'the column {missing[0]!r} is missing: the first line must be "{",".join(needed)}"')
    # A column that nobody asked for may hold tenants' names, and these have no place here.
    unknown = [name for name in header if name not in (*needed, *optional)]
    if unknown or len(set(header)) < len(header):
        wrong = unknown[0] if unknown else next(name for name in header if header.count(name) > 1)
        raise _wrong(path, 1, f"the column {wrong!r} is not known or comes twice: take it out of every line")


def _checked(path: Path, number: int, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise _wrong(
            path, number, f'it has {len(cells)} cells and the first line {len(header)}: write a name with a comma as "..."'
        )
    found = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    for name, cell in found.items():
        if cell.startswith(_FORMULA):
            raise _wrong(path, number, f"the {name} begins with {cell[0]!r}, as formulas do: write the bare words")
        if len(cell) > LONGEST_CELL:
            raise _wrong(path, number, f"the {name} is longer than {LONGEST_CELL} characters: write the name alone")
        if _CONTROL.search(cell):
            raise _wrong(path, number, f"the {name} holds a line end or another control character: take it out")
    return found


def _wrong(path: Path, number: int, mend: str) -> GazetteerError:
    return GazetteerError(f"{path}, line {number}: {mend}")
