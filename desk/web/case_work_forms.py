"""Acts on the work of a case: notes, promises, its team, and who has it."""

from __future__ import annotations

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from handlers.case_acts import team_name
from handlers.case_work import add_note, change_team, promise_update
from handlers.task_acts import give_case
from store.act_rows import people_of_case


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


ACTS = {
    "note": ActPage(form=_note_form, do=_note),
    "update": ActPage(form=_update_form, do=_update),
    "team": ActPage(form=_team_form, do=_team),
    "officer": ActPage(form=_officer_form, do=_officer),
}
