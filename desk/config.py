"""The settings: one frozen tree from TOML, overridden by ``INTAKE_*`` variables; a mistake names key, line and mend."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from desk.building_settings import BuildingSafetySettings
from desk.classifier_settings import ClassifierSettings
from desk.course_settings import CourseSettings
from desk.duty_settings import DutySettings
from desk.mail_settings import MailSettings, check_answers_come_in
from desk.partner_settings import AllPartners
from desk.places import DeskSettings, PublicSettings, Strict
from desk.remedy_settings import RemedySettings
from desk.scanning_settings import ScanningSettings
from desk.second_reader_settings import SecondReaderSettings
from desk.survey_settings import SurveySettings
from intake.loading import UnknownKind, load


class Mistake(Exception):
    """The configuration cannot be used; the sentence says what to mend."""


class TeamSettings(Strict):
    """A team, with the words residents know it by."""

    name: str
    email: str | None = None
    phone: str | None = None


class OfficeSettings(Strict):
    """An outside office that residents are sent to, with the date on which its details were last checked."""

    name: str
    phone: str | None = None
    website: str | None = None
    post: str | None = None
    email: str | None = None
    about: str | None = None
    words: tuple[str, ...] = ()
    last_checked: date | None = None


class LandlordSettings(Strict):
    """The landlord's own facts, as letters say them."""

    name: str
    service_name: str
    reference_prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    complaints_email: str
    phone: str
    post: str
    website: str
    policy_url: str
    privacy_url: str
    data_protection_contact: str
    emergency_phone: str
    emergency_hours: str
    asb_phone: str | None = None
    accessible_formats: str
    reply_line: bool = False
    members_need_authority: bool = False


class RoutingSettings(Strict):
    """Which team each category is given to, and who looks at doubts."""

    complaint: str
    service_request: str
    asb_report: str
    out_of_scope: str
    triage: str
    information: str | None = None
    """Who deals with data protection complaints and requests for information; triage's team where nobody is named."""


class AcknowledgementSettings(Strict):
    """When a complaint is acknowledged: at once, or when an officer has confirmed the definition."""

    mode: Literal["automatic", "after_confirmation"] = "automatic"


class CalendarSettings(Strict):
    """Proclaimed extra bank holidays, and the landlord's own closed days, which never extend the Code's clocks."""

    extra_holidays: tuple[date, ...] = ()
    closed_days: tuple[date, ...] = ()


class MannersSettings(Strict):
    """How many automatic letters one address gets, and how many go in a day to what looks like a loop."""

    same_subject_in_day: Annotated[int, Field(ge=1)] = 5
    in_hour: Annotated[int, Field(ge=1)] = 20
    in_day: Annotated[int, Field(ge=1)] = 50
    brake: Annotated[int, Field(ge=0)] = 50
    same_words: Annotated[int, Field(ge=0)] = 200
    elsewhere: Annotated[int, Field(ge=0)] = 5_000


class SweepSettings(Strict):
    """How long before the acknowledgement deadline an unlooked-at message is logged as a complaint.

    ``update_days`` is how often the resident of a late complaint is written to where nothing was agreed (Code 5.9);
    ``offices_checked_months`` how old an office's ``last_checked`` may be before a manager is asked to look.
    """

    working_days_before: Annotated[int, Field(ge=0, le=4)] = 1
    every_seconds: Annotated[int, Field(ge=1)] = 60
    update_days: Annotated[int, Field(ge=1, le=28)] = 7
    offices_checked_months: Annotated[int, Field(ge=1, le=24)] = 3


class KindSettings(BaseModel):
    """Settings of a channel or a way out: ``kind`` names the file, the rest is that file's own ``Settings``."""

    model_config = ConfigDict(frozen=True, extra="allow")
    kind: str
    package: ClassVar[str] = ""

    @model_validator(mode="after")
    def _known(self) -> KindSettings:
        try:
            self.own()
        except UnknownKind as error:
            raise ValueError(str(error)) from error
        return self

    def own(self) -> Any:
        """Return the validated settings of the file that ``kind`` names."""
        return load(self.package, self.kind).Settings(**self.model_dump())


class ChannelSettings(KindSettings):
    """One door."""

    package: ClassVar[str] = "intake.channels"


class OutgoingSettings(KindSettings):
    """The way out for mail."""

    package: ClassVar[str] = "intake.outgoing"


