"""What the tests of stage 2 share: a complaint whose stage 1 answer has gone, who asks for more, and what came of it."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

from classifiers.taxonomy import Category, Flag
from desks import add_person
from handlers.clock import LONDON
from handlers.course.stage2 import Asked, begin
from handlers.course.stages import record_of
from handlers.reply_orders import Order, sealed
from houses import Postbag, arrive, mail, settle
from store.chain import verify_chain
from store.course_models import StageWork
from store.desk_models import DraftLetter
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry, Stage, Task

WORDS = "complaint! The lift has been broken for three weeks and nobody tells us anything.\n\nPlease mend it."
MORE = "complaint! [stage2] I ask for stage 2."
BEFORE, AFTER = "olive", "sam"
"""Who works at stage 1, and who never did."""
RULES_2 = {"acknowledge_2", "respond_2"}


def rows(house, table, **equals):
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(table, **equals)


def the_case(house, case_id=1) -> Case:
    return rows(house, Case, id=case_id)[0]


def people(house) -> None:
    for username in (BEFORE, AFTER, "tess"):
        add_person(house, username, "officer", teams=("complaints",))
    add_person(house, "mona", "manager", teams=("complaints",))


def send(house):
    """Let the sender work once; return what went out."""
    bag = Postbag()
    asyncio.run(house.outbox(bag).once())
    return bag.sent


def complaint(house, words=WORDS, **headers) -> Case:
    """Let a mail become a complaint, whose acknowledgement has gone, at a house with people in it."""
    people(house)
    arrive(house, mail(words, message_id="<1@r.example>", **headers))
    settle(house)
    send(house)
    return the_case(house)


def days(house, number: float) -> None:
    """Let days pass."""
    house.clock.at += timedelta(days=number)


def on(house, year: int, month: int, day: int, hour: int = 10) -> None:
    """Let it be a London hour of a day."""
    house.clock.at = house.clock.at.astimezone(LONDON).replace(year=year, month=month, day=day, hour=hour, minute=0)


def answer_goes(house, case_id=1) -> None:
    """Let the stage 1 answer have gone now: what its letter does once it has left."""
    with house.store.unit("T6") as unit:
        for row in unit.find(Deadline, case_id=case_id, rule=["respond_1", "extend_1"], met_at=None, superseded_at=None):
            unit.update(Deadline, row.id, met_at=house.clock.now())
        unit.commit()


def two_points(house) -> None:
    """Give the complaint two points, as an officer would have put it right."""
    said = ("The lift has been broken for three weeks.", "The heating was left off for five days.")
    points = [{"words": words, "responsibility": "ours", "who": None} for words in said]
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, definition={"points": points, "outcomes": ["Please mend the lift."], "question": None})
        unit.commit()


def answered(house, words=WORDS, **headers) -> Case:
    """Return a complaint whose stage 1 answer went two days later."""
    complaint(house, words, **headers)
    days(house, 2)
    answer_goes(house)
    days(house, 1)
    return the_case(house)


def asks(house, words=MORE, *, message_id="<2@r.example>", **headers) -> Message:
    """Let the resident answer our letter; return the message."""
    letter = rows(house, OutboxEntry, case_id=1)[0].header_id
    number = arrive(house, mail(words, message_id=message_id, In_Reply_To=letter, **headers))
    settle(house)
    return rows(house, Message, id=number)[0]


def begun(house, message=None, by=AFTER, **asked) -> Case:
    """Begin stage 2 by an officer, of the message that asked (else the first); return the case."""
    number = message.id if message is not None else rows(house, Message, case_id=1)[0].id
    begin(house.course, 1, by, Asked(message_id=number, **asked))
    return the_case(house)


def at_stage_2(house, **asked) -> Case:
    """Return a complaint at stage 2, on which olive had worked at stage 1."""
    answered(house)
    worked_at_1(house, BEFORE)
    return begun(house, asks(house), **asked)


def worked_at_1(house, username) -> None:
    row = {"case_id": 1, "stage": Stage.ONE, "username": username, "what": "answered it", "at": house.clock.now()}
    with house.store.unit("T6") as unit:
        unit.add(StageWork, [row])
        unit.commit()


def record(house, stage=Stage.TWO, case_id=1):
    with house.store.glance() as glance:
        return record_of(glance, case_id, stage)


def dates(house, case_id=1) -> dict[str, str]:
    """Return what is owed on a case: open dates by their rules."""
    return {d.rule: d.due_on.isoformat() for d in rows(house, Deadline, case_id=case_id, met_at=None, superseded_at=None)}


def open_kinds(house, case_id=1) -> list[str]:
    return sorted(task.kind for task in rows(house, Task, case_id=case_id, closed_at=None))


def letters(house, case_id=1) -> list[OutboxEntry]:
    return rows(house, OutboxEntry, case_id=case_id, kind="stage2_acknowledged")


def events(house, kind, case_id=1):
    """Return why, by whom and the details of the events of a kind."""
    return [(e.why, e.by, json.loads(e.details)) for e in rows(house, CaseEvent, case_id=case_id, kind=kind)]


def swept(house) -> None:
    """Let the sweep look once, and see to it that no chore failed in silence."""
    for chore in ("stage 2", "stage 2 letters"):
        house.sweep()._chores[chore]()


def judged(house, message, category=Category.COMPLAINT, flags=(), by=AFTER):
    """Let an officer judge a message on its review card."""
    return house.deciding().decide(message.id, category, by, "as I read it", flags=tuple(Flag(flag) for flag in flags))


def replied(house, by):
    """Let an officer write and send a reply."""
    (message, *_) = rows(house, Message, case_id=1)
    told = {"case_id": 1, "message_id": message.id, "by": by, "at": house.clock.now(), "way": "mail"}
    words = {"recipient": "ada@resident.example", "subject": "The lift", "body": "We look into it.", "opening": ""}
    with house.store.unit("T6") as unit:
        (draft_id,) = unit.insert(DraftLetter, [told | words])
        draft = unit.get(DraftLetter, draft_id)
        unit.commit()
    letter = house.replying.letter(the_case(house), message, draft, by.title(), house.clock.now())
    seal = sealed(draft, letter)
    return house.replying.send(Order(case_id=1, draft_id=draft_id, version=draft.version, seal=seal, by=by, officer=by.title()))
