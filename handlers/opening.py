"""A case for a message that came to none: it waits for a person, with the complaint's clock running, like any doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.casework import Casework, NewCase, Pages
from handlers.circumstances import Surroundings
from handlers.doubt import decide as doubt
from handlers.remembering import remembered
from intake.identity import identity_of
from store.models import Disposition, Message
from store.unit import Unit


def opened_in_doubt(unit: Unit, casework: Casework, surroundings: Surroundings, row: Message, now: datetime) -> int:
    """Open a case for a kept message, without a letter; return its number. What a person decides comes after, as its own act.

    A message that was never read has no sender but the one that its envelope names.
    """
    message = remembered(row, None)
    if message.reading.sender.address is None and row.mail_from and identity_of(row.mail_from) is None:
        message = replace(
            message, reading=replace(message.reading, sender=replace(message.reading.sender, address=row.mail_from))
        )
    situation = surroundings.look(unit, [message], now)
    circumstances = situation.circumstances_of(message)
    decision = replace(doubt(message.reading, None, circumstances), letter=None)
    pages = Pages(now=now)
    new = NewCase(understood=message, decision=decision, manners=circumstances.manners, notes=_notes(row))
    (case_id,) = casework.open_cases(unit, [new], pages)
    # Of the message's own row only what is new is written: what was read of it once stays as it was read.
    told = {"id": row.id, "case_id": case_id, "disposition": Disposition.CASE, "disposition_why": "a person opened a case"}
    pages.messages = [told | {"sender_address": message.reading.sender.address}]
    pages.write(unit)
    return case_id


def _notes(row: Message) -> tuple[str, ...]:
    return (f"it came to no case before: {row.disposition_why}",) if row.disposition_why else ()
