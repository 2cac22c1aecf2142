"""The only place that builds: from the settings to a store, doors, handlers and ways out that know each other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

import structlog

from classifiers.verdict import Classifier
from desk.config import Mistake, Settings
from desk.course_wiring import chores_of, course_of
from desk.facts import buildings_of, landlord_of, old_token_keys, own_addresses, token_key
from desk.public_wiring import page_of
from desk.site_model import classifier_of, name_of_model
from desk.triage_wiring import triage_of
from desk.ways_out import doors_of, letterhead_of, way_out, windows_of
from handlers.address_confirmation import AddressConfirmation
from handlers.calendar import WorkingCalendar
from handlers.case_acts import Acts
from handlers.casework import Casework
from handlers.circumstances import Surroundings
from handlers.clock import Clock, SystemClock
from handlers.confirming import Confirming
from handlers.correspondence import Correspondence
from handlers.course.acting import Course
from handlers.deciding import Deciding
from handlers.fetching import Fetching
from handlers.hazards.buildings import Buildings
from handlers.indexing import Indexing
from handlers.joined_letter import JoinedLetter
from handlers.landlord import Landlord
from handlers.letters import LetterBook, LetterError
from handlers.logging_apart import LoggingApart
from handlers.manners import Limits, OwnAddresses
from handlers.outbox import LEASE as OUTBOX_LEASE
from handlers.outbox import Outbox
from handlers.reception import Reception
from handlers.reconciling import Reconciling
from handlers.relogging import Relogging
from handlers.reply_addresses import ReplyAddresses
from handlers.replying import Replying
from handlers.spot_checks import Share, SpotChecks
from handlers.sweep import Sweep
from handlers.tokens import TokenKey
from handlers.triage import LEASE as TRIAGE_LEASE
from handlers.triage import Triage
from handlers.undoing import Undoing
from intake.channel import Channel, Listener, Outgoing
from intake.contained import ContainedReader
from intake.identity import MAIL
from store.engine import Store, open_store

log = structlog.get_logger(__name__)

OnBorder = Callable[[str, str], None]


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
    def buildings(self) -> Buildings:
        """The landlord's register of its high buildings."""
        return buildings_of(self.settings)

    @cached_property
    def store(self) -> Store:
        """The open store."""
        return open_store(self.settings.store_url, self.on_border)

    @cached_property
    def classifier(self) -> Classifier:
        """The trained classifier."""
        return classifier_of(self.settings)

    @property
    def model_name(self) -> str:
        """The classifier's name; where nobody needs to judge, it is asked of the files alone, in milliseconds."""
        return self.classifier.model if "classifier" in self.__dict__ else name_of_model(self.settings)

    @cached_property
    def key(self) -> TokenKey:
        """The key of our Message-ID tokens."""
        return token_key(self.settings.key_file)

    @cached_property
    def old_keys(self) -> tuple[TokenKey, ...]:
        """The keys before it, of which what they made is still believed."""
        return old_token_keys(self.settings.old_key_files)

    @cached_property
    def reply_addresses(self) -> ReplyAddresses | None:
        """What makes the addresses at which letters ask to be answered, where the landlord has a domain for them."""
        domain = self.settings.mail.reply_domain
        return ReplyAddresses(key=self.key, domain=domain, old_keys=self.old_keys) if domain else None

    @cached_property
    def loop_mark(self) -> str:
        """Our value of ``X-Loop``: the same for every process that shares the key."""
        return hashlib.sha256(b"x-loop" + self.key.secret).hexdigest()[:20]

    @cached_property
    def own(self) -> OwnAddresses:
        """Every address that is ours."""
        return own_addresses(self.settings, self.loop_mark, self.key, *self.old_keys)

    @cached_property
    def reader(self) -> ContainedReader:
        """Whoever reads mail, in a process of its own."""
        return ContainedReader()

    @cached_property
    def reception(self) -> Reception:
        """The inbox that doors put messages into."""
        return Reception(self.store, self.clock, self.woken)

    @cached_property
    def letters(self) -> LetterBook:
        """All letters of the landlord."""
        try:
            return LetterBook(self.landlord, self.settings.letters_dir)
        except LetterError as error:
            raise Mistake(f"letters cannot be written: {error}") from error

    @cached_property
    def correspondence(self) -> Correspondence:
        """Whoever writes letters."""
        domain = self.settings.mail.domain
        return Correspondence(
            landlord=self.landlord,
            calendar=self.calendar,
            letters=self.letters,
            key=self.key,
            domain=domain,
            page_of=page_of(self.settings, self.key),
            public_answer=self.settings.public.answer_in_public,
        )

    @property
    def confirmation(self) -> AddressConfirmation:
        """Whoever asks residents whether an address that they gave is theirs."""
        url = self.settings.public.url
        return AddressConfirmation(correspondence=self.correspondence, page=lambda token: f"{url}/proof/{token}", own=self.own)

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
        return triage_of(self)

    def deciding(self) -> Deciding:
        """Return what carries out a person's decision."""
        return Deciding(self.store, self.surroundings, self.casework, self.relogging, self.clock)

    @property
    def logging_apart(self) -> LoggingApart:
        """What gives messages that joined a case their own."""
        return LoggingApart(self.acts, self.surroundings, self.casework)

    @cached_property
    def undoing(self) -> Undoing:
        """Whoever puts back what people just did."""
        return Undoing(self.store, self.clock)

    @cached_property
    def acts(self) -> Acts:
        """What people's acts on cases are done with."""
        return Acts(store=self.store, clock=self.clock, calendar=self.calendar, landlord=self.landlord, own=self.own)

    @cached_property
    def course(self) -> Course:
        """What acts on a complaint's course are done with."""
        return course_of(self)

    @property
    def joined_letter(self) -> JoinedLetter:
        """Whoever tells residents that their complaint goes on in another."""
        return JoinedLetter(surroundings=self.surroundings, correspondence=self.correspondence)

    @property
    def confirming(self) -> Confirming:
        """Whoever confirms definitions."""
        return Confirming(
            acts=self.acts,
            surroundings=self.surroundings,
            correspondence=self.correspondence,
            posting=self.course.posting,
        )

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
        return Sweep(
            self.store,
            self.surroundings,
            self.relogging,
            self.clock,
            working_days_before=days,
            spot_checks=checks,
            reconciling=Reconciling(self.store, self.clock, self.landlord.routing["triage"]),
            chores=chores_of(self),
        )

    def indexing(self) -> Indexing:
        """Return what keeps search up to date."""
        return Indexing(self.store, self.clock, self.reader)

    def outgoing(self) -> Outgoing:
        """Return the way out for mail."""
        return way_out(self.settings.outgoing, self.reception, self.clock)

    def outbox(self, outgoing: Outgoing) -> Outbox:
        """Return what sends the letters: mail by this way out, all else by the channel that it belongs to."""
        ways: dict[str, Outgoing] = {MAIL: outgoing, **self.talking}
        return Outbox(self.store, ways, letterhead_of(self), self.clock, self.outbox_lease)

    def fetching(self) -> Fetching:
        """Return what fetches the files that platforms hold for us."""
        return Fetching(self.store, self.talking, self.clock, self.landlord.routing["triage"])

    def doors(self) -> list[Listener]:
        """Return the channels' listeners, each under its own account, and the way out's if it hears what became of letters."""
        return doors_of(self.settings, self.reception, self.clock)

    @cached_property
    def talking(self) -> dict[str, Channel]:
        """The channels that letters leave by too, by their ways (``telegram:housing-bot``)."""
        return {f"{door.channel}:{door.account}": door for door in self.doors() if isinstance(door, Channel)}

    @cached_property
    def windows(self) -> dict[str, timedelta]:
        """How long after a resident's last words an officer's letter is taken, by its way, where that is longer than others'."""
        return windows_of(self.settings)

    @property
    def longest(self) -> dict[str, int]:
        """How many characters one message holds, by its way; others take a letter as one. Some learn it as they run."""
        return {way: door.longest for way, door in self.talking.items() if door.longest is not None}
