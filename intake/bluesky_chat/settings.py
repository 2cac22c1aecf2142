"""What can be set about an account on Bluesky."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from intake.networks.settings import AccountName, WebAddress


class Settings(BaseModel):
    """One account of ours; times in seconds unless they say days.

    ``password_file`` holds an app password that was made with access to direct messages, never the account's own password.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["bluesky"] = "bluesky"
    account: AccountName = "bluesky"
    base_url: WebAddress = "https://bsky.social"
    """Where we log in; the account's own server is asked afterwards, if the login names one."""
    identifier: str = Field(min_length=3)
    """The account's handle or DID."""
    password_file: Path
    chat_service: str = "did:web:api.bsky.chat#bsky_chat"
    poll: float = Field(default=10, gt=0)
    longest_backoff: float = Field(default=300, gt=0)
    answer_within: float = Field(default=30, gt=0)
    settle: float = Field(default=3, ge=0)
    """How long after a lost answer we ask a second time whether the letter is there."""
    quiet_seconds: float = Field(default=10, ge=0, le=60)
    backfill_days: int = Field(default=7, ge=0, le=30)
    """When the account is read for the first time, what came in so many days before is read too."""
