"""What the desk's door is made of: passwords, tries, seals, and the council's own sign-in where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from desk.places import DeskSettings
from desk.web.sign_accounts import Accounts
from desk.web.sign_passwords import Passwords
from desk.web.sign_provider import Provider
from desk.web.sign_sealed import Seal
from desk.web.throttling import Throttle
from handlers.clock import Clock
from store.engine import Store


@dataclass(kw_only=True)
class Entrance:
    """The parts of signing in, one of each for a desk."""

    store: Store
    clock: Clock
    settings: DeskSettings
    secret: bytes

    @cached_property
    def passwords(self) -> Passwords:
        """Whoever checks passwords."""
        return Passwords()

    @cached_property
    def accounts(self) -> Accounts:
        """Whoever changes accounts."""
        return Accounts(store=self.store, clock=self.clock)

    @cached_property
    def throttle(self) -> Throttle:
        """Whoever counts tries."""
        return Throttle(clock=self.clock)

    @cached_property
    def seal(self) -> Seal:
        """Whoever seals what browsers keep between two steps."""
        return Seal(secret=self.secret, clock=self.clock)

    @cached_property
    def provider(self) -> Provider | None:
        """The council's own sign-in."""
        if self.settings.sign_on is None:
            return None
        return Provider(settings=self.settings.sign_on, clock=self.clock, desk_url=self.settings.url)
