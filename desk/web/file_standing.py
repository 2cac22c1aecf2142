"""What the scanner said of a file, in words, and whether it opens with one click."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from desk.web.desk import Desk
from intake.message import MAIL, Attachment, Reading
from store.models import Message, MessageState
from store.scan_rows import scans_of
from store.states import FileState

WORST: Final = (FileState.INFECTED, FileState.UNSCANNABLE, FileState.NOT_SCANNED, FileState.CLEAN)
"""The states, the worst first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The state of a file; ``told`` is the signature's name or why it could not be scanned, ``scanner`` whether there is one."""

    state: FileState
    told: str = ""
    engine: str = ""
    at: datetime | None = None
    scanner: bool = False

    @property
    def opens(self) -> bool:
        """Return whether one click is enough; without a scanner nothing is harder than it ever was, but for what is known."""
        return self.state is FileState.CLEAN or (self.state is FileState.NOT_SCANNED and not self.scanner)

    @property
    def infected(self) -> bool:
        """Return whether something was found in it."""
        return self.state is FileState.INFECTED

    @property
    def says(self) -> str:
        """Return the state in a few words."""
        return {
            FileState.CLEAN: "scanned, nothing found",
            FileState.NOT_SCANNED: "not scanned yet" if self.scanner else "not scanned",
            FileState.UNSCANNABLE: f"could not be scanned: {self.told}",
            FileState.INFECTED: f"infected: {self.told}",
        }[self.state]


UNKNOWN: Final = Standing(state=FileState.NOT_SCANNED)


def standings(desk: Desk, sha256s: Iterable[str]) -> Mapping[str, Standing]:
    """Return how files stand, by the SHA-256 of what is in them."""
    wanted, scanner = set(sha256s), desk.house.settings.scanning is not None
    with desk.glance() as glance:
        found = scans_of(glance, wanted)
    known = {
        sha256: Standing(state=scan.state, told=scan.told, engine=scan.engine, at=scan.at, scanner=scanner)
        for sha256, scan in found.items()
    }
    return {sha256: known.get(sha256) or Standing(state=FileState.NOT_SCANNED, scanner=scanner) for sha256 in wanted}


def standing_of(desk: Desk, sha256: str) -> Standing:
    """Return how one file stands."""
    return standings(desk, [sha256])[sha256]


def original_standing(desk: Desk, message: Message, reading: Reading) -> Standing:
    """Return how the original of a message stands: as the worst of what is in it, and it opens where nothing can be."""
    if message.media_type != MAIL or not (reading.attachments or _unread(message, reading)):
        return Standing(state=FileState.NOT_SCANNED)
    found = standings(desk, [message.raw_sha256, *(file.sha256 for file in reading.attachments)])
    return min(found.values(), key=lambda standing: WORST.index(standing.state))


def _unread(message: Message, reading: Reading) -> bool:
    return reading.unreadable or message.state is MessageState.SHUNTED


def name_out(file: Attachment, standing: Standing) -> str:
    """Return the name under which a file is given out: what is infected has an ending that no program opens."""
    return f"{file.name}.infected" if standing.infected else file.name
