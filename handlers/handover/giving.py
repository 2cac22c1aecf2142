"""A person gives a case to whoever does the work, notes what they say of it, or takes it back (policy 2.2, 2.4b; Code 1.4).

Handing over refuses nothing and closes nothing: the case stays ours until a person has looked and told the resident. What the
sweep hands over by itself (:mod:`handlers.handover.by_itself`) is given here too; all else is a person's.
"""

from __future__ import annotations

from datetime import timedelta

from handlers.case_acts import Act, Refused, Stale, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.handover.letter import LETTER, HandedOver
from handlers.handover.news import BY_HAND, ENDS, STATUSES, TASKS, TELL, News, add_task, ring_them, take
from handlers.handover.partners import Partner
from handlers.handover.summary import Asked, summary_of
from handlers.named import NamedPerson, known
from handlers.rows import Row
from store.act_rows import close_tasks_by_ids
from store.chain import append_events
from store.handover_models import Handover
from store.marks import close_tasks
from store.models import Case, CaseStatus, Task

STANDS = ("due", "waits_for_id", "with_partner")
"""States in which a partner has the case, or is about to."""


def partners_for(course: Course, case: Case) -> list[Partner]:
    """Return who takes such a case."""
    return [one for one in course.partners.values() if not {case.category, *case.also}.isdisjoint(one.takes)]


def hand_over(course: Course, case_id: int, by: str, partner_key: str, asked: Asked) -> int:
    """Give the case to a partner; the send role tells them."""
    with course.acts.on(case_id, by) as act:
        known(act.unit, NamedPerson(username=by))
        return act.done(give(course, act, _fit(course, act, partner_key), asked))


def give(course: Course, act: Act, partner: Partner, asked: Asked) -> str:
    """Write down that a case which is held goes to a partner, whoever decided it; return the sentence that says what follows."""
    before = act.unit.find(Handover, case_id=act.case_id, partner=partner.key)
    if any(row.state in STANDS for row in before):
        raise Stale(f"{partner.name} have it already", "partner")
    summary = summary_of(act.unit, act.case, partner, asked, london_day(act.now)) | {"senders": list(partner.senders)}
    row = {
        "case_id": act.case_id,
        "partner": partner.key,
        "way": partner.way,
        "state": "due",
        "key": f"{act.case.reference}-{partner.key}-{len(before) + 1}",
        "summary": summary,
        "made_at": act.now,
        "by": act.by,
        "next_at": act.now,
        "chase_at": act.now + timedelta(days=partner.chase_days),
    }
    (number,) = act.unit.insert(Handover, [row])
    close_tasks(act.unit, act.case_id, (BY_HAND,), at=act.now, by=act.by, outcome="handed over")
    agreed = {name: summary[name] for name in ("consent", "consented_on") if name in summary}
    details: Row = {"handover": number, "partner": partner.key, "by_way_of": partner.way} | agreed
    act.tell("handed_over", f"given to {partner.name}", **details)
    return f"{partner.name} are told now. {_tell(course, act, partner, row, number)}"


def _tell(course: Course, act: Act, partner: Partner, row: Row, number: int) -> str:
    """Tell the resident who has it, where the landlord wants that; return the sentence that says so."""
    elsewhere = "consent" in row["summary"]
    stays = "" if elsewhere else " The case stays open until somebody has checked and told the resident."
    if not partner.tell_residents:
        return "Tell the resident who has it now, and how to reach them." if elsewhere else stays.strip()
    contact = bool(row["summary"].get("contact"))
    letter = HandedOver(partner=partner.name, reach=partner.reach, with_contact=contact, elsewhere=elsewhere)
    return f"{course.posting.put(act, LETTER, letter, of=number).said}{stays}"


def _fit(course: Course, act: Act, key: str) -> Partner:
    if act.case.status is CaseStatus.CLOSED:
        raise Refused("The case is closed: open it again first")
    if act.case.status is CaseStatus.TRIAGE:
        raise Refused("Nobody has decided yet what it is, and it may be a complaint: check it first.")
    fitting = {one.key: one for one in partners_for(course, act.case)}
    if key not in fitting:
        raise Refused("Choose who is to do it", "partner")
    return fitting[key]


