"""Who asks for what on the pages of triage: the request, the desk, the person, and the list that they work through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request

from desk.web.case_forms import Typed, TypedForm
from desk.web.desk import Desk, TheDesk
from desk.web.queue import QueueQuery
from desk.web.review_places import Asked
from desk.web.rights import READERS, WORKERS, Person, needs


@dataclass(frozen=True, kw_only=True, slots=True)
class Here:
    """A person at a page of triage; ``asked`` is the list that they work through."""

    request: Request
    desk: Desk
    person: Person
    asked: QueueQuery

    @property
    def hold(self) -> timedelta:
        """For how long an act can be undone."""
        return timedelta(seconds=self.desk.settings.undo_seconds)


@dataclass(frozen=True, kw_only=True, slots=True)
class AtWork(Here):
    """Somebody who acts, with what they typed."""

    typed: Typed


def _here(request: Request, desk: TheDesk, person: Annotated[Person, needs(*READERS)], asked: Asked) -> Here:
    return Here(request=request, desk=desk, person=person, asked=asked)


def _at_work(
    request: Request, desk: TheDesk, person: Annotated[Person, needs(*WORKERS)], asked: Asked, typed: TypedForm
) -> AtWork:
    return AtWork(request=request, desk=desk, person=person, asked=asked, typed=typed)


TheReader = Annotated[Here, Depends(_here)]
"""A route's parameter: somebody who looks."""
TheWorker = Annotated[AtWork, Depends(_at_work)]
"""A route's parameter: somebody who acts."""
