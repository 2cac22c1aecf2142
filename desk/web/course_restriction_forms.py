"""Acts that limit how somebody may be in touch: proposed, checked by a manager, reviewed, lifted (Code 5.14, 5.15)."""

from __future__ import annotations

from datetime import date, timedelta

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from desk.web.course_people_forms import dated
from handlers.case_acts import Refused
from handlers.clock import london_day
from handlers.letter_words import day
from handlers.people import restrictions
from handlers.people.known import adjustments_of, person_of, restrictions_of
from handlers.people.restriction_words import KINDS, TOLD
from handlers.people.wishes import ADJUSTMENTS
from store.models import Message
from store.people_models import Restriction
from store.reply_rows import messages_of

MOST_MESSAGES = 20
LONGEST_INCIDENT = 500
SECOND = "A manager other than you has to approve it. Only then does it bind anybody, and the resident gets a letter with the reasons."
NEVER = "Whatever they send is still read, logged and acknowledged: a restriction never shuts anybody out."
NO_LONGER = "There is no such restriction of this resident, or it is not waiting for this any more."


def _messages(doing: Doing) -> list[Message]:
    with doing.desk.glance() as glance:
        return messages_of(glance, doing.case_id)[-MOST_MESSAGES:]


def _propose_form(doing: Doing) -> ActForm:
    today, rules = london_day(doing.desk.now()), doing.course.people
    with doing.desk.glance() as glance:
        agreed = adjustments_of(glance, person_of(glance, doing.case))
    known = ", ".join(f"{ADJUSTMENTS.get(row.kind, row.kind).lower()} ({row.words})" for row in agreed)
    came = [(str(one.id), f"{day(london_day(one.received_at))}: {_beginning(one)}") for one in _messages(doing)]
    review = min(rules.restriction_review_days, rules.restriction_days)
    equality = (
        f"Adjustments agreed with them: {known or 'none are known'}. Could a disability, or another protected characteristic, lie "
        "behind what happened? What did you ask, and what will you do so that they can still reach us?"
    )
    return ActForm(
        title="Propose a restriction",
        button="Propose restriction",
        lead=(SECOND, NEVER),
        fields=(
            doing.field("kind", "What is to be limited?", "radios", choices=tuple(KINDS.items())),
            doing.field("incidents", "Messages that it answers", "checks", choices=came),
            doing.field(
                "others", "Other incidents", "text", hint="One a line, with its date: 4 May, shouted at Sam at the desk"
            ),
            doing.field("reasons", "Why", "text", hint="Their letter says this, word for word. Say what happened.", rows=5),
            doing.field(
                "proportion", "Why would nothing milder do?", "text", hint="What was tried, and what came of it", rows=4
            ),
            doing.field("equality", "How was the Equality Act regarded?", "text", hint=equality, rows=4),
            dated(doing, "starts_on", "From when?", today),
            dated(doing, "review_on", "When is it looked at again?", today + timedelta(days=review)),
            dated(doing, "ends_on", "When does it end?", today + timedelta(days=rules.restriction_days)),
        ),
    )


def _beginning(message: Message) -> str:
    return " ".join((message.subject or message.new_text or "no words").split())[:80]


def _propose(doing: Doing) -> int:
    sent = doing.sent
    chosen = {str(one.id): one for one in _messages(doing)}
    incidents = [_as_incident(doing, chosen[number]) for number in sent.column("incidents") if number in chosen]
    incidents += [{"words": line.strip()[:LONGEST_INCIDENT]} for line in sent.text("others").splitlines() if line.strip()]
    asked = restrictions.Proposed(
        kind=sent.line("kind"),
        incidents=incidents,
        reasons=sent.text("reasons"),
        proportion=sent.text("proportion"),
        equality=sent.text("equality"),
        starts_on=sent.date("starts_on"),
        review_on=sent.date("review_on"),
        ends_on=sent.date("ends_on"),
    )
    return restrictions.propose(doing.course, doing.case_id, doing.by, asked)