class Settings(BaseSettings):
    """The whole tree; see ``config.example.toml`` for every key with its meaning."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="INTAKE_", env_nested_delimiter="__")
    store_url: str = "sqlite:///var/intake.db"
    key_file: Path = Path("var/intake.key")
    old_key_files: tuple[Path, ...] = ()
    letters_dir: Path | None = None
    model_dir: Path | None = None
    landlord: LandlordSettings
    teams: dict[str, TeamSettings]
    routing: RoutingSettings
    offices: dict[str, OfficeSettings]
    services: dict[str, OfficeSettings] = Field(default_factory=dict)
    signposts: dict[str, OfficeSettings] = Field(default_factory=dict)
    classifier: ClassifierSettings = ClassifierSettings()
    mail: MailSettings
    channels: tuple[ChannelSettings, ...] = ()
    outgoing: OutgoingSettings
    acknowledgement: AcknowledgementSettings = AcknowledgementSettings()
    calendar: CalendarSettings = CalendarSettings()
    manners: MannersSettings = MannersSettings()
    sweep: SweepSettings = SweepSettings()
    course: CourseSettings = CourseSettings()
    remedies: RemedySettings = RemedySettings()
    surveys: SurveySettings = SurveySettings()
    desk: DeskSettings = DeskSettings()
    public: PublicSettings = PublicSettings()
    second_reader: SecondReaderSettings | None = None
    scanning: ScanningSettings | None = None
    duty: DutySettings | None = None
    partners: AllPartners = ()
    building_safety: BuildingSafetySettings = BuildingSafetySettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # pydantic calls it with these names
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file; nothing else is read."""
        return (env_settings, init_settings)

    @model_validator(mode="after")
    def _channels_are_told_apart(self) -> Settings:
        names = [(channel.kind, channel.own().account) for channel in self.channels]
        if hook := getattr(self.outgoing.own(), "account", None):
            names.append((self.outgoing.kind, hook))
        # A platform finds its channel by the account alone, at /hooks/<account>.
        told = [account for kind, account in names if kind not in MAIL_DOORS]
        twice = sorted({name[1] for name in names if names.count(name) > 1} | {name for name in told if told.count(name) > 1})
        if twice:
            raise ValueError(f"channels: two have the account {twice[0]!r}: give each an account of its own")
        kinds = [channel.kind for channel in self.channels]
        if doubled := next((kind for kind in ONCE if kinds.count(kind) > 1), None):
            raise ValueError(f"channels: two are of the kind {doubled!r}; the public door has one page for it: take one out")
        return self

    @model_validator(mode="after")
    def _what_comes_elsewhere_is_answered(self) -> Settings:
        """Refuse accounts that take residents in by another's webhook, and have no table by which they could be answered."""
        named = {(channel.kind, channel.own().account) for channel in self.channels}
        for channel in self.channels:
            for theirs, account in getattr(channel.own(), "also", {}).items():
                if (channel.kind, account) not in named:
                    raise ValueError(
                        f"channels: also names {account!r} for {theirs}, and no [[channels]] of kind {channel.kind!r} has this "
                        "account, so nobody there could be answered: add one, or take it out of also"
                    )
        return self

    @model_validator(mode="after")
    def _answers_come_in(self) -> Settings:
        check_answers_come_in(self.mail, [channel.own() for channel in self.channels if channel.kind == "smtp"])
        return self

    @model_validator(mode="after")
    def _routes_lead_somewhere(self) -> Settings:
        for category, team in self.routing.model_dump().items():
            if team is not None and team not in self.teams:
                raise ValueError(f"routing.{category} names the team {team!r}, which is not under [teams]")
        if missing := next((office for office in OFFICES if office not in self.offices), None):
            raise ValueError(f"offices.{missing} is missing: letters need its details")
        return self


ONCE = ("webform", "webchat")
"""Kinds that are a page of the public door, which has one of each."""
MAIL_DOORS = ("smtp", "imap", "folder")
OFFICES = ("housing_ombudsman", "council_ombudsman", "building_safety_regulator", "council_complaints")
EXAMPLE = Path(__file__).resolve().parent.parent / "config.example.toml"


def find_file(given: Path | None) -> Path:
    """Return the file to read: the one given, ``INTAKE_CONFIG``, ``config.toml`` here, or the example that comes with it."""
    if given is not None:
        return given
    if "INTAKE_CONFIG" in os.environ:
        return Path(os.environ["INTAKE_CONFIG"])
    return Path("config.toml") if Path("config.toml").exists() else EXAMPLE


def load_settings(given: Path | None = None) -> Settings:
    """Read and check the settings, or raise ``Mistake`` with a sentence for each thing to mend."""
    path = find_file(given)
    try:
        text = path.read_text(encoding="utf-8")
        tree = tomllib.loads(text)
    except OSError as error:
        raise Mistake(f"{path} cannot be read ({error.strerror}): give its path with --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Mistake(f"{path} is not valid TOML: {error}") from error
    try:
        return Settings(**tree)
    except ValidationError as error:
        raise Mistake("\n".join(_sentence(path, text, item) for item in error.errors())) from error


def _sentence(path: Path, text: str, item: Any) -> str:
    parts = [str(part) for part in item["loc"]]
    line, key = _line_of(text, parts), ".".join(parts) or "the file"
    mend = {
        "extra_forbidden": "this key is not known: take it out, or look for a misspelling",
        "missing": "this key is missing: add it (config.example.toml shows one)",
    }.get(item["type"], str(item["msg"]).removeprefix("Value error, "))
    return f"{path}{f', line {line}' if line else ''}: {key}: {mend}"


def _line_of(text: str, parts: list[str]) -> int | None:
    """Return the line of the key, or of the table that it is missing from, as near as the text shows it."""
    lines = text.splitlines()
    for depth in range(len(parts), 0, -1):
        name = re.escape(parts[depth - 1])
        table = re.escape(".".join(parts[: depth - 1]))
        pattern = re.compile(rf"\s*(?:{name}\s*=|\[+{table + '.' if table else ''}{name}\]+)")
        inside = not table
        for number, line in enumerate(lines, start=1):
            if line.startswith("["):
                inside = not table or re.match(rf"\[+{table}[\].]", line) is not None or pattern.match(line) is not None
            if inside and pattern.match(line):
                return number
    return None
