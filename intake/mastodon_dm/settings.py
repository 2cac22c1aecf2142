"""What can be set about an account on a Mastodon server."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from intake.networks.settings import MEBIBYTE, AccountName, WebAddress


class Settings(BaseModel):
    """One account of ours on one server; times in seconds unless they say days, sizes in bytes.

    The token (the file's only line) needs the scopes ``read`` and ``write:statuses``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["mastodon"] = "mastodon"
    account: AccountName = "mastodon"
    base_url: WebAddress
    """The server that our account is on."""
    token_file: Path
    poll: float = Field(default=5, gt=0)
    """Two requests a look: the server allows 300 in five minutes for everything."""
    longest_backoff: float = Field(default=300, gt=0)
    answer_within: float = Field(default=30, gt=0)
    quiet_seconds: float = Field(default=10, ge=0, le=60)
    max_file_size: int = Field(default=40 * MEBIBYTE, ge=1024)
    backfill_days: int = Field(default=7, ge=1, le=30)
    """When the account is read for the first time, what came in so many days before is read too.

    So far back, and among the newest forty mentions, edits, deletions and late comers are noticed as well.
    """
