"""What the pages work with: the house, the templates, the sign-ins; and how a route gets at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from desk.places import DeskSettings
from desk.web.pages import Pages
from desk.web.pictures import Pictures
from desk.web.readings import Readings
from desk.web.sessions import Sessions
from desk.web.sign_entrance import Entrance
from desk.wiring import House
from store.unit import Glance


@dataclass(kw_only=True)
class Desk:
    """The staff desk of one house; ``letters_due`` wakes the sender, ``house.woken`` whoever settles new messages."""

    house: House
    letters_due: Callable[[], None] = lambda: None

    @property
    def settings(self) -> DeskSettings:
        """The desk's own settings."""
        return self.house.settings.desk

    @cached_property
    def pages(self) -> Pages:
        """Whatever makes pages."""
        return Pages(self.house.landlord.service_name, self.house.landlord.name)

    @cached_property
    def sessions(self) -> Sessions:
        """The sign-ins."""
        return Sessions(store=self.house.store, clock=self.house.clock, settings=self.settings)

    @cached_property
    def pictures(self) -> Pictures:
        """Whatever makes small pictures of residents' photographs."""
        return Pictures()

    @cached_property
    def readings(self) -> Readings:
        """Whatever reads kept messages again."""
        return Readings(self.house.reader)

    @cached_property
    def entrance(self) -> Entrance:
        """Whatever signing in takes."""
        house = self.house
        return Entrance(store=house.store, clock=house.clock, settings=self.settings, secret=house.key.secret)

    def now(self) -> datetime:
        """Return the present time."""
        return self.house.clock.now()

    @contextmanager
    def glance(self) -> Iterator[Glance]:
        """Look into the store."""
        with self.house.store.glance() as glance:
            yield glance


def desk_of(request: Request) -> Desk:
    """Return the desk that the request came to."""
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]
"""A route's parameter: the desk."""
