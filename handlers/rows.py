"""Rows for the store's tables, built from the handlers' values: one small function a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from classifiers.taxonomy import Category
from classifiers.verdict import Verdict
from handlers.deadlines import Due
from handlers.decision import Decision, TaskNeeded
from handlers.definition import Definition, Point
from handlers.manners import OwnAddresses
from handlers.retention_class import class_of
from handlers.senders import BY_STAFF
from handlers.understanding import Understood
from store.models import CaseStatus, Deadline, Stage

Row = dict[str, Any]
MACHINE = "machine"
SWEEP = "sweep"
"""Who an act is by, where it is no person's."""
CANDIDATES = "candidates"
"""Names what stands last in a kept judgement's evidence where categories were not ruled out: it is no span of the text."""


def case_row(understood: Understood, decision: Decision, reference: str, now: datetime) -> Row:
    """Return the case that a decision opens; ``subject`` is the writer's, for lists."""
    verdict, by_staff = understood.verdict, understood.automatic == BY_STAFF
    return {
        "reference": reference,
        "status": CaseStatus(decision.status),
        "category": decision.category,
        "also": [str(category) for category in verdict.also] if verdict else [],
        "reason": str(verdict.reason) if verdict and verdict.reason and decision.category else None,
        "flags": [str(flag) for flag in verdict.flags] if verdict else [],
        "stage": Stage(str(decision.stage)) if decision.stage else None,
        "team": decision.team,
        # Whom a colleague writes for, a person says.
        "resident_name": None if by_staff else understood.reading.sender.name,
        "resident_address": None if by_staff else _address(understood),
        "channel_kind": understood.reading.channel_kind,
        "subject": understood.reading.subject[:250],
        "received_at": understood.arrival.received_at,
        "opened_at": now,
        "logged_at": now if decision.logged_as_complaint else None,
        "definition": definition_json(decision.definition),
        "retention": class_of(verdict.flags) if verdict else None,
    }


def party_rows(case_id: int, understood: Understood, own: OwnAddresses) -> list[Row]:
    """Return the people of the message: who wrote it, and to whom else it went; never an address of ours.

    Reply-To makes nobody a party, for its writer chooses it; and whoever forged a name has copied nobody in that name.
    """
    reading = understood.reading
    role = "representative" if understood.automatic == BY_STAFF else "resident"
    people = {_address(understood): (role, reading.sender.name)}
    for other in (*reading.cc, *reading.to) if understood.trust != "failed" else ():
        people.setdefault((other.address or "").lower() or None, ("copied", other.name))
    return [
        {"case_id": case_id, "address": address, "name": name, "role": role}
        for address, (role, name) in people.items()
        if address and not own.hold(address)
    ]


def verdicting_row(case_id: int | None, understood: Understood, verdict: Verdict, now: datetime, by: str = MACHINE) -> Row:
    """Return the judgement as it is kept: with model version, scores, and the words that drove it."""
    return {
        "message_id": understood.arrival.id,
        "case_id": case_id,
        "at": now,
        "by": by,
        "model": verdict.model,
        "input_sha256": understood.input_sha256,
        "category": str(verdict.category),
        "also": [str(category) for category in verdict.also],
        "flags": [str(flag) for flag in verdict.flags],
        "reason": str(verdict.reason) if verdict.reason else None,
        "confidence": verdict.confidence,
        "scores": {str(category): round(score, 4) for category, score in verdict.scores.items()},
        "route": verdict.route,
        "why": verdict.why,
        "evidence": kept_evidence(verdict),
        "language": verdict.language,
    }


def kept_evidence(verdict: Verdict) -> list[Row]:
    """Return the words that drove a verdict, with their meaning where known, and last the categories that were not ruled out."""
    spans = [
        {"start": s.start, "end": s.end, "text": s.text, "for": s.speaks_for, "meaning": s.meaning} for s in verdict.evidence
    ]
    kept: list[Row] = [{name: value for name, value in span.items() if value is not None} for span in spans]
    return [*kept, {CANDIDATES: [str(category) for category in verdict.candidates]}] if verdict.candidates else kept


def spans_kept(evidence: Sequence[Row]) -> list[Row]:
    """Return the words among what :func:`kept_evidence` kept."""
    return [one for one in evidence if CANDIDATES not in one]


def candidates_kept(evidence: Sequence[Row]) -> tuple[Category, ...]:
    """Return the categories among what :func:`kept_evidence` kept; none of a judgement that names none."""
    return tuple(Category(code) for one in evidence for code in one.get(CANDIDATES, ()))


def deadline_row(case_id: int, due: Due, now: datetime) -> Row:
    """Return a deadline with the arithmetic that made it."""
    return {
        "case_id": case_id,
        "rule": due.rule,
        "provision": due.provision,
        "due_on": due.due_on,
        "due_at": due.due_at,
        "counted_from": due.counted_from,
        "counted": [day.isoformat() for day in due.counted],
        "calendar": due.calendar,
        "set_at": now,
    }


def due_of(row: Deadline) -> Due:
    """Return a kept deadline as it was worked out once; nothing is computed anew."""
    return Due(
        rule=row.rule,
        provision=row.provision,
        due_on=row.due_on,
        due_at=row.due_at,
        counted_from=row.counted_from,
        counted=tuple(date.fromisoformat(day) for day in row.counted),
        calendar=row.calendar,
    )


def task_row(task: TaskNeeded, team: str, now: datetime, case_id: int | None, message_id: int | None) -> Row:
    """Return work for a person; one without a date of its own is due at once."""
    return {
        "kind": task.kind,
        "case_id": case_id,
        "message_id": message_id,
        "team": task.team or team,
        "why": task.why,
        "danger": task.danger,
        "opened_at": now,
        "due_at": task.due.due_at if task.due else now,
    }


def event_row(case_id: int, kind: str, why: str, now: datetime, by: str = MACHINE, **details: Any) -> Row:
    """Return a change of a case; ``details`` are plain JSON values."""
    return {"case_id": case_id, "at": now, "by": by, "kind": kind, "why": why, "details": details}


def definition_json(definition: Definition | None) -> Row | None:
    """Return the definition as kept on the case: numbered points, outcomes, or the question put."""
    if definition is None:
        return None
    return {
        "points": [{"words": p.words, "responsibility": p.responsibility, "who": p.who} for p in definition.points],
        "outcomes": list(definition.outcomes),
        "question": definition.question,
    }


def definition_of(kept: Mapping[str, Any] | None) -> Definition | None:
    """Return a kept definition as it was decided."""
    if kept is None:
        return None
    points = tuple(Point(words=p["words"], responsibility=p["responsibility"], who=p["who"]) for p in kept["points"])
    return Definition(points=points, outcomes=tuple(kept["outcomes"]), question=kept["question"])


def message_facts(understood: Understood) -> Row:
    """Return what is kept on the message's own row of what was read from it."""
    reading = understood.reading
    return {
        "sender_address": _address(understood),
        "sender_name": reading.sender.name,
        "header_id": reading.message_id,
        "subject": reading.subject,
        "new_text": reading.new_text,
        "repeat_key": understood.repeat_key,
        "automatic": understood.automatic,
        "trust": understood.trust,
        "attachment_names": [attachment.name for attachment in reading.attachments],
        "reading_problems": list(reading.problems),
        "about": reading.chat.about if reading.chat is not None else None,
    }


def _address(understood: Understood) -> str | None:
    address = understood.reading.sender.address
    return address.lower() if address else None
