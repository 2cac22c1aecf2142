"""Acts on the work of a case: notes, promises, its team, linked cases, its end and its beginning anew."""

from __future__ import annotations

from fastapi import HTTPException

from desk.web.access import NOT_FOUND, open_case, open_case_id
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from handlers.case_acts import Refused, add_note, change_team, promise_update, team_name
from handlers.closing import OUTCOMES, close, obstacles, reopen
from handlers.linking import link, unlink
from handlers.task_acts import give_case
from store.act_rows import people_of_case
from store.models import Deadline, Task


def _note_form(doing: Doing) -> ActForm:
    hint = "Colleagues see it. The resident is not sent it, but may ask to see all that is kept about them."
    return ActForm(title="Add a note", button="Add note", fields=(doing.field("text", "Note", "text", hint=hint, rows=8),))


def _note(doing: Doing) -> int:
    return add_note(doing.acts, doing.case_id, doing.by, doing.sent.text("text"))


def _update_form(doing: Doing) -> ActForm:
    return ActForm(
        title="Promise an update",
        button="Promise update",
        lead=("This opens a task for you, due on the date. Tell the resident yourself: nothing is sent.",),
        fields=(
            doing.field("on", "By which date?", "date", hint="For example, 4 1 2027"),
            doing.field("what", "What did you promise?", "text", hint="For example, to ring with the surveyor's date", rows=3),
        ),
    )


def _update(doing: Doing) -> int:
    return promise_update(doing.acts, doing.case_id, doing.by, doing.sent.date("on"), doing.sent.text("what"))


def _team_form(doing: Doing) -> ActForm:
    teams = tuple((key, team.name) for key, team in doing.acts.landlord.teams.items())
    now = team_name(doing.acts.landlord, doing.case.team)
    lead = (f"{now} has the case now. Its open tasks go with it, and nobody has it until somebody takes it.",)
    fields = (doing.field("team", "Team", "select", before=doing.case.team, choices=teams), doing.why())
    return ActForm(title="Change the team", button="Change team", lead=lead, fields=fields, hidden=(("was", doing.case.team),))


def _team(doing: Doing) -> int:
    sent = doing.sent
    return change_team(doing.acts, doing.case_id, doing.by, sent.line("team"), was=sent.line("was"), why=sent.text("why"))


def _officer_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        kept_from = people_of_case(glance, doing.case_id, "barred")
    people = tuple((username, name) for username, name in doing.people() if username not in kept_from)
    had = doing.case.assigned_to or ""
    fields = (doing.field("officer", "Officer", "select", before=had, choices=(("", "Choose a person"), *people)),)
    lead = ("Tasks on it that nobody was given come with it.",)
    return ActForm(title="Give the case to an officer", button="Give case", lead=lead, fields=fields, hidden=(("was", had),))


def _officer(doing: Doing) -> int:
    sent = doing.sent
    return give_case(doing.acts, doing.case_id, sent.line("officer"), doing.by, was=sent.line("was"))


def _close_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        deadlines, tasks = glance.find(Deadline, case_id=doing.case_id), glance.find(Task, case_id=doing.case_id)
    ends = tuple(OUTCOMES.items())
    return ActForm(
        title="Close the case",
        button="Close case",
        grave=True,
        lead=("The resident is not told by this: write to them first. If they write again, the case is there for them.",),
        against=tuple(obstacles(doing.case, deadlines, tasks)),
        fields=(
            doing.field("outcome", "How did it end?", "radios", choices=ends),
            doing.why("What was done, and why it is over"),
        ),
    )


def _close(doing: Doing) -> int:
    return close(doing.acts, doing.case_id, doing.by, doing.sent.line("outcome"), doing.sent.text("why"))


def _reopen_form(doing: Doing) -> ActForm:
    lead = ("This opens a task for its team, due on the next working day.",)
    return ActForm(title="Open the case again", button="Open case again", lead=lead, fields=(doing.why(),))


def _reopen(doing: Doing) -> int:
    return reopen(doing.acts, doing.case_id, doing.by, doing.sent.text("why"))


def _link_form(doing: Doing) -> ActForm:
    hint = "For example, LBL-26-4F7K2P-9D. Small letters and blanks do not matter."
    fields = (
        doing.field("reference", "Reference of the other case", hint=hint),
        doing.why("What have they to do with each other?"),
    )
    return ActForm(title="Link another case", button="Link cases", fields=fields)


def _link(doing: Doing) -> int:
    try:
        other = open_case(doing.desk, doing.person, doing.sent.line("reference")).case
    except HTTPException as error:
        raise Refused("There is no case with this reference that you can open", "reference") from error
    return link(doing.acts, doing.case_id, doing.by, other.id or 0, doing.sent.text("why"))


def _unlink_form(doing: Doing) -> ActForm:
    other = open_case_id(doing.desk, doing.person, _number(doing)).case
    return ActForm(
        title="Unlink two cases",
        button="Unlink cases",
        lead=(f"{doing.case.reference} and {other.reference} will not be shown beside each other any more.",),
        fields=(doing.why(),),
        hidden=(("of", doing.of()),),
    )


def _unlink(doing: Doing) -> int:
    other = open_case_id(doing.desk, doing.person, _number(doing)).case
    return unlink(doing.acts, doing.case_id, doing.by, other.id or 0, doing.sent.text("why"))


def _number(doing: Doing) -> int:
    if doing.of_number() < 0:
        raise NOT_FOUND
    return doing.of_number()


ACTS = {
    "note": ActPage(form=_note_form, do=_note),
    "update": ActPage(form=_update_form, do=_update),
    "team": ActPage(form=_team_form, do=_team),
    "officer": ActPage(form=_officer_form, do=_officer),
    "close": ActPage(form=_close_form, do=_close),
    "reopen": ActPage(form=_reopen_form, do=_reopen),
    "link": ActPage(form=_link_form, do=_link),
    "unlink": ActPage(form=_unlink_form, do=_unlink),
}
