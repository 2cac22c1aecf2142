"""The forms of what is promised: actions, from the first day on until each is done or dropped, and the end of a complaint (Code 6.6, 7.3)."""

from __future__ import annotations

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from handlers.case_acts import Refused, team_name
from handlers.course.actions import Agreement, add_action, do_action, drop_action, move_action
from handlers.course.actions import is_open as is_to_do
from handlers.course.promised import was_told
from handlers.letter_words import day
from handlers.withdrawing import against_withdrawal, withdraw
from store.course_models import Action

NO_ACTION = "There is no such action on this case, or it is finished."
ANOTHER = "another"
AGREED = (("yes", "Yes"), ("no", "No"))
READS = "A resident who was told of it reads this as you write it. Use short sentences."


def no_complaint(doing: Doing) -> tuple[str, ...]:
    """Return why nothing can be promised on this case, in a sentence; nothing where it can."""
    if doing.case.category != "complaint" or doing.case.logged_at is None:
        return ("Only a complaint that was logged has this, and this case is not one now.",)
    return ("The case is closed: open it again first.",) if doing.case.status == "closed" else ()


def _action_form(doing: Doing) -> ActForm:
    teams = tuple((key, team.name) for key, team in doing.acts.landlord.teams.items())
    return ActForm(
        title="Add an action",
        button="Add action",
        against=no_complaint(doing),
        lead=("It stands in the answer, and is followed until it is done.",),
        fields=(
            doing.field("what", "What is to be done?", "text", hint="As the letter is to put it, without a full stop", rows=2),
            doing.field(
                "owner",
                "Who does it?",
                "select",
                before=doing.case.team,
                choices=(*teams, (ANOTHER, "Somebody else, named below")),
            ),
            doing.field("other", "Somebody else", hint="For example, the lift engineer"),
            doing.field("due", "By which day?", "date", hint="For example, 4 1 2027"),
            doing.field("agreed", "Was it agreed with the resident?", "radios", choices=AGREED),
            doing.field("agreed_how", "When and how, or why not?", "text", rows=2),
        ),
    )


def _action(doing: Doing) -> int:
    sent = doing.sent
    owner = sent.line("owner")
    owner = sent.line("other") if owner in ("", ANOTHER) else owner
    if sent.line("agreed") not in dict(AGREED):
        raise Refused("Say whether it was agreed with the resident (Code 7.3)", "agreed")
    agreement = Agreement(agreed=sent.line("agreed") == "yes", how=sent.text("agreed_how"))
    what, due_on = sent.text("what"), sent.date("due")
    return add_action(doing.course, doing.case_id, doing.by, what, owner=owner, due_on=due_on, agreement=agreement)


def _of_action(doing: Doing) -> Action | None:
    with doing.desk.glance() as glance:
        found = glance.get(Action, doing.of_number())
    return found if found is not None and found.case_id == doing.case_id and is_to_do(found) else None


def _about(doing: Doing, action: Action) -> tuple[str, ...]:
    owner = team_name(doing.acts.landlord, action.owner)
    owner = doing.called(owner) if owner == action.owner else owner
    with doing.desk.glance() as glance:
        told = was_told(glance, action)
    how = "The resident was told of it: a letter goes to them at once." if told else "No letter told the resident of it yet."
    return (f"{action.what.rstrip('.')}. {owner}, by {day(action.due_on)}.", how)


def _done_form(doing: Doing) -> ActForm:
    action = _of_action(doing)
    if action is None:
        return ActForm(title="Action done", button="Done", against=(NO_ACTION,))
    fields = (doing.field("outcome", "What came of it, and how can one see it?", "text", rows=3),)
    of = (("of", doing.of()),)
    return ActForm(title="Action done", button="Done", lead=_about(doing, action)[:1], fields=fields, hidden=of)


def _done(doing: Doing) -> int:
    return do_action(doing.course, doing.case_id, doing.by, doing.of_number(), doing.sent.text("outcome"))


def _drop_form(doing: Doing) -> ActForm:
    action = _of_action(doing)
    if action is None:
        return ActForm(title="Drop an action", button="Drop action", against=(NO_ACTION,))
    fields = (doing.why(hint=READS),)
    of = (("of", doing.of()),)
    lead = _about(doing, action)
    return ActForm(title="Drop an action", button="Drop action", grave=True, lead=lead, fields=fields, hidden=of)


def _drop(doing: Doing) -> int:
    return drop_action(doing.course, doing.case_id, doing.by, doing.of_number(), doing.sent.text("why"))


def _move_form(doing: Doing) -> ActForm:
    action = _of_action(doing)
    if action is None:
        return ActForm(title="Give an action another day", button="Change day", against=(NO_ACTION,))
    lead = _about(doing, action)
    fields = (doing.field("due", "By which day?", "date", hint="For example, 4 1 2027"), doing.why(hint=READS))
    of = (("of", doing.of()),)
    return ActForm(title="Give an action another day", button="Change day", lead=lead, fields=fields, hidden=of)


def _move(doing: Doing) -> int:
    sent = doing.sent
    due_on, why = sent.date("due"), sent.text("why")
    return move_action(doing.course, doing.case_id, doing.by, doing.of_number(), due_on=due_on, why=why)


def _taken_back_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        against = against_withdrawal(glance, doing.case)
    return ActForm(
        title="The resident takes the complaint back",
        button="Close complaint",
        grave=True,
        lead=("Only if they said so themselves. It closes the case, and a letter tells them that they can come back to it.",),
        against=tuple(against),
        fields=(
            doing.field("words", "What did they say, in their own words?", "text", rows=3),
            doing.field("on", "On which day?", "date", hint="For example, 4 1 2027"),
        ),
    )


def _taken_back(doing: Doing) -> int:
    return withdraw(doing.course, doing.case_id, doing.by, doing.sent.text("words"), doing.sent.date("on"))


ACTS = {
    "action": ActPage(form=_action_form, do=_action),
    "action-done": ActPage(form=_done_form, do=_done),
    "action-drop": ActPage(form=_drop_form, do=_drop),
    "action-day": ActPage(form=_move_form, do=_move),
    "complaint-withdrawn": ActPage(form=_taken_back_form, do=_taken_back),
}
