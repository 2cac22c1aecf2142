"""The settings of whoever does the work, ``[[partners]]``: where there are none, nothing is handed over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from desk.duty_settings import MAIL, host_of
from desk.places import Strict
from desk.sign_on_settings import LOOPBACK
from handlers.handover.by_itself import ALONE
from handlers.handover.partners import Partner

if TYPE_CHECKING:
    from desk.config import Settings

Mail = Annotated[str, Field(pattern=MAIL)]


class PartnerSettings(Strict):
    """A team or firm: what they take, and the way by which they are told."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    takes: Annotated[tuple[Literal["service_request", "asb_report", "out_of_scope"], ...], Field(min_length=1)] = (
        "service_request",
    )
    way: Literal["mail", "csv", "open311"]
    address: Mail | None = None
    answers_from: tuple[Mail, ...] = ()
    folder: Path | None = None
    url: Annotated[str, Field(pattern=r"^https?://[^/\s]+(/\S*)?$")] | None = None
    api_key_file: Path | None = None
    jurisdiction_id: str = ""
    services: dict[str, str] = Field(default_factory=dict)
    publishes: bool = False
    automatic: bool = False
    chase_days: Annotated[int, Field(ge=1, le=60)] = 5
    phone: Annotated[str, Field(max_length=40)] = ""
    tell_residents: bool = True
    reach: Annotated[str, Field(max_length=120, pattern=r"^[^\r\n]*$")] = ""
    format: Literal["json", "xml"] = "json"

    @model_validator(mode="after")
    def _has_its_way(self) -> PartnerSettings:
        if self.way == "mail" and self.address is None:
            raise ValueError(f"{self.name}: way is mail, so address must say where to")
        if self.way == "csv" and self.folder is None:
            raise ValueError(f"{self.name}: way is csv, so folder must say where")
        if self.way == "open311":
            self._has_endpoint()
        if self.automatic:
            self._goes_by_itself()
        return self

    def _goes_by_itself(self) -> None:
        if self.publishes:
            raise ValueError(f"{self.name}: publishes is true, so automatic must be false: a person words what others can read")
        if not set(self.takes) & set(ALONE):
            raise ValueError(f"{self.name}: automatic needs {' or '.join(ALONE)} in takes: nothing else goes without a person")

    def _has_endpoint(self) -> None:
        if self.url is None:
            raise ValueError(f"{self.name}: way is open311, so url must say where")
        if self.url.startswith("http://") and host_of(self.url) not in LOOPBACK:
            raise ValueError(f"{self.name}: url must begin with https://, or others could read along")
        if missing := sorted(set(self.takes) - self.services.keys()):
            raise ValueError(f"{self.name}: services must give their code for {missing[0]}")

    def partner(self) -> Partner:
        """Return the partner as the handlers know them."""
        told = self.model_dump(exclude_none=True)
        return Partner(**told)


def _told_apart(partners: tuple[PartnerSettings, ...]) -> tuple[PartnerSettings, ...]:
    keys = [partner.key for partner in partners]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise ValueError(f"two have the key {twice!r}: give each a key of its own")
    return partners


def _one_by_itself(partners: tuple[PartnerSettings, ...]) -> tuple[PartnerSettings, ...]:
    for kind in ALONE:
        names = [partner.name for partner in partners if partner.automatic and kind in partner.takes]
        if len(names) > 1:
            raise ValueError(f"{' and '.join(names)} take {kind} with automatic = true: only one can, so choose one")
    return partners


AllPartners = Annotated[tuple[PartnerSettings, ...], AfterValidator(_told_apart), AfterValidator(_one_by_itself)]


def partners_of(settings: Settings) -> dict[str, Partner]:
    """Return all partners by their keys."""
    return {one.key: one.partner() for one in settings.partners}
