"""What a resident says of themselves where a form asks for it: claims, each of which may be missing, and none is proved."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldFacts:
    """Name, ways to reach them, and their home, as they typed them."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    home: str | None = None
