"""What the public door is made of: all that it needs comes in here, for it knows neither store nor handlers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Annotated, cast

from fastapi import Depends, Request

from intake.channel import Inbox, Webhook
from intake.public.once import Signer
from intake.public.pages import Pages
from intake.public.residents import Residents
from intake.public.room import Room
from intake.public.throttling import Clock, Throttle

MEGABYTE = 1024 * 1024
LEAST_KEY_BYTES = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class LandlordFacts:
    """Everything about the landlord that a public page may say, in its own words."""

    name: str
    service_name: str
    phone: str
    emergency_phone: str
    emergency_hours: str
    """When the emergency line answers, as it stands after its number: "at any time of day or night"."""
    website: str
    privacy_url: str
    policy_url: str
    post: str
    email: str
    """Where residents write by mail."""
    accessible_formats: str
    """What can be asked for, after "in": "large print, Braille or another language"."""
    data_protection_contact: str
    ombudsman_name: str
    ombudsman_phone: str
    ombudsman_website: str
    brand_colour: str = "#1d4f60"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much one sender may bring: more is answered kindly, and never taken for granted."""

    posts: int = 20
    """Messages that one network address may send within ``minutes``: several households share one on mobile networks."""
    lines: int = 60
    """What it may add within ``minutes`` to conversations and cases that there are already: people chat in short lines."""
    looks: int = 600
    """How often it may look within ``minutes`` at a whole conversation."""
    refusals: int = 120
    """After how many tries within ``minutes`` not even the words of a message are read any more."""
    minutes: int = 10
    files: int = 10
    bytes_of_files: int = 20 * MEGABYTE
    bytes_at_once: int = 192 * MEGABYTE
    """How much of all posts with files that are coming in is held in memory, beside the words of each."""
    bytes_of_one: int = 96 * MEGABYTE
    """How much of that one network address may hold."""
    longest: timedelta = timedelta(minutes=10)
    """How long a post may take to come in: photos over a slow line, and no line that is held open on purpose."""
    webhook_bytes: int = 5 * MEGABYTE
    quickest: timedelta = timedelta(seconds=3)
    """A form that comes back sooner than this was filled in by a machine, or by somebody who is shown to a person."""
    patience: timedelta = timedelta(seconds=3)
    """How long a page waits for the reference before it is shown without."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """The public door of one landlord; ``key`` signs what must come back unchanged from a page."""

    inbox: Inbox
    clock: Clock
    residents: Residents
    landlord: LandlordFacts
    url: str
    """The address at which residents reach the door, without a slash at its end."""
    key: bytes = field(repr=False)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    """The channels that platforms tell of messages, by account."""
    form_account: str | None = "web"
    """The account of the web form's channel; None where there is no form."""
    chat_account: str | None = "chat"
    """The account of the web chat's channel; None where there is no chat."""
    chat_quiet: timedelta = timedelta(seconds=5)
    """How long somebody must be still in the web chat before what they wrote is read as one matter."""
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Refuse a key that could be guessed."""
        if len(self.key) < LEAST_KEY_BYTES:
            raise ValueError(f"the key of the public door needs {LEAST_KEY_BYTES} bytes or more")

    @cached_property
    def pages(self) -> Pages:
        """The pages, with what every one of them says."""
        return Pages({"landlord": self.landlord, "has_form": self.form_account, "has_chat": self.chat_account})

    @cached_property
    def signer(self) -> Signer:
        """What signs and knows again the names that pages carry."""
        return Signer(self.key)

    @cached_property
    def throttle(self) -> Throttle:
        """What counts the messages of each network address."""
        most = self.limits
        return Throttle(
            self.clock, posts=most.posts, lines=most.lines, looks=most.looks, refusals=most.refusals, minutes=most.minutes
        )

    @cached_property
    def room(self) -> Room:
        """What counts how much is held of posts that are coming in."""
        return Room(for_all=self.limits.bytes_at_once, for_one=self.limits.bytes_of_one)


def _door(request: Request) -> Door:
    return cast("Door", request.app.state.door)


TheDoor = Annotated[Door, Depends(_door)]
