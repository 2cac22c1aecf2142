"""Acts on a group that complains together: made, added to, taken out of, led by another, and one of them split off."""

from __future__ import annotations

from desk.web.access import NOT_FOUND
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, Field
from handlers.course import groups
from handlers.course.speaking import members_of
from handlers.rows import definition_of
from store.people_models import GroupMember

LINES = "One on each line: name; email; home. Email and home may be left out."


def _member(doing: Doing) -> GroupMember:
    with doing.desk.glance() as glance:
        found = next((row for row in members_of(glance, doing.case_id) if row.id == doing.of_number()), None)
    if found is None:
        raise NOT_FOUND
    return found


def _members_fields(doing: Doing) -> tuple[Field, ...]:
    permissions = tuple(groups.PERMISSIONS.items())
    return (
        doing.field("members", "Members", "text", hint=LINES, rows=8),
        doing.field("permission", "Do they want to be part of it?", "radios", before="given", choices=permissions),
    )


def _make_form(doing: Doing) -> ActForm:
    case = doing.case
    fields = (
        doing.field("lead-name", "Who leads?", before=case.resident_name or ""),
        doing.field("lead-address", "Their email address", before=case.resident_address or ""),
        doing.field("lead-home", "Their home", before=case.home or ""),
        *_members_fields(doing),
    )
    lead = (
        "Letters go to the lead alone. Members are not named to one another. The complaint and its dates stay as they are.",
    )
    return ActForm(title="Make it a group", button="Make it a group", lead=lead, fields=fields)


def _make(doing: Doing) -> int:
    sent = doing.sent
    lead = groups.Member(name=sent.line("lead-name"), address=sent.line("lead-address"), home=sent.line("lead-home"))
    members = groups.members_from(sent.text("members"), sent.line("permission"))
    return groups.make_group(doing.acts, doing.case_id, doing.by, lead, members)


def _add_form(doing: Doing) -> ActForm:
    return ActForm(title="Add members to the group", button="Add", fields=_members_fields(doing))


def _add(doing: Doing) -> int:
    members = groups.members_from(doing.sent.text("members"), doing.sent.line("permission"))
    return groups.add_members(doing.acts, doing.case_id, doing.by, members)


def _remove_form(doing: Doing) -> ActForm:
    member, hidden = _member(doing), (("of", doing.of()),)
    return ActForm(
        title="Take a member out of the group", button="Take out", lead=(member.name,), fields=(doing.why(),), hidden=hidden
    )


def _remove(doing: Doing) -> int:
    _member(doing)
    return groups.remove_member(doing.acts, doing.case_id, doing.by, doing.of_number(), doing.sent.text("why"))


def _lead_form(doing: Doing) -> ActForm:
    member, hidden = _member(doing), (("of", doing.of()),)
    lead = (f"Letters go to {member.name} from now on, and to nobody else of the group.",)
    return ActForm(title="Let another member lead", button="Save", lead=lead, fields=(doing.why(),), hidden=hidden)


def _lead(doing: Doing) -> int:
    _member(doing)
    return groups.change_lead(doing.acts, doing.case_id, doing.by, doing.of_number(), doing.sent.text("why"))


def _split_form(doing: Doing) -> ActForm:
    member, now = _member(doing), definition_of(doing.case.definition)
    before = "\n".join(point.words for point in now.points) if now is not None else ""
    hint = "Each point on a line of its own. Nobody else of the group may be named."
    fields = (doing.field("points", "Their complaint", "text", before=before, hint=hint, rows=6), doing.why())
    lead = (f"{member.name} gets a complaint of their own, with a reference and a letter, received on the same day.",)
    title, button = "Give a member a complaint of their own", "Make it their own"
    return ActForm(title=title, button=button, lead=lead, fields=fields, hidden=(("of", doing.of()),))


def _split(doing: Doing) -> int:
    _member(doing)
    sent, house = doing.sent, doing.desk.house
    return groups.split_off(
        doing.course,
        house.casework,
        doing.case_id,
        doing.by,
        member_id=doing.of_number(),
        points=sent.text("points").splitlines(),
        why=sent.text("why"),
    )


ACTS = {
    "group": ActPage(form=_make_form, do=_make),
    "group-add": ActPage(form=_add_form, do=_add),
    "group-remove": ActPage(form=_remove_form, do=_remove),
    "group-lead": ActPage(form=_lead_form, do=_lead),
    "group-split": ActPage(form=_split_form, do=_split),
}
