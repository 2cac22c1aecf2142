"""A case as one file to hand over: everything that was said, decided and sent, readable by people, with all bytes to check.

For the Ombudsman and the landlord's own record (Code 2.4, 5.8, 8.1): a timeline to read, originals byte for byte, letters as they
went, decisions with their reasons and model versions, and the chain of events with the seals of the rows they tell of.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from desk.case_file_page import Files, Told, timeline_page
from desk.case_file_rows import KEPT_APART, course_of_case
from desk.commands.output import as_json
from desk.web.agreed import may_read_disability
from desk.web.case_names import NOT_PEOPLE
from desk.web.rights import Person
from desk.wiring import House
from handlers.defining import versions
from handlers.rows import candidates_kept, spans_kept
from intake.identity import MAIL, way_of
from store.case_rows import colleagues, linked_cases
from store.chain import verify_case
from store.chat_models import MediaContent, MediaFile
from store.models import OutboxEntry, Table
from store.overview import WholeCase, case_whole, raw_of
from store.people_models import Adjustment
from store.unit import Glance

NO_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can say: the same case makes the same bytes, whenever it is asked for."""
AT_THE_MACHINE = "command line"
"""Who made a file that was made there: whoever may run commands on it, and nobody who may read what is kept apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFile:
    """The files of one case, by their names in the archive."""

    reference: str
    parts: dict[str, bytes]

    def zipped(self) -> bytes:
        """Return all of them as a zip, with a manifest of their SHA-256."""
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(self.parts.items())}
        parts = self.parts | {"manifest.json": as_json({"reference": self.reference, "sha256": sums}).encode()}
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in sorted(parts.items()):
                archive.writestr(zipfile.ZipInfo(name, NO_DATE), content, zipfile.ZIP_DEFLATED)
        return made.getvalue()


def case_file(glance: Glance, case_id: int, house: House, taker: Person | None = None) -> CaseFile:
    """Gather the file of a case for somebody, or for the command line; raises ``LookupError`` where there is none."""
    whole = case_whole(glance, case_id)
    if whole is None:
        raise LookupError(case_id)

    def reads(row: Adjustment) -> bool:
        return taker is not None and may_read_disability(glance, whole.case, row, taker)

    course = course_of_case(glance, whole.case, reads)
    linked = linked_cases(
        glance, case_id, taker.username if taker else "", sees_restricted=bool(taker and taker.sees_restricted)
    )
    names = {staff.username: staff.name for staff in colleagues(glance)}
    facts = {
        "made_at": house.clock.now(),
        "made_by": taker.username if taker else AT_THE_MACHINE,
        "calendar": house.calendar.version,
        "chain": verify_case(glance, case_id) or "as it was written",
        "kept_apart": any(row.get("disability") == KEPT_APART for row in course["adjustments"]),
        "people": names,
    }
    more = course | {"linked_cases": [asdict(one) for one in linked]}
    originals = dict(_originals(glance, whole))
    letters = dict(_letters(whole.letters))
    told = Told(
        whole=whole,
        course=course,
        linked=linked,
        versions=versions(glance, whole.case),
        facts=facts,
        files=_files(whole, originals),
        names=NOT_PEOPLE | names,
        landlord=house.landlord,
    )
    parts = {
        "timeline.html": timeline_page(told).encode(),
        "case.json": as_json({"about_this_file": facts} | _tree(whole) | more).encode(),
    }
    return CaseFile(reference=whole.case.reference, parts=parts | originals | letters)


def _files(whole: WholeCase, originals: Mapping[str, bytes]) -> Files:
    """Return which files of the archive hold what."""
    of = {
        row.id or 0: [name for name in originals if name.split("/")[1].startswith((f"message-{row.id}.", f"message-{row.id}-"))]
        for row in whole.messages
    }
    return Files(messages=of, letters={row.id or 0: name for name, row in _named(whole.letters)})


def _tree(whole: WholeCase) -> dict[str, Any]:
    verdicts = [
        row.model_dump() | {"evidence": spans_kept(row.evidence), "candidates": list(candidates_kept(row.evidence))}
        for row in whole.verdictings
    ]
    kept: dict[str, Sequence[Table]] = {
        "messages": whole.messages,
        "deadlines": whole.deadlines,
        "events": whole.events,
        "letters": whole.letters,
        "tasks": whole.tasks,
        "parties": whole.parties,
    }
    return {"case": whole.case.model_dump(), "verdicts": verdicts} | {
        name: [row.model_dump() for row in rows] for name, rows in kept.items()
    }


def _originals(glance: Glance, whole: WholeCase) -> Iterator[tuple[str, bytes]]:
    """Yield every message as it came, byte for byte, and the files that a platform held for us."""
    for message in whole.messages:
        body = raw_of(glance, message.id or 0)
        ending = "eml" if message.media_type == "message/rfc822" else "json"
        if body is not None:
            yield f"originals/message-{message.id}.{ending}", body
        for file in glance.find(MediaFile, message_id=message.id):
            content = glance.get(MediaContent, file.id)
            if content is not None:
                yield f"originals/message-{message.id}-file-{file.number}{_ending(file.name)}", content.body


def _ending(name: str | None) -> str:
    """Return the end of a file's name where it is short and plain: the rest of a stranger's name stays out of ours."""
    suffix = PurePosixPath(name or "").suffix.lower()
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) < 6 else ""  # noqa: PLR2004  # .jpeg


def _named(letters: Sequence[OutboxEntry]) -> Iterator[tuple[str, OutboxEntry]]:
    for row in letters:
        yield f"letters/letter-{row.id}-{row.kind}", row


def _letters(letters: Sequence[OutboxEntry]) -> Iterator[tuple[str, bytes]]:
    for name, row in _named(letters):
        yield f"{name}.txt", f"Subject: {row.subject}\n\n{row.text}".encode()
        if row.html and way_of(row.recipient) == MAIL:
            yield f"{name}.html", row.html.encode()
        if row.short:
            yield f"{name}-as-sent-by-chat.txt", row.short.encode()
