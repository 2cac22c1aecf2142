"""The panel "Who complains, and about what": what they are to us, how it was weighed, the group, and who speaks for whom."""

from __future__ import annotations

from desk.web import chat_words
from desk.web.case_panels import Line, Link, Panel, Seen
from handlers.course.assessing import QUESTIONS, missing
from handlers.course.complainants import KINDS, lived
from handlers.course.groups import PERMISSIONS
from handlers.course.representatives import KINDS as SPEAKS
from handlers.course.speaking import members_of
from handlers.letter_words import day
from store.people_models import Authority, GroupMember

STATES = {
    "wanted": ("authority wanted", "orange"),
    "asked": ("authority asked for", "orange"),
    "held": ("authority held", "green"),
    "not_needed": ("authority not needed", "green"),
    "refused": ("may not speak", "red"),
}


def who(seen: Seen) -> Panel | None:
    """Return the panel of a logged complaint, or of a group; nothing for any other case."""
    case, is_group = seen.case, "group" in seen.case.flags
    if (case.category != "complaint" or case.logged_at is None) and not is_group:
        return None
    lines = [_complainant(seen), *_assessed(seen)]
    lines += _group(seen) if is_group else []
    lines += _speakers(seen) if "representative" in case.flags else []
    links = _links(seen, is_group=is_group)
    if is_group and seen.person.acts and any(line.tag == "leads" for line in lines):
        links = (*links, Link(words="Take the list of members", href=f"/cases/{case.reference}/members.csv"))
    return Panel(key="who", title="Who complains, and about what", lines=tuple(lines), links=links)


def _complainant(seen: Seen) -> Line:
    kind = seen.case.complainant_kind
    links = (Link(words="Change" if kind else "Say who", act="complainant", about="complains"),)
    there = lived(seen.case)
    days = [
        f"Lived there until {day(there.until)}." if there.until else "",
        f"It happened on {day(there.matter_on)}." if there.matter_on else "",
    ]
    tag = "after they left: ask" if there.after else ""
    words = KINDS.get(kind or "", "Nobody has said what they are to us")
    return Line(words=words, quiet=" ".join(filter(None, days)), tag=tag, colour="orange", links=links)


def _assessed(seen: Seen) -> list[Line]:
    if seen.case.category != "complaint":
        return []
    link = (Link(words="Assess", act="assess", about="the complaint"),)
    if missing(seen.case):
        return [Line(words="Not assessed yet", quiet="Needed before an officer is given it (Code 6.1)", links=link)]
    said = [(name, str(getattr(seen.case, name))) for name in QUESTIONS]
    words = "; ".join(f"{name}: {value.replace('_', ' ')}" for name, value in said)
    high = ("risk", "high") in said or ("vulnerability", "high") in said
    early = ("complexity", "early") in said
    tag, colour = ("high", "red") if high else ("early answer", "green") if early else ("", "grey")
    return [Line(words=words.capitalize(), tag=tag, colour=colour, links=link)]


def _group(seen: Seen) -> list[Line]:
    return [_member(row) for row in members_of(seen.glance, seen.case.id or 0)]


def _member(row: GroupMember) -> Line:
    told = filter(None, (row.home, chat_words.address(row.address) if row.address else "", PERMISSIONS[row.permission].lower()))
    links = (
        ()
        if row.is_lead
        else tuple(
            Link(words=words, act=f"{act}?of={row.id}", about=row.name)
            for words, act in (("Let them lead", "group-lead"), ("Split off", "group-split"), ("Take out", "group-remove"))
        )
    )
    return Line(words=row.name, quiet=", ".join(told), tag="leads" if row.is_lead else "", colour="blue", links=links)


def _speakers(seen: Seen) -> list[Line]:
    rows = seen.glance.find(Authority, case_id=seen.case.id)
    lines = []
    for row in rows:
        tag, colour = STATES.get(row.state, (row.state, "grey"))
        words = f"{SPEAKS.get(row.kind, row.kind)}: {chat_words.address(row.address)}"
        lines.append(Line(words=words, quiet=row.evidence or "", tag=tag, colour=colour, links=()))
    return lines or [Line(words="Somebody may speak for the resident", tag="ask", colour="orange")]


def _links(seen: Seen, *, is_group: bool) -> tuple[Link, ...]:
    complaint = seen.case.category == "complaint"
    several = complaint and len((seen.case.definition or {}).get("points", ())) > 1
    return (
        Link(words="Say who speaks for the resident", act="authority"),
        *((Link(words="Ask the resident about it", act="ask-resident"),) if complaint else ()),
        *((Link(words="Let a part go on by itself", act="split"),) if several else ()),
        Link(words="Add members to the group", act="group-add") if is_group else Link(words="Make it a group", act="group"),
    )
