"""Linking addresses as one resident's on the case page: the forms, and what is shown of it there."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import HTTPException

from desk.web import chat_words
from desk.web.access import NOT_FOUND, open_case
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from desk.web.rights import Person
from handlers.case_acts import Refused
from handlers.identities import link, unlink
from store.chat_models import IdentityLink
from store.identity_rows import cases_of_resident, linked_with, standing_links
from store.models import Case, Party
from store.queue_rows import may_see
from store.unit import Glance

LEAD = (
    "Your replies can then go to either of them, and both show the resident's other cases.",
    "It lets no message join a case by itself: add the address to the people of the case for that.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SameResident:
    """What hangs together with the resident of a case: the links that stand, and their other cases."""

    links: tuple[IdentityLink, ...] = ()
    cases: tuple[Case, ...] = ()

    def people(self) -> set[str]:
        """Return who made the links."""
        return {link.by for link in self.links}


def same_resident(glance: Glance, case: Case, parties: list[Party], person: Person) -> SameResident:
    """Look up the links of a resident's addresses, and their other cases: what the person may see of either."""
    own = _own(case, parties)
    if not own:
        return SameResident()
    seen = may_see(person.username, sees_restricted=person.sees_restricted)
    links = standing_links(glance, own, seen)
    everything = [*own, *linked_with(glance, own, seen)] if links else own
    cases = cases_of_resident(glance, everything, case.id or 0, person.username, sees_restricted=person.sees_restricted)
    # Hardly anybody is linked: the others' pages need not ask what hangs together further off.
    return SameResident(links=tuple(standing_links(glance, everything, seen) if links else ()), cases=tuple(cases))


def _own(case: Case, parties: list[Party]) -> list[str]:
    resident = [case.resident_address] if case.resident_address else []
    return list(dict.fromkeys([*resident, *(party.address for party in parties if party.role == "resident")]))


def _link_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        parties = glance.find(Party, case_id=doing.case_id)
    names = {party.address: party.name for party in parties}
    own = list(dict.fromkeys([*_own(doing.case, parties), *names]))
    choices = tuple((one, _called(one, names.get(one))) for one in own)
    against = () if own else ("Nobody's address is known here yet. Add a person first.",)
    hint = "An email address, or the reference of another case of theirs. Small letters and blanks do not matter."
    fields = (
        doing.field("one", "Which address of this case?", "select", choices=choices),
        doing.field("other", "Which other one is the same resident's?", hint=hint),
        doing.why("How do you know?", hint="For example, they said so on the telephone and knew the date of the repair"),
    )
    return ActForm(title="Link as the same resident", button="Link them", lead=LEAD, fields=fields, against=against)


def _called(address: str, name: str | None) -> str:
    return f"{name} ({chat_words.address(address)})" if name else chat_words.address(address)


def _link(doing: Doing) -> int:
    one, other = doing.sent.line("one"), doing.sent.line("other")
    address = other if "@" in other else _address_of(doing, other)
    return link(doing.acts, doing.case_id, doing.by, one, address, why=doing.sent.text("why"))


def _address_of(doing: Doing, reference: str) -> str:
    """Return the resident's address of another case, which must be open to the person."""
    try:
        other = open_case(doing.desk, doing.person, reference).case
    except HTTPException as error:
        raise Refused("Enter an email address, or the reference of a case that you can open", "other") from error
    if not other.resident_address:
        raise Refused("No address of the resident is known on that case", "other")
    return other.resident_address


def _shown(doing: Doing) -> IdentityLink:
    """Return the link that the page is about, if it hangs together with this case."""
    with doing.desk.glance() as glance:
        found = same_resident(glance, doing.case, glance.find(Party, case_id=doing.case_id), doing.person)
    row = next((row for row in found.links if row.id == doing.of_number()), None)
    if row is None:
        raise NOT_FOUND
    return row


def _unlink_form(doing: Doing) -> ActForm:
    row = _shown(doing)
    lead = (
        f"{chat_words.address(row.first)} and {chat_words.address(row.second)}: {row.why}",
        "What was sent and found by the link stays on the cases.",
    )
    hidden = (("of", doing.of()),)
    return ActForm(title="Unlink two addresses", button="Unlink them", lead=lead, fields=(doing.why(),), hidden=hidden)


def _unlink(doing: Doing) -> int:
    return unlink(doing.acts, doing.case_id, doing.by, _shown(doing).id or 0, doing.sent.text("why"))


ACTS = {
    "link-resident": ActPage(form=_link_form, do=_link),
    "unlink-resident": ActPage(form=_unlink_form, do=_unlink),
}
