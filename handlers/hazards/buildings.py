"""The landlord's register of its high buildings, and which of them words name (Building Safety Act 2022 s.65, s.93).

A building is higher-risk where it is 18 metres high or more, or has seven storeys or more, and holds two homes or more: both
tests of height count, so a block of seven storeys and 17 metres is one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HEIGHT, STOREYS, HOMES = 18.0, 7, 2
"""From how many metres, or storeys, and homes a building is higher-risk (s.65 and SI 2023/275)."""
COLUMNS = ("name", "addresses", "storeys", "height_m", "homes")
LONGEST_CELL = 500
_WORD = re.compile(r"[a-z0-9']+")
SPELT = {
    "hse": "house",
    "hs": "house",
    "rd": "road",
    "st": "street",
    "ct": "court",
    "twr": "tower",
    "ave": "avenue",
    "pt": "point",
}


class BadRegister(ValueError):
    """The register cannot be used; the sentence names file, line and mend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Building:
    """A building as the register has it; ``addresses`` are the ways in which people write where it is."""

    name: str
    addresses: tuple[str, ...]
    storeys: int
    height_m: float
    homes: int

    @property
    def higher_risk(self) -> bool:
        """Return whether the Act's rules for higher-risk buildings apply to it."""
        return (self.height_m >= HEIGHT or self.storeys >= STOREYS) and self.homes >= HOMES


@dataclass(frozen=True, kw_only=True)
class Buildings:
    """The whole register."""

    rows: tuple[Building, ...] = ()

    @cached_property
    def _names(self) -> tuple[tuple[str, Building], ...]:
        names = ((_folded(name), row) for row in self.rows for name in (row.name, *row.addresses))
        # The longest first: "Kestrel Tower East" is not "Kestrel Tower".
        return tuple(sorted(((name, row) for name, row in names if name), key=lambda pair: -len(pair[0])))

    def named(self, *texts: str | None) -> tuple[Building, ...]:
        """Return the buildings that any of these texts names, by whole words, each once."""
        found: dict[str, Building] = {}
        for text in texts:
            rest = f" {_folded(text or '')} "
            for name, row in self._names:
                if f" {name} " in rest:
                    rest = rest.replace(f" {name} ", "  ")
                    found[row.name] = row
        return tuple(found.values())

    def by_name(self, name: str) -> Building | None:
        """Return the building of this name."""
        return next((row for row in self.rows if row.name == name), None)


def read_buildings(path: Path) -> Buildings:
    """Read the register, or raise ``BadRegister``."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise BadRegister(f"{path}, line 1: the columns must be {', '.join(COLUMNS)}")
            return Buildings(rows=tuple(_rows(path, reader)))
    except (OSError, UnicodeDecodeError) as error:
        raise BadRegister(f"{path} cannot be read ({type(error).__name__})") from error


def _rows(path: Path, rows: Iterator[Mapping[str, str]] | Sequence[Mapping[str, str]]) -> Iterator[Building]:
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise BadRegister(f"{path}, line {number}: write {len(COLUMNS)} cells, one with a comma in double quotes")
        if any(len(cell) > LONGEST_CELL for cell in row.values()):
            raise BadRegister(f"{path}, line {number}: a cell is longer than {LONGEST_CELL} characters")
        if not row["name"].strip():
            raise BadRegister(f"{path}, line {number}: give the building's name")
        yield Building(
            name=row["name"].strip(),
            addresses=tuple(filter(None, (one.strip() for one in row["addresses"].split(";")))),
            storeys=int(_number(path, number, row, "storeys")),
            height_m=_number(path, number, row, "height_m"),
            homes=int(_number(path, number, row, "homes")),
        )


def _number(path: Path, line: int, row: Mapping[str, str], name: str) -> float:
    try:
        found = float(row[name])
    except ValueError as error:
        raise BadRegister(f"{path}, line {line}: {name} {row[name]!r} is no number") from error
    if not 0 <= found < 1000:  # noqa: PLR2004  # no building is so high or holds so many that we would let
        raise BadRegister(f"{path}, line {line}: {name} {row[name]!r} cannot be")
    return found


def _folded(text: str) -> str:
    """Return a text's words, small and with short forms written out, one blank apart."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    return " ".join(SPELT.get(word, word) for word in (word.removesuffix("'s") for word in words))
