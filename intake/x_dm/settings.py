"""What can be set about an account on X, and the word that its price is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from intake.networks.settings import MEBIBYTE, AccountName, WebAddress


class Settings(BaseModel):
    """One account of ours; times in seconds unless they say hours, sizes in bytes. See docs/x.md.

    ``token_file`` holds the login of our account as X gave it (OAuth 2.0, JSON with ``access_token`` and ``refresh_token``);
    it is written anew whenever the login is renewed, so it must stand in a folder of ours. ``secret_file`` holds the app's
    consumer secret, by which X signs what it posts to us.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["x"] = "x"
    account: AccountName = "x"
    accept_costs: bool = False
    user_id: str = Field(pattern=r"^[!-\]_-~]{1,30}$")
    """The number of our account."""
    secret_file: Path
    token_file: Path
    client_id: str = Field(min_length=1)
    client_secret_file: Path | None = None
    """Only for an app that X calls confidential."""
    base_url: WebAddress = "https://api.x.com"
    answer_within: float = Field(default=30, gt=0)
    settle: float = Field(default=3, ge=0)
    """How long after a lost answer we ask a second time whether the letter is there."""
    quiet_seconds: float = Field(default=10, ge=0, le=60)
    max_file_size: int = Field(default=40 * MEBIBYTE, ge=1024)
    look_every_hours: float = Field(default=24, ge=0)
    """How often we ask for messages of which we were not told; each that is listed costs money; 0 for never."""

    @model_validator(mode="after")
    def _price_is_accepted(self) -> Self:
        if not self.accept_costs:
            raise ValueError(
                "X charges for every message read ($0.010) and sent ($0.015), and its encrypted chats are not read at all:"
                " write accept_costs = true to say that this is known, or leave X out (see docs/x.md)"
            )
        return self
