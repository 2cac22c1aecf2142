"""Cases that were joined as one matter, on the case page: what goes on where, and taking them apart again."""

from __future__ import annotations

from dataclasses import dataclass

from desk.web.access import NOT_FOUND, may_open
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from desk.web.rights import Person
from handlers.joinings import joined_before, joined_to
from handlers.same_case_parting import part
from store.models import Case, CaseStatus
from store.unit import Glance


@dataclass(frozen=True, kw_only=True, slots=True)
class OneMatter:
    """The later cases that go on in this one, and the earlier one in which this one goes on."""

    here: tuple[Case, ...] = ()
    there: Case | None = None


def one_matter(glance: Glance, case: Case, person: Person, *, linked: bool = True) -> OneMatter:
    """Look up with which cases this one was joined; those closed to the person are left out.

    Joining links the two, so that a case which is ``linked`` with none need not be asked further.
    """
    joined = joined_to(glance, case.id or 0) if linked else []
    here = tuple(other for other in joined if may_open(glance, other, person))
    found = joined_before(glance, case.id or 0) if case.status is CaseStatus.CLOSED else None
    there = glance.get(Case, found[1].case) if found is not None else None
    return OneMatter(here=here, there=there if there is not None and may_open(glance, there, person) else None)


def _later(doing: Doing) -> Case:
    """Return the case that is to be taken out again: one of those that go on here, or this one itself."""
    with doing.desk.glance() as glance:
        found = one_matter(glance, doing.case, doing.person)
    if not doing.of() and found.there is not None:
        return doing.case
    later = next((case for case in found.here if case.id == doing.of_number()), None)
    if later is None:
        raise NOT_FOUND
    return later


def _form(doing: Doing) -> ActForm:
    later = _later(doing)
    lead = (
        f"{later.reference} is open again then, with its own messages and its own dates, which have run on meanwhile.",
        "What came in since the two were joined stays where it is.",
        "The resident is not told by this. Where a letter had told them that it goes on there, a task asks you to tell them.",
    )
    hidden = (("of", doing.of()),)
    return ActForm(title="Take two cases apart", button="Take them apart", lead=lead, fields=(doing.why(),), hidden=hidden)


def _do(doing: Doing) -> int:
    return part(doing.acts, _later(doing).id or 0, doing.by, doing.sent.text("why"))


ACTS = {"take-apart": ActPage(form=_form, do=_do)}
