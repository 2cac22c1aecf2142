"""The landlord's own facts, as letters and rules need them; all of them come from the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """A team that a case can be given to, with the words residents know it by."""

    key: str
    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """An outside office residents may turn to: an ombudsman, a regulator, another council service."""

    key: str
    name: str
    phone: str | None = None
    website: str | None = None
    post: str | None = None
    email: str | None = None
    about: str | None = None
    words: tuple[str, ...] = ()
    """Lower-case words or phrases in a message that speak for this office, such as "council tax"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Landlord:
    """Everything about the landlord that a letter may say."""

    name: str
    service_name: str
    reference_prefix: str
    complaints_email: str
    phone: str
    post: str
    website: str
    policy_url: str
    privacy_url: str
    data_protection_contact: str
    """Whom to complain to about the use of personal data, after "you can complain to": an address or an office."""
    emergency_phone: str
    emergency_hours: str
    """When the emergency line answers, as it stands in brackets after the number: "day and night"."""
    asb_phone: str | None = None
    accessible_formats: str
    """What can be asked for, after "we can use": "large print, braille or another language"."""
    reply_line: bool = False
    """Whether letters by mail begin with a line above which to write, so that what is quoted below it is known."""
    members_need_authority: bool = False
    """Whether councillors and MPs must show that a constituent wants them to speak, as everybody else must (Code 3.6)."""
    routing: dict[str, str]
    """Team key for each category, and for ``triage``."""
    teams: dict[str, Team]
    housing_ombudsman: Office
    council_ombudsman: Office
    building_safety_regulator: Office
    council_complaints: Office
    services: dict[str, Office] = field(default_factory=dict)
    """Other services of the council, by key, to which residents are signposted."""
    signposts: dict[str, Office] = field(default_factory=dict)
    """Where to turn for each out-of-scope reason, by the reason's code."""

    def team_for(self, category: str) -> Team:
        """Return the team that a category is given to; ``triage`` names the team that looks at doubts."""
        return self.teams[self.routing[category]]
