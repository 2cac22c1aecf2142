"""The definition as acts, for the terminal and whoever likes a short form: corrected line by line, and confirmed (Code 5.6, 5.7)."""

from __future__ import annotations

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from handlers.case_acts import Refused
from handlers.defining import checked, save
from handlers.definition import Definition, Point
from handlers.rows import definition_of

NONE = "Only a complaint has a definition, and this case is not one now."
EACH = "Each on a line of its own"


def _definition(doing: Doing) -> Definition | None:
    return definition_of(doing.case.definition) if doing.case.category == "complaint" else None


def _version(doing: Doing) -> tuple[tuple[str, str], ...]:
    return (("version", doing.kept("version", str(doing.case.definition_version))),)


def _confirm_form(doing: Doing) -> ActForm:
    now, title = _definition(doing), "Confirm the definition"
    if now is None:
        return ActForm(title=title, button="Confirm", against=(NONE,))
    if doing.case.defined_at is not None:
        return ActForm(title=title, button="Confirm", against=("It is confirmed already.",))
    points = tuple(f"{number}. {point.words}" for number, point in enumerate(now.points, 1))
    wanted = f"Wanted: {'; '.join(now.outcomes)}" if now.outcomes else f"We ask: {now.question}"
    return ActForm(title=title, button="Confirm", lead=(*points, wanted), hidden=_version(doing))


def _confirm(doing: Doing) -> int:
    number = doing.desk.house.confirming.confirm(doing.case_id, doing.by, doing.sent.number("version"))
    doing.desk.letters_due()
    return number


def _correct_form(doing: Doing) -> ActForm:
    now, title = _definition(doing), "Correct the definition, a line for each point"
    if now is None:
        return ActForm(title=title, button="Save", against=(NONE,))
    fields = (
        doing.field("points", "Points", "text", before="\n".join(point.words for point in now.points), hint=EACH, rows=8),
        doing.field("outcomes", "What they want", "text", before="\n".join(now.outcomes), hint=EACH, rows=3),
        doing.field("question", "What we ask them", before=now.question or "", hint="Where it is not clear what they want"),
        doing.why(),
    )
    lead = ("A point whose words stay keeps whose it is; a new one is ours. The case's own page can change that too.",)
    return ActForm(title=title, button="Save", lead=lead, fields=fields, hidden=_version(doing))


def _correct(doing: Doing) -> int:
    now, sent = _definition(doing), doing.sent
    if now is None:
        raise Refused(NONE)
    known = {point.words: point for point in now.points}
    lines = [" ".join(line.split()) for line in sent.text("points").split("\n") if line.strip()]
    points = [known.get(line, Point(words=line, responsibility="ours")) for line in lines]
    if not points:
        raise Refused("Write at least one point", "points")
    outcomes = [" ".join(line.split()) for line in sent.text("outcomes").split("\n") if line.strip()]
    try:
        definition = checked(points, outcomes, " ".join(sent.line("question").split()))
    except Refused as refused:
        raise Refused(str(refused), "points" if refused.field.startswith("points") else refused.field) from refused
    return save(doing.acts, doing.case_id, doing.by, sent.number("version"), definition, why=sent.text("why"))


ACTS = {
    "confirm": ActPage(form=_confirm_form, do=_confirm),
    "define": ActPage(form=_correct_form, do=_correct),
}
