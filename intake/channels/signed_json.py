"""Any in-house system of the landlord, such as its own app or an SMS gateway: signed JSON over https, both ways.

In: ``POST /hooks/<account>`` with ``{"updates": [...]}``. Out: ``POST <base_url>/messages`` and ``GET <base_url>/files/<id>``.
Every request has a time, ``X-Intake-Timestamp`` in seconds since 1970, and ``X-Intake-Signature``: ``sha256=`` and the HMAC
in hex over that time, a dot, and the raw body (of a GET, ``/files/<id>``). See docs/adding-a-channel.md, part by part.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, get_args
from urllib.parse import quote, urlsplit

import httpx2
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from intake.channel import Inbox, InboxUnavailable, PermanentFailure, Reply, RouteClosed, Sent, TemporaryFailure
from intake.channel import WebhookAnswer as Answer
from intake.channel import WebhookRequest as Request
from intake.chat import Act, ChatFacts, FetchedFile, FileToFetch, Progress, media_type_of
from intake.identity import Identity, identity_of
from intake.message import InboundMessage, Reading, Sender
from intake.splitting import split
from intake.storable import one_line, storable

KIND: Literal["signed_json"] = "signed_json"
NAME = "our own app"
MEDIA_TYPE = media_type_of(KIND)
TOLD = {"about", "pressed", "progress", "code"}
OLDEST = timedelta(days=30)  # a message that says it is older than this when it comes has a wrong clock


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


class Settings(BaseModel):
    """One in-house system; times in seconds, sizes in bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["signed_json"] = KIND
    account: str = Field(default="app", pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    base_url: str
    secret_file: Path
    replay_seconds: float = Field(default=300, gt=0)
    """A signature with a time further away than this is refused, so that nobody can post an old request again."""
    quiet_seconds: float = Field(default=20, ge=0)
    longest: int = Field(default=1600, ge=100)
    max_file_size: int = Field(default=20_000_000, gt=0)
    timeout: float = Field(default=15, gt=0)

    @field_validator("base_url")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        parts, loopback = urlsplit(url), ("127.0.0.1", "::1", "localhost")
        if not (parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in loopback))):
            raise ValueError("base_url must begin with https:// (or http:// on this machine alone)")
        return url.rstrip("/")


Words = Annotated[str, BeforeValidator(lambda told: storable(told) if isinstance(told, str) else told)]
Id = Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]
User = Annotated[str, Field(pattern=r"^[!-\]_-~]{1,200}$")]


class File(BaseModel):
    """A file that the system holds for us."""

    id: Id
    name: Words | None = None
    type: Words | None = None
    size: int | None = Field(default=None, ge=0)

    @property
    def to_fetch(self) -> FileToFetch:
        """What ``fetch`` needs."""
        return FileToFetch(reference=json.dumps(self.id), **self.model_dump(exclude={"id"}))


