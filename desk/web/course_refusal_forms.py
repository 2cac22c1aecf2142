"""Acts of refusing, each by somebody signed in: proposed, checked by another, withdrawn, asked again, taken on after all (Code 2)."""

from __future__ import annotations

from desk.web import words
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, Field
from desk.web.case_names import names_of
from desk.web.refusal_words import GROUND_HINTS, grounds_for, what_was_told
from handlers.case_acts import Refused, reasoned
from handlers.clock import london_day
from handlers.course import refusing, reopening
from handlers.course.discretion import Considered, consider
from handlers.course.refusal_checks import Proposal
from handlers.course.refusal_grounds import GROUNDS, FactName, Facts, Ground
from handlers.course.refusal_state import proposed as waiting
from handlers.course.refusal_state import to_refuse, to_reopen
from handlers.named import NamedPerson
from store.course_models import Refusal
from store.models import Stage

YES_NO = (("yes", "Yes"), ("no", "No"))
NOT_REPAIRS = "Repairs and other requests on the case go on, and stay open."
ON_ITS_MERITS = "Say what it is in this very case. The resident reads these words in the letter."
STOPS_NOTHING = "This stops no clock and tells nobody. Nothing is refused before somebody else has agreed."


def named(doing: Doing) -> NamedPerson:
    """Return who acts, as somebody who answers for it by name: whoever is signed in, or is named at the terminal."""
    return NamedPerson(username=doing.by)


def _refuse_form(doing: Doing) -> ActForm:
    title, button = "Propose to refuse it", "Propose to somebody else"
    try:
        with doing.desk.glance() as glance:
            stage = to_refuse(glance, doing.case)
    except Refused as refused:
        return ActForm(title=title, button=button, against=(str(refused),))
    title = title if stage is Stage.ONE else "Propose to refuse stage 2"
    chosen = doing.kept("ground", doing.asked.get("of", ""))
    ground = doing.field("ground", "On which ground?", "radios", before=chosen, choices=grounds_for(stage))
    fields = (ground, *_facts_of(doing, chosen), _reasons(doing), _evidence(doing))
    return ActForm(title=title, button=button, grave=True, lead=(STOPS_NOTHING, NOT_REPAIRS), fields=fields)


def _facts_of(doing: Doing, chosen: str) -> list[Field]:
    """Ask for what the chosen ground asks for, and for all of it while none is chosen."""
    known = chosen in set(Ground)
    asks: tuple[FactName, ...] = GROUNDS[Ground(chosen)].asks if known else ("number", "on", "what", "who")
    hints = GROUND_HINTS.get(chosen, GROUND_HINTS[""])
    labels = {
        "number": "Number or reference",
        "on": "Date",
        "what": "What is it about?",
        "who": "Who deals with it?",
    }
    return [doing.field(name, labels[name], "date" if name == "on" else "line", hint=hints[name]) for name in asks]


def _reasons(doing: Doing) -> Field:
    return doing.field("reasons", "Reasons", "text", hint=ON_ITS_MERITS, rows=6)


def _evidence(doing: Doing) -> Field:
    return doing.field("evidence", "What shows it?", "text", hint="Letters, dates, files: for whoever checks it.", rows=3)


def _refuse(doing: Doing) -> int:
    sent = doing.sent
    ground = sent.line("ground")
    asks = GROUNDS[Ground(ground)].asks if ground in set(Ground) else ()
    on = sent.date("on") if "on" in asks and any(sent.line(f"on-{part}") for part in ("day", "month", "year")) else None
    facts = Facts(number=sent.line("number"), on=on, what=sent.line("what"), who=sent.line("who"))
    told = Proposal(ground=ground, reasons=sent.text("reasons"), evidence=sent.text("evidence"), facts=facts)
    return refusing.propose(doing.course, doing.case_id, named(doing), told)


def _proposal(doing: Doing) -> Refusal | None:
    """Return the proposal that waits: there is one at the most, however the act was come by."""
    with doing.desk.glance() as glance:
        return waiting(glance, doing.case_id)


def _check_form(doing: Doing) -> ActForm:
    title, button = "Check the proposal to refuse", "Save"
    row = _proposal(doing)
    if row is None:
        return ActForm(title=title, button=button, against=("No such proposal waits on this case.",))
    if row.proposed_by == doing.by:
        return ActForm(title=title, button=button, against=("You proposed it: somebody else must check it (Code 2.1).",))
    try:
        letter = refusing.preview(doing.course, doing.case_id, named(doing), row.id or 0).text
    except Refused as refused:
        return ActForm(title=title, button=button, against=(str(refused), "Withdraw it, so that it can be proposed anew."))
    choices = (("agree", "I agree: the letter goes"), ("back", "I send it back: the complaint goes on"))
    fields = (
        doing.field("answer", "What do you say?", "radios", choices=choices),
        doing.field("why", "Why", "text", hint="Needed if you send it back.", rows=3),
    )
    with doing.desk.glance() as glance:
        proposer = names_of(glance, [row.proposed_by])[row.proposed_by]
    lead = (
        *what_was_told(row, proposer),
        NOT_REPAIRS,
        "Once the letter has gone the case is closed, if nothing else is open on it.",
    )
    hidden = (("of", str(row.id)),)
    return ActForm(title=title, button=button, grave=True, lead=lead, fields=fields, hidden=hidden, letter=letter)


