"""What can be set about a token: who gives it, and for which credential; secrets stand in files, never in the settings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Microsoft(BaseModel):
    """An application registered in Entra ID with IMAP.AccessAsApp or SMTP.SendAsApp (mail rule F7)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["microsoft"]
    tenant: str = Field(min_length=1, pattern=r"^[A-Za-z0-9.\-]+$")
    client_id: str = Field(min_length=1)
    certificate_file: Path | None = None
    key_file: Path | None = None
    client_secret_file: Path | None = None
    secret_ends: date | None = None
    """The day on which the client secret ends: nothing but the portal knows it."""
    authority: str = Field(default="https://login.microsoftonline.com", pattern=r"^https://")
    scope: str = "https://outlook.office365.com/.default"
    ca_file: Path | None = None
    """Certificates to trust instead of the machine's own."""

    @model_validator(mode="after")
    def _one_credential(self) -> Self:
        if (self.certificate_file is None) != (self.key_file is None):
            raise ValueError("certificate_file and key_file belong together: give both or neither")
        if (self.certificate_file is None) == (self.client_secret_file is None):
            raise ValueError("give either certificate_file and key_file, or client_secret_file")
        return self


class Google(BaseModel):
    """A service account with domain-wide delegation for the mail scope (mail rule F7)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["google"]
    service_account_file: Path
    scope: str = "https://mail.google.com/"
    ca_file: Path | None = None


OAuth = Annotated[Microsoft | Google, Field(discriminator="kind")]
