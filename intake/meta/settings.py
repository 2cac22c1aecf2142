"""What can be set about an account at Meta, whichever of its three channels it is on; secrets are files, read when needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

MEBIBYTE = 1024 * 1024
GRAPH = "https://graph.facebook.com"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Account = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
MEDIA_HOSTS = (".fbcdn.net", ".fbsbx.com", ".facebook.com", ".cdninstagram.com", ".whatsapp.net")


class AccountSettings(BaseModel):
    """One account (a page, an Instagram account or a telephone number) of one app; times in seconds, sizes in bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Account = "meta"
    """Names it for ever: it is part of each resident's identity, and of the webhook's address, ``/hooks/<account>``."""
    app_secret_file: Path
    """Signs the webhooks: App settings, Basic, App secret. Accounts of one app have the same."""
    verify_token_file: Path
    """A long text of your own making, typed again where the webhook is set up."""
    access_token_file: Path
    """A token that does not run out: of a page, or of a system user."""
    app_id: str | None = None
    """The app's id, to find it among those that are subscribed; without it Meta is asked whose the token is."""
    also: dict[str, Account] = Field(default_factory=dict)
    """Ids of other accounts whose messages come to this webhook too (one app has one address), and their names here."""
    base_url: str = GRAPH
    api_version: str = Field(default="v26.0", pattern=r"^v\d{2,3}\.\d$")
    proof: bool = True
    """Whether calls carry ``appsecret_proof``, which an app may require and always takes."""
    media_hosts: tuple[str, ...] = MEDIA_HOSTS
    """Files are fetched from hosts that end so, and from no others."""
    quiet_seconds: float = Field(default=8, ge=0, le=600)
    max_file_size: int = Field(default=25 * MEBIBYTE, ge=1024)
    max_body: int = Field(default=5 * MEBIBYTE, ge=1024)
    """Of one webhook request; Meta puts at most 1,000 updates into one."""
    connect_timeout: float = Field(default=10, gt=0)
    timeout: float = Field(default=30, gt=0)
    longest_wait: float = Field(default=20, ge=0)
    """When told to wait, a letter waits at most so long before it is put back."""
    check_seconds: float = Field(default=86_400, gt=0)
    """How often the subscription and the API version's end are looked at."""

    @model_validator(mode="after")
    def _in_private(self) -> AccountSettings:
        # The access token travels with each call.
        parts = urlsplit(self.base_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and self.is_local):
            raise ValueError("base_url must begin with https:// (or be on the loopback, for tests)")
        return self

    @property
    def own_id(self) -> str:
        """Return Meta's id of the account, by which webhooks name it."""
        raise NotImplementedError

    @property
    def is_local(self) -> bool:
        """Say whether Meta is played by a server on this machine."""
        return urlsplit(self.base_url).hostname in LOOPBACK

    def app_secret(self) -> str:
        """Return the app's secret as its file says now, so that a new one needs no restart."""
        return self.app_secret_file.read_text().strip()

    def verify_token(self) -> str:
        """Return the text that whoever sets up the webhook must know."""
        return self.verify_token_file.read_text().strip()

    def access_token(self) -> str:
        """Return the token that calls carry."""
        return self.access_token_file.read_text().strip()