def _check(doing: Doing) -> int:
    answer, number, why = doing.sent.line("answer"), doing.of_number(), doing.sent.text("why")
    if answer == "agree":
        return refusing.agree(doing.course, doing.case_id, named(doing), number, why)
    if answer != "back":
        raise Refused("Choose whether you agree", "answer")
    return refusing.send_back(doing.course, doing.case_id, named(doing), number, why)


def _withdraw_form(doing: Doing) -> ActForm:
    title, button = "Withdraw the proposal to refuse", "Withdraw it"
    row = _proposal(doing)
    if row is None:
        return ActForm(title=title, button=button, against=("No such proposal waits on this case.",))
    return ActForm(title=title, button=button, fields=(doing.why(),), hidden=(("of", str(row.id)),))


def _withdraw(doing: Doing) -> int:
    return refusing.withdraw(doing.course, doing.case_id, named(doing), doing.of_number(), doing.sent.text("why"))


def _discretion_form(doing: Doing) -> ActForm:
    title, button = "Consider whether it is too old", "Save what was decided"
    if doing.case.category != "complaint" or doing.case.logged_at is None:
        return ActForm(title=title, button=button, against=("Only a complaint that was logged is considered so.",))
    lead = (
        f"It came on {words.day(doing.case.received_at)}. Twelve months run from the later of the two days (Code 2.3).",
        "That it is late is no bar. Think about good reasons, such as illness or not knowing, and keep what you decide.",
    )
    fields = (
        doing.field("occurred_on", "When did it happen?", "date", hint="Where it still goes on: the last time"),
        doing.field("aware_on", "When did they come to know of it?", "date"),
        doing.field("taken_on", "Do we look into it?", "radios", choices=YES_NO),
        doing.field("reasons", "Reasons", "text", rows=4),
    )
    return ActForm(title=title, button=button, lead=lead, fields=fields)


def _discretion(doing: Doing) -> int:
    sent = doing.sent
    if sent.line("taken_on") not in {"yes", "no"}:
        raise Refused("Choose whether we look into it", "taken_on")
    dates = {"occurred_on": sent.date("occurred_on"), "aware_on": sent.date("aware_on")}
    found = Considered(**dates, taken_on=sent.line("taken_on") == "yes", reasons=sent.text("reasons"))
    return consider(doing.course, doing.case_id, named(doing), found)


def _against_reopening(doing: Doing) -> tuple[str, ...]:
    try:
        with doing.desk.glance() as glance:
            to_reopen(glance, doing.case)
    except Refused as refused:
        return (f"{refused}.",)
    return ()


def _again_form(doing: Doing) -> ActForm:
    title, button = "They ask us to look again", "Save"
    lead = (
        "Something new opens it at once. That nothing is new is checked by somebody else, and a letter says so (policy 7.4).",
    )
    fields = (
        doing.field("told_on", "When did they ask?", "date"),
        doing.field("what", "What did they send?", hint="As it stands in the letter. For example: two photos of the wall"),
        doing.field("new", "Is there anything new in it about the complaint?", "radios", choices=YES_NO),
        _reasons(doing),
        doing.field("evidence", "What did you compare it with?", "text", hint="Needed where nothing is new.", rows=3),
    )
    return ActForm(title=title, button=button, lead=lead, fields=fields, against=_against_reopening(doing))


def _again(doing: Doing) -> int:
    sent, on = doing.sent, doing.sent.date("told_on")
    if sent.line("new") == "yes":
        again = reopening.Again(source="evidence", told_on=on, why=reasoned(sent.text("reasons"), "reasons"))
        return reopening.take_on(doing.course, doing.case_id, named(doing), again)
    if sent.line("new") != "no":
        raise Refused("Choose whether anything is new", "new")
    told = Proposal(
        ground=str(Ground.NO_NEW_EVIDENCE),
        reasons=sent.text("reasons"),
        evidence=sent.text("evidence"),
        facts=Facts(on=on, what=sent.line("what")),
    )
    return refusing.propose(doing.course, doing.case_id, named(doing), told)


def _take_on_form(doing: Doing) -> ActForm:
    lead = ("We were wrong to refuse it. The letter says so and that we are sorry; its dates run from today.",)
    return ActForm(
        title="Take it on after all",
        button="Take it on",
        lead=lead,
        fields=(doing.why("Why, for the history"),),
        against=_against_reopening(doing),
    )


def _take_on(doing: Doing) -> int:
    today = london_day(doing.acts.clock.now())
    again = reopening.Again(source="ourselves", told_on=today, why=doing.sent.text("why"))
    return reopening.take_on(doing.course, doing.case_id, named(doing), again)


ACTS = {
    "refuse": ActPage(form=_refuse_form, do=_refuse),
    "check-refusal": ActPage(form=_check_form, do=_check),
    "withdraw-refusal": ActPage(form=_withdraw_form, do=_withdraw),
    "discretion": ActPage(form=_discretion_form, do=_discretion),
    "asked-again": ActPage(form=_again_form, do=_again),
    "take-on": ActPage(form=_take_on_form, do=_take_on),
}
