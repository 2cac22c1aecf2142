"""Finds the channel that a configuration names: ``kind = "smtp"`` is the file ``intake/channels/smtp.py``."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


class UnknownKind(ValueError):
    """The configuration names a channel or a way out that does not exist."""


def load(package: str, kind: str) -> ModuleType:
    """Import ``<package>.<kind>``, or raise ``UnknownKind`` with the kinds there are.

    Every such module offers ``Settings`` (a frozen pydantic model, ``extra="forbid"``) and ``build(settings, ...)``.
    """
    known = kinds(package)
    if kind not in known:
        raise UnknownKind(f"there is no {package.rsplit('.', 1)[-1]} kind {kind!r}; the kinds are {', '.join(known)}")
    return importlib.import_module(f"{package}.{kind}")


def kinds(package: str) -> list[str]:
    """Return the kinds that a package offers, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(importlib.import_module(package).__path__))