class Update(BaseModel):
    """One update: ``id`` is its own, even when it is ``about`` an earlier message; ``person`` is whose conversation it is."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: Id
    type: Words
    person: User
    name: Words = ""
    at: AwareDatetime | None = None
    text: Words = ""
    files: tuple[File, ...] = ()
    about: Id | None = None
    pressed: Words | None = None
    progress: Progress | None = None
    code: Words | None = None

    @property
    def act(self) -> Act:
        """What it is; a type that we do not know is a message, for a person to look at."""
        return next((act for act in get_args(Act) if act == self.type), "message")


class Kept(BaseModel):
    """What is kept of each update: a batch of one."""

    account: str
    updates: Annotated[list[Update], Field(min_length=1, max_length=1)]


def build(settings: Settings, inbox: Inbox, clock: Clock) -> SignedJson:
    """Make the channel that these settings describe."""
    return SignedJson(settings, inbox, clock)


class SignedJson:
    """One in-house system: told of messages by its requests, and telling it our letters."""

    channel = KIND
    window: timedelta | None = None

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Hand what comes to ``inbox``; connect with the first letter."""
        self.account, self.quiet = settings.account, timedelta(seconds=settings.quiet_seconds)
        self.longest: int | None = settings.longest
        self._settings, self._inbox, self._clock = settings, inbox, clock
        self._client = httpx2.AsyncClient(timeout=settings.timeout, follow_redirects=False, trust_env=False)

    async def listen(self) -> None:
        """Wait until cancelled: what there is to hear comes to ``answer``."""
        await asyncio.Event().wait()

    def answer(self, request: Request) -> Answer:
        """Keep what a rightly signed request brings, and only then say 200."""
        if request.method != "POST":
            return Answer(status=405)
        try:
            if not self._is_signed(request):
                self._inbox.refused(KIND, self.account)
                return Answer(status=401)
            self._inbox.put([self._message(update) for update in _updates(request.body)])
        except (InboxUnavailable, OSError):
            # The inbox, or the file with the secret, is away: the system posts again.
            return Answer(status=503)
        return Answer(status=200)

    async def send(self, reply: Reply) -> Sent:
        """Post the letter; its parts have ids by which the system knows a repeat, so that any doubt may be tried again."""
        to = identity_of(reply.recipient)
        if to is None or to.way != f"{KIND}:{self.account}":
            raise PermanentFailure("the letter is for somebody on another channel")
        parts = split(reply.short or reply.text, self._settings.longest)
        buttons = [{"label": button.label, "payload": button.payload} for button in reply.buttons]
        given: list[str | None] = []
        for number, part in enumerate(parts, start=1):
            letter = {"id": f"{reply.message_id}:{number}", "to": to.user, "text": part, "automatic": reply.automatic}
            given.append(await self._post(letter | ({"buttons": buttons} if buttons and number == len(parts) else {})))
        earlier = tuple(filter(None, given[:-1]))
        return Sent(answer=f"taken in {len(parts)} part(s)", provider_id=given[-1] if given else None, earlier_ids=earlier)

    async def fetch(self, file: FileToFetch) -> FetchedFile:
        """Fetch a file by its id, and no further than it may be long."""
        if (file.size or 0) > self._settings.max_file_size:
            raise PermanentFailure("the file is larger than allowed")
        path, content = f"/files/{quote(json.loads(file.reference), safe='')}", bytearray()
        try:
            # Plain, as a small packed answer could unpack to anything.
            headers = self._headers(path.encode()) | {"Accept-Encoding": "identity"}
            async with self._client.stream("GET", self._settings.base_url + path, headers=headers) as answer:
                await _judge(answer)
                async for piece in answer.aiter_raw():
                    content += piece
                    if len(content) > self._settings.max_file_size:
                        raise PermanentFailure("the file is larger than allowed")
        except (httpx2.HTTPError, OSError) as error:
            raise TemporaryFailure(f"the file could not be fetched: {type(error).__name__}") from error
        return FetchedFile(content=bytes(content), name=file.name, type=file.type)

    async def close(self) -> None:
        """Let go of kept connections."""
        await self._client.aclose()

    async def _post(self, letter: dict[str, Any]) -> str | None:
        body = json.dumps(letter).encode()
        try:
            headers = self._headers(body) | {"Content-Type": "application/json"}
            answer = await self._client.post(f"{self._settings.base_url}/messages", content=body, headers=headers)
        except (httpx2.HTTPError, OSError) as error:
            raise TemporaryFailure(f"the system could not be reached: {type(error).__name__}") from error
        await _judge(answer)
        return str(_said(answer).get("id") or "") or None

    def _headers(self, signed: bytes) -> dict[str, str]:
        time = str(int(self._clock.now().timestamp()))
        return {"X-Intake-Timestamp": time, "X-Intake-Signature": self._signature(time, signed)}

    def _signature(self, time: str, signed: bytes) -> str:
        # Read anew each time, so that a new secret needs no restart.
        secret = self._settings.secret_file.read_bytes().strip()
        if not secret:
            raise OSError("the file with the secret is empty")
        return "sha256=" + hmac.new(secret, time.encode() + b"." + signed, hashlib.sha256).hexdigest()

    def _is_signed(self, request: Request) -> bool:
        time, given = request.header("x-intake-timestamp") or "", request.header("x-intake-signature") or ""
        if not (time.isascii() and time.isdigit() and len(time) <= len("1795348800")):
            return False
        is_ours = hmac.compare_digest(self._signature(time, request.body).encode(), given.encode())
        return is_ours and abs(self._clock.now().timestamp() - int(time)) <= self._settings.replay_seconds

    def _message(self, told: Any) -> InboundMessage:
        """Wrap one update; one that makes no sense is kept as well, and waits for a person."""
        now = self._clock.now()
        raw = told if isinstance(told, bytes) else json.dumps({"account": self.account, "updates": [told]}).encode()
        own = f"unread:{hashlib.sha256(raw).hexdigest()}"
        kept = InboundMessage(
            channel=KIND, account=self.account, external_id=own, received_at=now, raw=raw, media_type=MEDIA_TYPE
        )
        try:
            update = Update.model_validate(told)
        except ValueError:
            return replace(kept, problem="the update is not of the agreed shape")
        is_message, person = update.act == "message", Identity(channel=KIND, account=self.account, user=update.person)
        return replace(
            kept,
            external_id=update.id,
            received_at=update.at if update.at and now - OLDEST <= update.at <= now else now,
            conversation=str(person),
            act=update.act,
            quiet=self.quiet if is_message else timedelta(0),
            files=tuple(file.to_fetch for file in update.files) if is_message else (),
        )


