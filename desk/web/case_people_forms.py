"""Acts on the people of a case: how the resident is reached, and whose messages may join it."""

from __future__ import annotations

from desk.web import chat_words
from desk.web.access import NOT_FOUND
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, Field, Typed
from handlers.clock import london_day
from handlers.letter_words import day
from handlers.parties import ROLES, Named, add_party, change_party, party_now, remove_party
from handlers.residents import Reached, correct_resident, reached
from handlers.told_earlier import say_told_earlier
from intake.identity import identity_of

JOIN = "Messages from this address will join the case, and so may see what our letters in answer to them say."


def _named_fields(doing: Doing, now: Named | None = None) -> tuple[Field, ...]:
    before = now or Named(address="", name="", role="representative")
    roles = tuple(ROLES.items())
    return (
        doing.field("name", "Name", before=before.name),
        _address_field(doing, before.address),
        doing.field("role", "What are they to the case?", "select", before=before.role, choices=roles),
        doing.why(hint="For example, how they showed that the resident wants them to speak for them"),
    )


def _address_field(doing: Doing, before: str) -> Field:
    """Return the question for the address; by chat it is the identity, which is kept as it is unless an email takes its place."""
    if identity_of(before) is None:
        return doing.field("address", "Email address", "email", before=before)
    hint = f"{chat_words.address(before)}, as the system keeps it. Leave it unless they are to be reached by email instead."
    return doing.field("address", "Address", "line", before=before, hint=hint)


def _was(now: Named) -> tuple[tuple[str, str], ...]:
    return (("was-name", now.name), ("was-address", now.address), ("was-role", now.role))


def _named(sent: Typed, before: str = "") -> Named:
    name, address, role = (sent.line(f"{before}{part}") for part in ("name", "address", "role"))
    return Named(name=name, address=address, role=role)


def _party(doing: Doing) -> Named:
    """Return the party that the page is about, as it stands now; whoever else changed it is seen by what the form carries."""
    with doing.desk.glance() as glance:
        now = party_now(glance, doing.case_id, doing.of_number())
    if now is None:
        raise NOT_FOUND
    return now


def _add_form(doing: Doing) -> ActForm:
    return ActForm(title="Add a person", button="Add person", lead=(JOIN,), fields=_named_fields(doing))


def _add(doing: Doing) -> int:
    return add_party(doing.acts, doing.case_id, doing.by, _named(doing.sent), doing.sent.text("why"))


def _change_form(doing: Doing) -> ActForm:
    now = _party(doing)
    hidden = (("of", doing.of()), *_was(now))
    return ActForm(title="Change a person", button="Save", lead=(JOIN,), fields=_named_fields(doing, now), hidden=hidden)


def _change(doing: Doing) -> int:
    sent, wanted, was = doing.sent, _named(doing.sent), _named(doing.sent, "was-")
    return change_party(doing.acts, doing.case_id, doing.by, doing.of_number(), wanted, was=was, why=sent.text("why"))


def _remove_form(doing: Doing) -> ActForm:
    now = _party(doing)
    lead = (
        f"{now.name} ({chat_words.address(now.address)})" if now.name else chat_words.address(now.address),
        "What they wrote stays on the case. Their next message will wait for a person instead of joining it.",
    )
    hidden = (("of", doing.of()), *_was(now))
    title, button = "Take a person out of the case", "Take person out"
    return ActForm(title=title, button=button, lead=lead, fields=(doing.why(),), hidden=hidden, grave=True)


def _remove(doing: Doing) -> int:
    sent = doing.sent
    was = _named(sent, "was-")
    return remove_party(doing.acts, doing.case_id, doing.by, doing.of_number(), was=was, why=sent.text("why"))


def _resident_form(doing: Doing) -> ActForm:
    now = reached(doing.case)
    fields = (
        doing.field("name", "Name", before=now.name),
        _address_field(doing, now.address),
        doing.field("phone", "Telephone number", "tel", before=now.phone),
        doing.field("home", "Home", before=now.home, hint="The address of the home that it is about"),
        doing.why(hint="For example, the resident said so on the telephone"),
    )
    hidden = (("was-name", now.name), ("was-address", now.address), ("was-phone", now.phone), ("was-home", now.home))
    return ActForm(
        title="Change the resident's details", button="Save", lead=_conflict(doing, now), fields=fields, hidden=hidden
    )


def _conflict(doing: Doing, now: Reached) -> tuple[str, ...]:
    """Return what a colleague saved meanwhile, where that differs from what this person saw."""
    if doing.typed is None or _reached(doing.typed, "was-") == now:
        return ()
    told = (("Name", now.name), ("Email", now.address), ("Telephone", now.phone), ("Home", now.home))
    return ("On the case now: " + "; ".join(f"{label}: {value or 'nothing'}" for label, value in told) + ".",)


def _reached(sent: Typed, before: str = "") -> Reached:
    name, address, phone, home = (sent.line(f"{before}{part}") for part in ("name", "address", "phone", "home"))
    return Reached(name=name, address=address, phone=phone, home=home)


def _resident(doing: Doing) -> int:
    sent = doing.sent
    wanted, was = _reached(sent), _reached(sent, "was-")
    return correct_resident(doing.acts, doing.case_id, doing.by, wanted, was=was, why=sent.text("why"))


def _earlier_form(doing: Doing) -> ActForm:
    counted = f"The case counts from {day(london_day(doing.case.received_at))}."
    closed = ("The case is closed: open it again first.",) if doing.case.status == "closed" else ()
    return ActForm(
        title="They told one of us before",
        button="Count from that day",
        against=closed,
        lead=(counted, "What is owed on it comes sooner by this, never later. Nobody can take it back."),
        fields=(
            doing.field("told_on", "On which day did they tell one of us?", "date", hint="For example, 4 1 2027"),
            doing.why("How is that known?", "For example, whom they told, and how it was passed on"),
        ),
    )


def _earlier(doing: Doing) -> int:
    return say_told_earlier(doing.acts, doing.case_id, doing.by, doing.sent.date("told_on"), doing.sent.text("why"))


ACTS = {
    "resident": ActPage(form=_resident_form, do=_resident),
    "told-earlier": ActPage(form=_earlier_form, do=_earlier),
    "add-person": ActPage(form=_add_form, do=_add),
    "change-person": ActPage(form=_change_form, do=_change),
    "remove-person": ActPage(form=_remove_form, do=_remove),
}
