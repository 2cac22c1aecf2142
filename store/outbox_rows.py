"""T4 and T5: letters that are due are claimed under a lease, and settled only by its holder."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, bindparam, literal_column, select, update

from store.chat_models import LetterPart
from store.models import OutboxEntry, OutboxState
from store.rows import any_of, columns, core
from store.unit import Unit

COUNTED = (OutboxState.DUE, OutboxState.SENT)
"""States in which a letter reaches its recipient, or soon will."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimedLetter:
    """A letter as the sender needs it; ``attempts`` counts this one."""

    id: int
    case_id: int
    message_id: int
    kind: str
    template: str
    way: str
    recipient: str | None
    subject: str
    text: str
    html: str | None
    header_id: str
    in_reply_to: str | None
    references: list[str]
    automatic: bool
    created_at: datetime
    attempts: int
    short: str | None = None
    buttons: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """That the next hop took a letter: when, in which words, and by which ids a platform will speak of it and its parts."""

    at: datetime
    answer: str
    provider_ids: tuple[str, ...] = ()


def claim_letters(unit: Unit, now: datetime, lease_until: datetime, lease: str, limit: int) -> list[ClaimedLetter]:
    """Claim the letters that have been due longest, at most ``limit``; no other sender sees them before ``lease_until``."""
    rows = [dict(row) for row in unit.run(due_letters(), {"now": now, "at_most": limit}).mappings()]
    if rows:
        unit.run(_claim(), {"ids": [row["id"] for row in rows], "new_lease": lease, "until": lease_until})
    letters = [ClaimedLetter(**row | {"attempts": row["attempts"] + 1}) for row in rows]
    return sorted(letters, key=attrgetter("id"))


@cache
def due_letters() -> Select[Any]:
    """Return the question which letters are due ``now``, ``at_most`` so many; it locks what nobody else just claims."""
    letter = columns(OutboxEntry)
    asked = [letter[name] for name in ClaimedLetter.__dataclass_fields__]
    wanted = letter_is_due(), letter.next_at <= bindparam("now", type_=letter.next_at.type)
    statement = select(*asked).where(*wanted).order_by(letter.next_at, letter.id)
    return statement.limit(bindparam("at_most", type_=letter.attempts.type)).with_for_update(skip_locked=True)


@cache
def _claim() -> Update:
    letter = columns(OutboxEntry)
    changed = {"attempts": letter.attempts + 1, "lease": bindparam("new_lease"), "next_at": bindparam("until")}
    return update(core(OutboxEntry)).where(letter.id.in_(any_of("ids"))).values(changed)


def hold_letters(unit: Unit, lease: str, ids: Collection[int]) -> set[int]:
    """Return which of these letters are still ours under this lease; nobody else can take them before we commit."""
    if not ids:
        return set()
    return set(unit.run(_held(), {"ids": list(ids), "known_lease": lease}).scalars())


@cache
def _held() -> Select[Any]:
    letter = columns(OutboxEntry)
    ours = letter.lease == bindparam("known_lease", type_=letter.lease.type), letter_is_due()
    return select(letter.id).where(letter.id.in_(any_of("ids")), *ours).order_by(letter.id).with_for_update()


def letters_sent(unit: Unit, lease: str, proofs: Mapping[int, Proof]) -> set[int]:
    """Note many letters as sent, each with the proof of it; return those that were still ours."""
    if len(proofs) == 1:
        ((id_, proof),) = proofs.items()
        return {id_} if letter_sent(unit, id_, lease, proof) else set()
    held = hold_letters(unit, lease, proofs.keys())
    rows = [{"id": id_, "state": OutboxState.SENT, "lease": None, **_proved(proofs[id_])} for id_ in sorted(held)]
    unit.update_many(OutboxEntry, rows)
    return held


def letter_sent(unit: Unit, letter_id: int, lease: str, proof: Proof) -> bool:
    """Note one letter as sent; False when the lease was no longer ours, and nothing was noted."""
    return _settle(unit, letter_id, lease, state=OutboxState.SENT, **_proved(proof))


def _proved(proof: Proof) -> dict[str, Any]:
    return {"sent_at": proof.at, "answer": proof.answer}


def keep_parts(unit: Unit, letters: Sequence[ClaimedLetter], proofs: Mapping[int, Proof]) -> None:
    """Keep by which ids the platforms know these letters, so that their receipts find them."""
    rows = [
        {"letter_id": letter.id, "way": letter.way, "provider_id": id_, "is_last": id_ == proofs[letter.id].provider_ids[-1]}
        for letter in letters
        for id_ in proofs[letter.id].provider_ids
    ]
    unit.add(LetterPart, rows)


def letter_retry(unit: Unit, letter_id: int, lease: str, next_at: datetime, answer: str) -> bool:
    """Put a letter back until ``next_at``, with why it did not go; False when the lease was no longer ours."""
    return _settle(unit, letter_id, lease, next_at=next_at, answer=answer)


def letter_failed(unit: Unit, letter_id: int, lease: str, answer: str, rule: str | None = None) -> bool:
    """Give a letter up, with the reason; False when the lease was no longer ours."""
    return _settle(unit, letter_id, lease, state=OutboxState.FAILED, answer=answer, rule=rule)


def letter_uncertain(unit: Unit, letter_id: int, lease: str, answer: str) -> bool:
    """Note that a letter may have been delivered: no machine repeats it; False when the lease was no longer ours."""
    return _settle(unit, letter_id, lease, state=OutboxState.UNCERTAIN, answer=answer)


def letter_is_due() -> ColumnElement[bool]:
    """Return the condition under which a letter is still to be sent, so written that the index for it serves."""
    # Written out, not bound: only so does the planner see which partial index serves.
    condition: ColumnElement[bool] = columns(OutboxEntry).state == literal_column(f"'{OutboxState.DUE.value}'")
    return condition


def _settle(unit: Unit, letter_id: int, lease: str, **values: Any) -> bool:
    told = {f"new_{name}": value for name, value in values.items()}
    return unit.run(_settlement(tuple(values)), {"known_id": letter_id, "known_lease": lease, **told}).rowcount > 0


@cache
def _settlement(names: tuple[str, ...]) -> Update:
    letter = columns(OutboxEntry)
    ours = letter.id == bindparam("known_id"), letter.lease == bindparam("known_lease", type_=letter.lease.type)
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(core(OutboxEntry)).where(*ours, letter_is_due()).values(lease=None, **changed)
