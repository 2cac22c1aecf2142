"""What the pages of the door and of the desk have alike: addresses of static files, and what an error summary lists."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path


def asset_of(static: Path) -> Callable[[str], str]:
    """Return what gives the address of a static file, with its content's hash so that browsers may keep it."""

    @cache
    def asset(name: str) -> str:
        digest = hashlib.sha256((static / name).read_bytes()).hexdigest()[:12]
        return f"/static/{name}?{digest}"

    return asset


def summary(errors: Mapping[str, str]) -> Sequence[dict[str, str]]:
    """Return what the error summary lists: each sentence, linked to its field."""
    return [{"text": sentence, "href": f"#{field}"} for field, sentence in errors.items()]
