"""The settings of the second reader, ``[second_reader]``: where there are none, nobody is asked and nothing leaves the house."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classifiers.second_reader import Endpoint


class SecondReaderSettings(BaseModel):
    """A chat-completions endpoint that the landlord runs itself, and how much it is asked; times in seconds.

    ``key_file`` holds its key, ``ca_file`` the certificate authority of its certificate, where that is the landlord's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    base_url: str
    model: Annotated[str, Field(min_length=1, max_length=100)]
    key_file: Path | None = None
    ca_file: Path | None = None
    connect_seconds: Annotated[float, Field(gt=0, le=60)] = 5.0
    answer_seconds: Annotated[float, Field(gt=0, le=300)] = 60.0
    json_mode: bool = True
    daily_limit: Annotated[int, Field(ge=1)] = 200
    batch: Annotated[int, Field(ge=1, le=100)] = 10
    every_seconds: Annotated[float, Field(gt=0)] = 30.0
    other_languages: bool = False

    @model_validator(mode="after")
    def _kept_from_listeners(self) -> SecondReaderSettings:
        self.endpoint()
        return self

    def endpoint(self) -> Endpoint:
        """Return where the reader is; an address on the way to which others could read along is refused."""
        return Endpoint(
            base_url=self.base_url,
            model=self.model,
            key_file=self.key_file,
            ca_file=self.ca_file,
            connect_within=self.connect_seconds,
            answer_within=self.answer_seconds,
            json_mode=self.json_mode,
        )
