"""The settings of the scanner, ``[scanning]``: where there are none, no file is scanned and the desk says so."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from desk.places import Strict
from intake.clamd import LARGEST, address_of


class ScanningSettings(Strict):
    """Where clamd listens, and how much it is given: ``largest`` in bytes, no more than its StreamMaxLength; times in seconds."""

    clamd: str
    largest: Annotated[int, Field(ge=1)] = LARGEST
    connect_seconds: Annotated[float, Field(gt=0, le=60)] = 5.0
    answer_seconds: Annotated[float, Field(gt=0, le=600)] = 60.0
    every_seconds: Annotated[float, Field(gt=0)] = 5.0

    @field_validator("clamd")
    @classmethod
    def _is_an_address(cls, text: str) -> str:
        address_of(text)
        return text
