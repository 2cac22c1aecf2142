"""One house, one desk and one browser for all page tests of a process."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "real"))

import estate
from browser import Browser
from crawl import Crawl, crawl, sent_in
from parts import need
from serving import served

from desk.web.app import application
from desk.web.desk import Desk
from desks import client_of
from houses import house_in


@pytest.fixture(scope="session")
def house(tmp_path_factory, migrated_sqlite):
    folder = tmp_path_factory.mktemp("estate")
    shutil.copyfile(migrated_sqlite, folder / "intake.db")
    made = house_in(folder, f"sqlite:///{folder}/intake.db")
    estate.fill(made)
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def spoilt(tmp_path_factory, migrated_sqlite, crawls):
    """Every form that changes something, sent in with nothing filled in, in a house of its own; the pages that came back."""
    folder = tmp_path_factory.mktemp("spoilt")
    shutil.copyfile(migrated_sqlite, folder / "intake.db")
    other = house_in(folder, f"sqlite:///{folder}/intake.db")
    estate.fill(other)
    app, answers = application(Desk(house=other)), []
    for username in ("nobody", "mina", "adam", "olive"):
        client = client_of(other, app)
        forms = {(form.route, frozenset(dict(form.fields))): form for form in crawls[username].forms if form.method == "post"}
        for form in forms.values():
            if username != "nobody":
                estate.cookie_of(other, client, username)
            answers.append(sent_in(client, form))
    yield answers
    other.store.close()


@pytest.fixture(scope="session")
def app(house):
    return application(Desk(house=house))


@pytest.fixture(scope="session")
def crawls(house, app) -> dict[str, Crawl]:
    """What each person reaches, and what somebody reaches who is not signed in ("nobody")."""
    made = {"nobody": crawl(client_of(house, app), ("/sign-in",))}
    for username in ("mina", "olive", "audrey", "adam"):
        client = client_of(house, app)
        estate.cookie_of(house, client, username)
        followed = estate.log_contacts(house, client) if username == "olive" else []
        made[username] = crawl(client, ("/", *followed, f"/cases/{estate.case_of(house, 'Greta Group').reference}"))
    return made


@pytest.fixture(scope="session")
def origin(app):
    """The address of the desk served over the loopback."""
    with served(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser(pytestconfig):
    need("chromium", "the package chromium", "chromium")
    running = Browser.running()
    yield at_the_browser(pytestconfig, running.__enter__)
    at_the_browser(pytestconfig, running.__exit__, None, None, None)


STAGE = pytest.StashKey[ThreadPoolExecutor]()
"""The one thread in which the browser is driven: its driver leaves an event loop running wherever it was started."""


def at_the_browser(config, act, *given, **named):
    """Do something in the browser's own thread."""
    if STAGE not in config.stash:
        config.stash[STAGE] = ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser")
    return config.stash[STAGE].submit(act, *given, **named).result()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run a test that uses the browser in the browser's thread, so that tests after it find theirs without a loop."""
    if "browser" not in pyfuncitem.fixturenames:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    at_the_browser(pyfuncitem.config, pyfuncitem.obj, **arguments)
    return True


@pytest.fixture(scope="session")
def window_of(browser, house, app, origin):
    """Open a window in which somebody is signed in, or "nobody"."""

    def opened(username, **more):
        cookie = None if username == "nobody" else estate.cookie_of(house, client_of(house, app), username)
        return browser.window(origin, cookie, **more)

    return opened
