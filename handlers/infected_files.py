"""An infected file becomes an event of its case and a task for a person. The message stays, and is answered as any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.decision import TaskNeeded
from handlers.rows import MACHINE, event_row, task_row
from store.chain import append_events
from store.models import Case, Disposition, Message, Task
from store.scan_models import FileScan
from store.scan_rows import scan_again
from store.unit import Unit

INFECTED = "infected_file"
ASK = "do not open it; tell the resident, and ask them to send it another way"


def tell_infected(unit: Unit, message: Message, infected: Mapping[int, FileScan], team: str, now: datetime) -> None:
    """Tell people of these files of a message, by number, once each; of a mail that came twice, with the first alone."""
    if not infected or message.disposition is Disposition.DUPLICATE:
        return
    case = unit.get(Case, message.case_id) if message.case_id is not None else None
    told = [task.why for task in unit.find(Task, kind=INFECTED, message_id=message.id)]
    for number, scan in infected.items():
        # The original is infected because a file of it is: one task is enough.
        if any(why.startswith(f"{_called(number)} ") for why in told) or (number == 0 and len(infected) > 1):
            continue
        why = f"{_called(number)} is infected ({scan.told}): {ASK}"
        needed = TaskNeeded(kind=INFECTED, why=why, due=None)
        unit.add(Task, [task_row(needed, case.team if case else team, now, case.id if case else None, message.id)])
        if case is not None and case.id is not None:
            known = {"message": message.id, "number": number, "signature": scan.told, "engine": scan.engine}
            append_events(unit, [event_row(case.id, INFECTED, why, now, MACHINE, **known)])


def _called(number: int) -> str:
    return f"file {number}" if number else "the mail itself"


def taken(unit: Unit, message: Message, number: int, *, by: str, now: datetime) -> None:
    """Write on the case that a person took an infected file out of the desk."""
    if message.case_id is not None:
        why, about = f"{_called(number)} was downloaded although it is infected", {"message": message.id, "number": number}
        append_events(unit, [event_row(message.case_id, "infected_file_taken", why, now, by, **about)])


def ask_again(unit: Unit, message: Message, number: int, sha256s: Sequence[str], *, by: str, now: datetime) -> None:
    """Have a file, or the original with all that is in it, scanned again because a person wants it: newer signatures may know better."""
    scan_again(unit, message.id or 0, sha256s)
    if message.case_id is not None:
        why = f"{_called(number)} is to be scanned again"
        append_events(unit, [event_row(message.case_id, "scan_asked", why, now, by, message=message.id, number=number)])