def note_news(course: Course, case_id: int, by: str, number: int, *, status: str, words: str) -> int:
    """Note what a partner said in another way than by answering."""
    if status not in STATUSES:
        raise Refused("Choose what they say", "status")
    with course.acts.on(case_id, by) as act:
        known(act.unit, NamedPerson(username=by))
        row = _held(act, number)
        news = News(status=status, words=reasoned(words, "words"), told_at=act.now)
        append_events(act.unit, [take(act.unit, row, news, act.now, by, course.partners, act.case)])
        return act.done("Noted." if status not in ENDS else "Noted. Now check it, and tell the resident.")


def take_back(course: Course, case_id: int, by: str, number: int, why: str) -> int:
    """Take the case back: nobody asks the partner about it any more, and they hear of it, by mail or from a person."""
    with course.acts.on(case_id, by) as act:
        known(act.unit, NamedPerson(username=by))
        row, told = _held(act, number), reasoned(why)
        _close_tasks(act, number, "taken back")
        act.tell("handover_back", told, handover=row.id, partner=row.partner)
        return act.done(_let_go(course, act, row))


def _let_go(course: Course, act: Act, row: Handover) -> str:
    """End the hand-over, and let the partner hear of it where they have it or may have it; return the sentence that says how."""
    partner = course.partners.get(row.partner)
    # A lease says that somebody is telling them at this very moment, ``unsure`` that nobody knows whether they were told.
    they_may_know = row.sent_at is not None or row.lease is not None or row.unsure > 0
    by_mail = they_may_know and partner is not None and partner.way == row.way == "mail"
    ended: Row = {"chase_at": None, "lease": None, "ended_at": act.now, "attempts": 0, "unsure": 0, "error": None}
    ended |= {"state": "telling_back", "next_at": act.now} if by_mail else {"state": "taken_back", "next_at": None}
    act.unit.update(Handover, row.id, **ended)
    if not they_may_know:
        return "Taken back. They were never told of it."
    if by_mail:
        return "Taken back. They are told by mail now."
    whom = partner.to_ring if partner is not None else row.partner
    number = f", which they call {row.external_id}" if row.external_id else ""
    add_task(act.unit, act.case, TELL, ring_them(whom, f"they have {row.key}{number}"), act.now)
    return f"Taken back. No machine can tell them: ring {whom}."


def checked(course: Course, case_id: int, by: str, number: int, why: str, *, over: str) -> int:
    """Say that somebody looked at what a partner said and told the resident; ``over`` ("yes") ends the hand-over, never the case."""
    if over not in ("yes", "no"):
        raise Refused("Say whether it is over", "done")
    is_done = over == "yes"
    with course.acts.on(case_id, by) as act:
        known(act.unit, NamedPerson(username=by))
        row, told = _held(act, number), reasoned(why)
        if is_done:
            act.unit.update(Handover, row.id, state="done", next_at=None, chase_at=None, lease=None, ended_at=act.now)
        else:
            chase_at = act.now + timedelta(days=_days(course, row))
            act.unit.update(Handover, row.id, chase_at=chase_at, warned_at=None)
        _close_tasks(act, number, "checked")
        act.tell("handover_checked", told, handover=row.id, partner=row.partner, ended="yes" if is_done else "no")
        return act.done("Kept." if is_done else "Kept: they have it still.")


def _days(course: Course, row: Handover) -> int:
    partner = course.partners.get(row.partner)
    return partner.chase_days if partner else 5


def _held(act: Act, number: int) -> Handover:
    row = act.unit.get(Handover, number)
    if row is None or row.case_id != act.case_id:
        raise Refused("There is no such hand-over on this case.")
    if row.ended_at is not None:
        raise Stale("It has ended already: nobody has this any more.")
    return row


def _close_tasks(act: Act, number: int, outcome: str) -> None:
    """Close the tasks about the hand-over; where another partner has the case too they may be about that, and stay."""
    if any(row.id != number for row in act.unit.find(Handover, case_id=act.case_id, ended_at=None)):
        return
    tasks = act.unit.find(Task, case_id=act.case_id, kind=list(TASKS), closed_at=None)
    close_tasks_by_ids(act.unit, [task.id or 0 for task in tasks], at=act.now, by=act.by, outcome=outcome)
