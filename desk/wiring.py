"""The only place that builds: from the settings to a store, doors, handlers and ways out that know each other."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import structlog

from classifiers.verdict import Classifier, Text, Verdict
from desk.config import Mistake, OfficeSettings, Settings
from handlers.calendar import WorkingCalendar
from handlers.case_acts import Acts
from handlers.casework import Casework
from handlers.circumstances import Surroundings
from handlers.clock import Clock, SystemClock
from handlers.confirming import Confirming
from handlers.correspondence import Correspondence
from handlers.deciding import Deciding
from handlers.indexing import Indexing
from handlers.joining import Joining
from handlers.landlord import Landlord, Office, Team
from handlers.letters import LetterBook, LetterError
from handlers.manners import Limits, OwnAddresses
from handlers.outbox import LEASE as OUTBOX_LEASE
from handlers.outbox import Letterhead, Outbox
from handlers.reception import Reception
from handlers.relogging import Relogging
from handlers.replying import Replying
from handlers.rereading import Rereading
from handlers.settling import Settling
from handlers.spot_checks import Share, SpotChecks
from handlers.sweep import Sweep
from handlers.tokens import TokenKey
from handlers.triage import LEASE as TRIAGE_LEASE
from handlers.triage import Triage
from handlers.understanding import Understanding
from handlers.undoing import Undoing
from intake.channel import Listener, Outgoing
from intake.loading import load
from store.engine import Store, open_store

log = structlog.get_logger(__name__)

OnBorder = Callable[[str, str], None]


def landlord_of(settings: Settings) -> Landlord:
    """Return the landlord's facts as letters and rules need them."""
    offices = _offices(settings.offices)
    return Landlord(
        **settings.landlord.model_dump(),
        routing=settings.routing.model_dump(),
        teams={key: Team(key=key, **team.model_dump()) for key, team in settings.teams.items()},
        services=_offices(settings.services),
        signposts=_offices(settings.signposts),
        housing_ombudsman=offices["housing_ombudsman"],
        council_ombudsman=offices["council_ombudsman"],
        building_safety_regulator=offices["building_safety_regulator"],
        council_complaints=offices["council_complaints"],
    )


def own_addresses(settings: Settings, loop_mark: str) -> OwnAddresses:
    """Return every address that is ours, and the marks of our letters."""
    mail = settings.mail
    addresses = (mail.from_address, settings.landlord.complaints_email, *mail.own_addresses)
    return OwnAddresses(addresses=addresses, message_id_domain=mail.domain, loop_mark=loop_mark)


def _offices(offices: dict[str, OfficeSettings]) -> dict[str, Office]:
    return {key: Office(key=key, **office.model_dump(exclude={"last_checked"})) for key, office in offices.items()}


