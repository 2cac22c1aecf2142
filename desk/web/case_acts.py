"""What people do to a case, each act on a page of its own: asked once, done in one transaction, said on the case's page."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from desk.web import (
    case_access_forms,
    case_definition,
    case_end_forms,
    case_file_route,
    case_letters,
    case_people_forms,
    case_versions,
    case_work_forms,
    group_list_route,
    identities,
    same_cases,
)
from desk.web.access import NOT_FOUND, may_open, open_case
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, TypedForm
from desk.web.course_acts import COURSE_ACTS
from desk.web.desk import TheDesk
from desk.web.rights import WORKERS, Person, needs
from handlers.case_acts import Refused, Stale
from intake.web_pages import summary
from store.models import Case

router = APIRouter()
for module in (case_definition, case_versions, case_letters, case_file_route, group_list_route):
    router.include_router(module.router)
Worker = Annotated[Person, needs(*WORKERS)]
ACTS: dict[str, ActPage] = case_work_forms.ACTS | case_end_forms.ACTS | case_people_forms.ACTS | case_access_forms.ACTS
ACTS |= identities.ACTS | same_cases.ACTS | COURSE_ACTS
"""Every act by the name that it has in addresses."""


def _doing(request: Request, desk: TheDesk, person: Worker, reference: str) -> Doing:
    case = open_case(desk, person, reference).case
    return Doing(desk=desk, person=person, case=case, asked=request.query_params)


TheDoing = Annotated[Doing, Depends(_doing)]
"""A route's parameter: who is about to act on the case of the address, which is open to them."""


@router.get("/cases/{reference}/acts/{name}")  # noqa: FAST003  # what stands before the act takes the reference
def ask(request: Request, doing: TheDoing, name: str) -> Response:
    """Ask for an act: what it needs to be told, or why it cannot be done now."""
    return form_page(request, doing, _named(name).form(doing))


@router.post("/cases/{reference}/acts/{name}")  # noqa: FAST003
def act(request: Request, doing: TheDoing, name: str, typed: TypedForm) -> Response:
    """Do an act and go back to the case; what is refused is asked again, with all that was typed."""
    page, doing = _named(name), replace(doing, typed=typed)
    try:
        number = page.do(doing)
    except Refused as refused:
        return form_page(request, doing, page.form(doing), refused)
    return RedirectResponse(f"{_back(doing)}?done={number}", status_code=303)


def _named(name: str) -> ActPage:
    if name not in ACTS:
        raise NOT_FOUND
    return ACTS[name]


def form_page(request: Request, doing: Doing, form: ActForm, refused: Refused | None = None) -> Response:
    """Return the page of a form, with what is wrong on top; 409 says that somebody else was first."""
    errors = {refused.field or "form": str(refused)} if refused else {}
    facts: dict[str, Any] = {"case": doing.case, "form": form, "errors": errors, "summary": summary(errors)}
    status = 200 if refused is None else 409 if isinstance(refused, Stale) else 422
    return doing.desk.pages.page(request, "case_form.html", status=status, **facts)


def _back(doing: Doing) -> str:
    """Return where an act ends: at the case, or at the queue where the act closed the case to its doer."""
    with doing.desk.glance() as glance:
        now = glance.get(Case, doing.case_id)
        there = now is not None and may_open(glance, now, doing.person)
    return f"/cases/{doing.case.reference}" if there else "/queue"