def _as_incident(doing: Doing, message: Message) -> dict[str, object]:
    on = london_day(message.received_at).isoformat()
    return {"message": message.id, "case": doing.case.reference, "on": on, "words": _beginning(message)}


def _found(doing: Doing, state: str) -> Restriction | None:
    with doing.desk.glance() as glance:
        rows = restrictions_of(glance, person_of(glance, doing.case))
    return next((row for row in rows if row.id == doing.of_number() and row.state == state), None)


def _as_proposed(row: Restriction) -> tuple[str, ...]:
    happened = "; ".join(str(one.get("words", "")) for one in row.incidents)
    return (
        f"{KINDS.get(row.kind, row.kind)}, from {day(row.starts_on)} to {day(row.ends_on)}. Review by {day(row.review_on)}.",
        f"The resident reads: {TOLD.get(row.kind, '')}",
        f"Incidents: {happened}.",
        f"Why: {row.reasons}",
        f"Why nothing milder would do: {row.proportion}",
        f"The Equality Act: {row.equality}",
    )


def _check_form(doing: Doing) -> ActForm:
    row, title = _found(doing, "proposed"), "Check a proposed restriction"
    if row is None:
        return ActForm(title=title, button="Save", against=(NO_LONGER,))
    against = [restrictions.MANAGERS_ALONE + "."] if not doing.manager else []
    against += ["You proposed it, so somebody else has to check it."] if row.proposed_by == doing.by else []
    choices = (("approve", "Approve it, and write to the resident"), ("back", "Send it back: nothing is limited"))
    fields = (doing.field("outcome", "What do you decide?", "radios", choices=choices), doing.why())
    lead = (f"Proposed by {doing.called(row.proposed_by)}.", *_as_proposed(row))
    return ActForm(
        title=title, button="Save", lead=lead, fields=fields, hidden=(("of", str(row.id)),), against=tuple(against), grave=True
    )


def _check(doing: Doing) -> int:
    sent, number = doing.sent, doing.of_number()
    decide = {"approve": restrictions.approve, "back": restrictions.send_back}.get(sent.line("outcome"))
    if decide is None:
        raise Refused("Choose what you decide", "outcome")
    return decide(doing.course, doing.case_id, doing.by, number, why=sent.text("why"))


def _review_form(doing: Doing) -> ActForm:
    row, title = _found(doing, "active"), "Review a restriction"
    if row is None:
        return ActForm(title=title, button="Save", against=(NO_LONGER,))
    today = london_day(doing.desk.now())
    choices = (("keep", "It is still needed: keep it until its end"), ("lift", "Lift it now"))
    fields = (
        doing.field("outcome", "What do you decide?", "radios", choices=choices),
        dated(doing, "review_on", "When is it looked at again?", _next_review(doing, row, today)),
        doing.why(),
    )
    against = () if doing.manager else (restrictions.MANAGERS_ALONE + ".",)
    return ActForm(
        title=title, button="Save", lead=_as_proposed(row), fields=fields, hidden=(("of", str(row.id)),), against=against
    )


def _next_review(doing: Doing, row: Restriction, today: date) -> date:
    return min(row.ends_on, today + timedelta(days=doing.course.people.restriction_review_days))


def _review(doing: Doing) -> int:
    sent, number = doing.sent, doing.of_number()
    if sent.line("outcome") == "lift":
        return restrictions.lift(doing.course, doing.case_id, doing.by, number, why=sent.text("why"))
    if sent.line("outcome") != "keep":
        raise Refused("Choose what you decide", "outcome")
    on = sent.date("review_on")
    return restrictions.keep(doing.course, doing.case_id, doing.by, number, review_on=on, why=sent.text("why"))


ACTS = {
    "limit": ActPage(form=_propose_form, do=_propose),
    "limit-check": ActPage(form=_check_form, do=_check),
    "limit-review": ActPage(form=_review_form, do=_review),
}