def token_key(path: Path) -> TokenKey:
    """Read the key of our Message-ID tokens, or make it on the first start, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    return _read_key(path)


def _read_key(path: Path) -> TokenKey:
    try:
        return TokenKey(secret=bytes.fromhex(path.read_text().strip()))
    except (ValueError, OSError) as error:
        raise Mistake(f"{path}: key_file cannot be used ({error}): restore it from the backup") from error


class NoClassifier:
    """Stands where no model could be loaded; asked, it fails, so that each message takes the path of doubt."""

    def __init__(self, reason: str) -> None:
        """Remember why there is no model, for ``intake status``."""
        self.model = f"none: {reason}"

    def classify(self, text: Text) -> Verdict:
        """Fail: there is nothing to judge with."""
        raise RuntimeError(f"{self.model} ({len(text.text)} characters unread)")


@dataclass(kw_only=True)
class House:
    """All parts of one running program; each is made when it is first asked for."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    woken: Callable[[], None] = lambda: None
    on_border: OnBorder | None = None
    triage_lease: timedelta = TRIAGE_LEASE
    outbox_lease: timedelta = OUTBOX_LEASE

    @cached_property
    def landlord(self) -> Landlord:
        """The landlord's facts."""
        return landlord_of(self.settings)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working days."""
        own = self.settings.calendar
        return WorkingCalendar(extra_holidays=own.extra_holidays, closed_days=own.closed_days)

    @cached_property
    def store(self) -> Store:
        """The open store."""
        return open_store(self.settings.store_url, self.on_border)

    @cached_property
    def classifier(self) -> Classifier:
        """The trained classifier."""
        # Imported here, for spaCy takes seconds and memory which a process that only receives should not spend.
        from classifiers.model_files import ModelError  # noqa: PLC0415
        from classifiers.pipeline import load as load_classifier  # noqa: PLC0415

        try:
            classifier: Classifier = load_classifier(self.settings.model_dir)
        except ModelError as error:
            # Residents are answered without it: every message gets a receipt and a person (design 2.5).
            log.error("no classifier: everything waits for a person", reason=str(error))  # noqa: TRY400
            return NoClassifier(str(error))
        return classifier

    @property
    def model_name(self) -> str:
        """The classifier's name; where nobody needs to judge, it is asked of the files alone, in milliseconds."""
        if "classifier" in self.__dict__:
            return self.classifier.model
        from classifiers.model_files import PACKAGED, ModelError, name_of  # noqa: PLC0415

        try:
            return name_of(self.settings.model_dir or PACKAGED)
        except ModelError as error:
            return f"none: {error}"

    @cached_property
    def key(self) -> TokenKey:
        """The key of our Message-ID tokens."""
        return token_key(self.settings.key_file)

    @cached_property
    def loop_mark(self) -> str:
        """Our value of ``X-Loop``: the same for every process that shares the key."""
        return hashlib.sha256(b"x-loop" + self.key.secret).hexdigest()[:20]

    @cached_property
    def own(self) -> OwnAddresses:
        """Every address that is ours."""
        return own_addresses(self.settings, self.loop_mark)

    @cached_property
    def reception(self) -> Reception:
        """The inbox that doors put messages into."""
        return Reception(self.store, self.clock, self.woken)

    @cached_property
    def correspondence(self) -> Correspondence:
        """Whoever writes letters."""
        try:
            letters = LetterBook(self.landlord, self.settings.letters_dir)
        except LetterError as error:
            raise Mistake(f"letters cannot be written: {error}") from error
        domain = self.settings.mail.domain
        return Correspondence(landlord=self.landlord, calendar=self.calendar, letters=letters, key=self.key, domain=domain)

    @cached_property
    def casework(self) -> Casework:
        """Whoever opens cases."""
        restricting = [str(flag) for flag in self.settings.desk.restricted_flags]
        return Casework(self.correspondence, self.landlord.reference_prefix, self.own, restricting)

    @cached_property
    def surroundings(self) -> Surroundings:
        """What decisions depend on."""
        manners = self.settings.manners
        return Surroundings(
            landlord=self.landlord,
            calendar=self.calendar,
            own=self.own,
            limits=Limits(**manners.model_dump()),
            acknowledge_automatically=self.settings.acknowledgement.mode == "automatic",
        )

    @cached_property
    def relogging(self) -> Relogging:
        """Whoever changes what a case is."""
        return Relogging(self.correspondence)

    def triage(self) -> Triage:
        """Return what settles the waiting messages."""
        authservs = self.settings.mail.trusted_authservs
        understanding = Understanding(classifier=self.classifier, own=self.own, trusted_authservs=authservs)
        settling = Settling(
            self.store,
            self.casework,
            self.surroundings,
            Joining(self.relogging),
            self.clock,
            rereading=Rereading(self.relogging),
        )
        return Triage(self.store, understanding, settling, self.clock, self.triage_lease)

    def deciding(self) -> Deciding:
        """Return what carries out a person's decision."""
        return Deciding(self.store, self.surroundings, self.casework, self.relogging, self.clock)

    @cached_property
    def undoing(self) -> Undoing:
        """Whoever puts back what people just did."""
        return Undoing(self.store, self.clock)

    @cached_property
    def acts(self) -> Acts:
        """What people's acts on cases are done with."""
        return Acts(store=self.store, clock=self.clock, calendar=self.calendar, landlord=self.landlord, own=self.own)

    @property
    def confirming(self) -> Confirming:
        """Whoever confirms definitions."""
        return Confirming(acts=self.acts, surroundings=self.surroundings, correspondence=self.correspondence)

    @cached_property
    def replying(self) -> Replying:
        """Whoever sends officers' replies."""
        hold = timedelta(seconds=self.settings.desk.undo_seconds)
        return Replying(store=self.store, correspondence=self.correspondence, clock=self.clock, hold=hold)

    def sweep(self) -> Sweep:
        """Return what acts when people were too slow."""
        days = self.settings.sweep.working_days_before
        share = Share(key=self.key, percent=self.settings.desk.spot_check_percent)
        checks = SpotChecks(self.store, share, self.calendar, self.landlord.routing["triage"], self.clock)
        return Sweep(self.store, self.surroundings, self.relogging, self.clock, working_days_before=days, spot_checks=checks)

    def indexing(self) -> Indexing:
        """Return what keeps search up to date."""
        return Indexing(self.store, self.clock)

    def outgoing(self) -> Outgoing:
        """Return the way out for mail."""
        chosen = self.settings.outgoing
        way: Outgoing = load(chosen.package, chosen.kind).build(chosen.own())
        return way

    def outbox(self, outgoing: Outgoing) -> Outbox:
        """Return what sends the letters."""
        mail = self.settings.mail
        head = Letterhead(address=mail.from_address, name=mail.from_name, loop_mark=self.loop_mark)
        return Outbox(self.store, {"mail": outgoing}, head, self.clock, self.outbox_lease)

    def doors(self) -> list[Listener]:
        """Return the channels' listeners, each under its own account."""
        return [self._door(channel) for channel in self.settings.channels]

    def _door(self, channel: Any) -> Listener:
        door: Listener = load(channel.package, channel.kind).build(channel.own(), self.reception, self.clock)
        return door
