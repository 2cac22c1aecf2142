"""The fixtures of the contract suite: each channel in turn, and what opens a scene for it."""

from __future__ import annotations

import asyncio
import inspect
from pathlib import Path

import pytest

from channels.scenes import BENCHES, CHANNELS, Stage, staged
from store.engine import Store


@pytest.fixture
def database() -> str:
    """Return the database of this suite: the doors see the inbox alone, whose own suite runs on both."""
    return "sqlite"


@pytest.fixture(params=[kind for kind in CHANNELS if kind in BENCHES])
def kind(request: pytest.FixtureRequest) -> str:
    """Return each channel in turn; that each has a bench is a test of its own."""
    return str(request.param)


@pytest.fixture
def stage(kind: str, store: Store, tmp_path: Path) -> Stage:
    """Return what opens a scene for this channel."""
    return lambda: staged(kind, store, tmp_path)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run tests that are coroutines, each in an event loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}))
    return True
