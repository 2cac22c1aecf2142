"""The whole program, all its commands together, for tests that run one after another of them."""

from __future__ import annotations

from desk.cli import commands

app = commands()
