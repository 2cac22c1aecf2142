"""Finds the channel that a configuration names: ``kind = "smtp"`` is the file ``intake/channels/smtp.py``."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import timedelta
from functools import cache
from types import ModuleType

CHANNELS = "intake.channels"
WAYS_OUT = "intake.outgoing"


class UnknownKind(ValueError):
    """The configuration names a channel or a way out that does not exist."""


def load(package: str, kind: str) -> ModuleType:
    """Import ``<package>.<kind>``, or raise ``UnknownKind`` with the kinds there are.

    Every such module offers ``Settings`` (a frozen pydantic model, ``extra="forbid"``) and ``build(settings, ...)``; a channel also
    its ``NAME`` and, where the platform takes letters for a while only, its ``WINDOW``. A way out that hears later what became of
    letters offers ``read`` too, and its ``build`` takes an inbox and a clock as a channel's does.
    """
    known = kinds(package)
    if kind not in known:
        raise UnknownKind(f"there is no {package.rsplit('.', 1)[-1]} kind {kind!r}; the kinds are {', '.join(known)}")
    return importlib.import_module(f"{package}.{kind}")


def reader_of(kind: str) -> ModuleType:
    """Return the file that reads what a channel kept, or a way out that hears what became of letters."""
    return load(WAYS_OUT if is_way_out(kind) else CHANNELS, kind)


@cache
def is_way_out(kind: str) -> bool:
    """Say whether what is kept under this name is what a way out for mail heard, and not a channel."""
    return kind in kinds(WAYS_OUT) and kind not in kinds(CHANNELS)


@cache
def name_of(kind: str) -> str | None:
    """Return what people call a channel, in the middle of a sentence: its file says so as ``NAME``. None where it has no file."""
    name: str | None = load(CHANNELS, kind).NAME if kind in kinds(CHANNELS) else None
    return name


@cache
def window_of(kind: str) -> timedelta | None:
    """Return how long after somebody's last words a channel's platform takes a letter: its file's ``WINDOW``; None for ever."""
    window: timedelta | None = getattr(load(CHANNELS, kind), "WINDOW", None) if kind in kinds(CHANNELS) else None
    return window


def kinds(package: str) -> list[str]:
    """Return the kinds that a package offers, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(importlib.import_module(package).__path__))
