"""What can be set about GOV.UK Notify; the key and the callbacks' token are files, read anew whenever they are needed."""

from __future__ import annotations

import hmac
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

API = "https://api.notifications.service.gov.uk"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST = 840
"""Seconds in which a letter must have gone or failed: a minute less than whoever sends it holds it for itself."""
LEAST_TOKEN = 10
"""Characters of a bearer token that Notify takes."""
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_KEY = re.compile(rf"([^\s]{{1,255}})-{_UUID}-{_UUID}")


class WrongKey(Exception):
    """The key may not be used; the sentence says why and tells nothing of the key."""


class Settings(BaseModel):
    """One service at GOV.UK Notify with one email template; times in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["notify"] = "notify"
    account: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")] = "notify"
    """Part of the address that Notify is told to call back: ``/hooks/<account>``."""
    key_file: Path
    key_type: Literal["test", "team", "live"] = "test"
    """Of which type the key is, which Notify itself never tells: the key's name must hold this word."""
    template_id: UUID
    reply_to_id: UUID | None = None
    """The intake mailbox among the service's reply-to addresses; the service's default where there is none."""
    callback_token_file: Path
    """What Notify shows when it calls back, typed there as the bearer token."""
    base_url: str = API
    ca_file: Path | None = None
    """Certificates to trust instead of those that the client brings."""
    connections: int = Field(default=4, ge=1, le=50)
    timeout: float = Field(default=30, gt=0)
    """How long the client waits for a connection, and for each piece of an answer."""
    deadline: float = Field(default=60, gt=0)
    """How long one call may take in all, waiting for its turn included."""
    reconcile_within: float = Field(default=60, ge=0)
    """How long Notify is asked whether it has a letter on which it gave no answer."""
    reconcile_every: float = Field(default=5, gt=0)
    check_seconds: float = Field(default=3600, gt=0)
    """How often key and template are looked at."""

    @model_validator(mode="after")
    def _in_private_and_in_time(self) -> Settings:
        parts = urlsplit(self.base_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("base_url must begin with https:// (or be on the loopback, for tests)")
        if 3 * self.deadline + self.reconcile_within > LONGEST:
            raise ValueError(
                f"three times deadline and reconcile_within must be {LONGEST} seconds or less together: "
                "a letter is held no longer"
            )
        return self

    def key(self) -> str:
        """Return the key as its file says now; raise ``WrongKey`` where it is none, or not of the type that is set."""
        key = self.key_file.read_text(encoding="utf-8").strip()
        found = _KEY.fullmatch(key)
        if found is None:
            raise WrongKey("key_file holds no key of GOV.UK Notify's: copy it again, whole, from API integration")
        if self.key_type not in re.split(r"[^a-z]+", found[1].lower()):
            # Nothing in a key or in an answer tells its type, so whoever made it must have said so in its name.
            raise WrongKey(
                f'key_type is "{self.key_type}" and the key\'s name does not say so: make a key with "{self.key_type}" in its '
                "name, or mend key_type"
            )
        return key

    def is_callback_token(self, shown: str) -> bool:
        """Say whether this is the token of the callbacks, in constant time; a file without one lets nobody in."""
        token = self.callback_token_file.read_text(encoding="utf-8").strip()
        return len(token) >= LEAST_TOKEN and hmac.compare_digest(token.encode(), shown.encode("utf-8", "replace"))

    def mistakes(self) -> list[str]:
        """Return a sentence for each thing about the key and the token that somebody must mend, or should know."""
        found = []
        try:
            self.key()
            if self.key_type == "test":
                found.append('key_type is "test": Notify takes every letter and delivers none')
            if len(self.callback_token_file.read_text(encoding="utf-8").strip()) < LEAST_TOKEN:
                found.append(f"callback_token_file holds fewer than {LEAST_TOKEN} characters: Notify takes no such token")
        except WrongKey as error:
            found.append(str(error))
        except (OSError, UnicodeDecodeError):
            pass  # that a file cannot be read is said of every secret's file alike
        return found