def read(raw: bytes, received_at: datetime | None) -> Reading:
    """Read one kept update, or raise ``ValueError`` where it is none."""
    kept = Kept.model_validate(json.loads(raw))
    update = kept.updates[0]
    person = str(Identity(channel=KIND, account=kept.account, user=update.person))
    return Reading(
        message_id=update.id,
        sender=Sender(address=person, name=one_line(update.name, 100) or None),
        date=update.at or received_at,
        text=update.text,
        new_text=update.text,
        new_ranges=((0, len(update.text)),) if update.text else (),
        channel_kind="chat",
        content_key=hashlib.sha256(f"{MEDIA_TYPE} {kept.account} {update.id}".encode()).hexdigest(),
        unreadable=update.act == "message" and not update.text.strip() and not update.files,
        problems=() if update.type in get_args(Act) else (f"unsupported:{one_line(update.type, 40)}",),
        chat=ChatFacts(act=update.act, conversation=person, happened_at=update.at, **update.model_dump(include=TOLD)),
    )


def _updates(body: bytes) -> list[Any]:
    """Cut a request into its updates; a body of another shape is one, as it came."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return [body]
    updates = told.get("updates") if isinstance(told, dict) else None
    return updates if isinstance(updates, list) else [body]


def _said(answer: httpx2.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


async def _judge(answer: httpx2.Response) -> None:
    """Raise what an answer that is no yes means for the letter or the file."""
    if answer.is_success:
        return
    status = answer.status_code
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        asked = answer.headers.get("Retry-After", "")
        # What is left of a longer pause is for the outbox, which backs off.
        await asyncio.sleep(min(float(asked), 10) if asked.isdecimal() else 1)
        raise TemporaryFailure("the system asks for a pause")
    # A wrong secret is mended by a person in time, and no letter need fail for it.
    if answer.is_server_error or status == httpx2.codes.UNAUTHORIZED:
        raise TemporaryFailure(f"the system answered {status}")
    await answer.aread()
    why = _said(answer).get("error")
    if why in ("window", "blocked", "gone"):
        raise RouteClosed(f"the system answered {status}: {why}", why)
    raise PermanentFailure(f"the system answered {status}")
