"""Acts on how a case ends and begins anew, and on the cases beside it."""

from __future__ import annotations

from fastapi import HTTPException

from desk.web.access import NOT_FOUND, open_case, open_case_id
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from handlers.case_acts import Refused
from handlers.closing import OUTCOMES, close, obstacles, reopen
from handlers.course.promises import promises_left
from handlers.course.refusal_state import standing
from handlers.linking import link, unlink
from store.models import Deadline, Task


def _close_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        deadlines, tasks = glance.find(Deadline, case_id=doing.case_id), glance.find(Task, case_id=doing.case_id)
        promises, refused = promises_left(glance, doing.case_id), standing(glance, doing.case_id) is not None
    is_complaint = doing.case.category == "complaint"
    ends = tuple((key, words) for key, words in OUTCOMES.items() if not (is_complaint and key == "withdrawn"))
    return ActForm(
        title="Close the case",
        button="Close case",
        grave=True,
        lead=("The resident is not told by this: write to them first. If they write again, the case is there for them.",),
        against=tuple(obstacles(doing.case, deadlines, tasks, promises, refused=refused)),
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
    "close": ActPage(form=_close_form, do=_close),
    "reopen": ActPage(form=_reopen_form, do=_reopen),
    "link": ActPage(form=_link_form, do=_link),
    "unlink": ActPage(form=_unlink_form, do=_unlink),
}
