"""Acts about the safety of buildings (policy 8), and about data and information (Data Protection Act 2018 s.164A)."""

from __future__ import annotations

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from handlers.data_rights import acting
from handlers.hazards.building_words import LIMBS
from handlers.hazards.concerns import RISKS, take_for_building_safety, take_off
from handlers.hazards.findings import share
from store.hazard_models import BuildingConcern
from store.models import Task


def _building_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        known = glance.find(BuildingConcern, case_id=doing.case_id)
    before = known[0] if known else None
    rows = doing.desk.house.buildings.rows
    choices = (("", "Not in the register"), *((row.name, _named(row.name, higher=row.higher_risk)) for row in rows))
    fields = (
        doing.field("building", "Which building?", "select", before=before.building if before else "", choices=choices),
        doing.field("limb", "What is it about?", "radios", before=before.limb if before else "", choices=tuple(LIMBS.items())),
        doing.field("risk", "How dangerous is it?", "radios", before=doing.case.risk or "", choices=tuple(RISKS.items())),
        doing.why(),
    )
    lead = ("Anybody may raise this, whether or not they live there. It is kept for seven years.",)
    return ActForm(title="Take for building safety", button="Take for building safety", lead=lead, fields=fields)


def _named(name: str, *, higher: bool) -> str:
    return name if higher else f"{name} (not high enough for these rules)"


def _building(doing: Doing) -> int:
    sent = doing.sent
    told = {"building": sent.line("building"), "limb": sent.line("limb"), "risk": sent.line("risk"), "why": sent.text("why")}
    return take_for_building_safety(doing.course, doing.case_id, doing.by, doing.desk.house.buildings, **told)


def _off_form(doing: Doing) -> ActForm:
    fields = (
        doing.field("building_words", "The building, as the letter names it", before="your building"),
        doing.why("Why do the rules for high-rise buildings not apply?", "The letter to the resident says it in these words."),
    )
    lead = ("The resident is told that it is handled under the general policy, and why. The case goes on.",)
    against = () if "building_safety" in doing.case.flags else ("This case is not taken for building safety.",)
    title = "Not a matter of building safety"
    return ActForm(title=title, button="Take off and tell the resident", lead=lead, fields=fields, against=against)


def _off(doing: Doing) -> int:
    sent = doing.sent
    words, why = sent.line("building_words"), sent.text("why")
    return take_off(doing.course, doing.case_id, doing.by, building_words=words, why=why)


def _share_form(doing: Doing) -> ActForm:
    fields = (
        doing.field("found", "What have you found so far?", "text", rows=6, hint="A line that begins with - is an item."),
        doing.field("say_by", "By which day may they say what they think?", "date", hint="A day before our answer is due."),
    )
    lead = ("It is sent at once, in your name. The answer waits for that day, or for them; its date does not move.",)
    against = () if "building_safety" in doing.case.flags else ("This case is not taken for building safety.",)
    return ActForm(title="Share what was found", button="Send what was found", lead=lead, fields=fields, against=against)


def _share(doing: Doing) -> int:
    sent = doing.sent
    return share(doing.course, doing.case_id, doing.by, found=sent.text("found"), say_by=sent.date("say_by"))


def _kind(doing: Doing) -> str:
    """Return which kind waits: the one named, or the first that has a task."""
    if doing.of() in acting.KINDS:
        return doing.of()
    with doing.desk.glance() as glance:
        waiting = {task.kind for task in glance.find(Task, case_id=doing.case_id, kind=list(acting.ASKS), closed_at=None)}
    return next((kind for kind in acting.ASKS if kind in waiting), "")


def _data_form(doing: Doing) -> ActForm:
    fields = (doing.field("kind", "What is it?", "radios", before=_kind(doing), choices=tuple(acting.KINDS.items())),)
    lead = ("The resident is told that we have it, who deals with it, and by when. The office keeps the task.",)
    return ActForm(title="Data or information: tell the resident", button="Send the letter", lead=lead, fields=fields)


def _data(doing: Doing) -> int:
    return acting.acknowledge(doing.course, doing.case_id, doing.by, doing.sent.line("kind"))


def _answered_form(doing: Doing) -> ActForm:
    fields = (
        doing.field("kind", "What was it?", "radios", before=_kind(doing), choices=tuple(acting.KINDS.items())),
        doing.field("outcome", "What came of it?", "text", rows=3),
    )
    return ActForm(title="Data or information: answered", button="Keep that it was answered", fields=fields)


def _answered(doing: Doing) -> int:
    sent = doing.sent
    return acting.answered(doing.course, doing.case_id, doing.by, sent.line("kind"), sent.text("outcome"))


def _none_form(doing: Doing) -> ActForm:
    fields = (
        doing.field("kind", "What is it not?", "radios", before=_kind(doing), choices=tuple(acting.KINDS.items())),
        doing.why(),
    )
    return ActForm(title="Data or information: it is none", button="Keep that it is none", fields=fields)


def _none(doing: Doing) -> int:
    sent = doing.sent
    return acting.none_of_it(doing.course, doing.case_id, doing.by, sent.line("kind"), sent.text("why"))


ACTS: dict[str, ActPage] = {
    "building-safety": ActPage(form=_building_form, do=_building),
    "not-building-safety": ActPage(form=_off_form, do=_off),
    "share-findings": ActPage(form=_share_form, do=_share),
    "data-rights": ActPage(form=_data_form, do=_data),
    "data-rights-answered": ActPage(form=_answered_form, do=_answered),
    "data-rights-none": ActPage(form=_none_form, do=_none),
}
