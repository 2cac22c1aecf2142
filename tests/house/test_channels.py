"""A file in ``intake/channels`` is a door and one in ``intake/outgoing`` a way out: each keeps the same contract."""

import inspect
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError

from desk.web import words
from intake import loading
from intake.channel import Correspondent, Listener, Outgoing

DOORS = loading.kinds("intake.channels")
WAYS_OUT = loading.kinds("intake.outgoing")
ALL = [*(("intake.channels", kind) for kind in DOORS), *(("intake.outgoing", kind) for kind in WAYS_OUT)]


def needed(settings, tmp_path):
    """Return a value for each setting that has no default, and one of the keys where there are two kinds."""
    asked = {"accept_costs": True} if "accept_costs" in settings.model_fields else {}
    two_keys = "oauth" in settings.model_fields and settings.model_fields["username"].is_required()
    asked |= {"password_file": tmp_path} if two_keys else {}
    return asked | {name: value(name, field, tmp_path) for name, field in settings.model_fields.items() if field.is_required()}


def value(name, field, tmp_path):
    if field.annotation is UUID:
        return UUID(int=1)
    if name in ("path", "password_file"):
        return tmp_path
    return "https://x.example" if name.endswith("url") else "x.example"


def test_the_kinds_of_the_first_issue_are_there():
    assert {"smtp", "imap", "folder"} <= set(DOORS)
    assert {"smtp", "maildir", "notify"} <= set(WAYS_OUT)


@pytest.mark.parametrize(("package", "kind"), ALL)
def test_every_kind_has_settings_that_are_frozen_and_refuse_what_they_do_not_know(package, kind, tmp_path):
    settings = loading.load(package, kind).Settings
    assert issubclass(settings, BaseModel)
    assert settings.model_config.get("frozen")
    values = needed(settings, tmp_path)
    assert settings(**values).kind == kind
    assert settings(**values, kind=kind).kind == kind
    for wrong in ({"kind": "another"}, {"no_such_setting": 1}):
        with pytest.raises(ValidationError):
            settings(**(values | wrong))


@pytest.mark.parametrize("kind", DOORS)
def test_every_door_is_built_from_settings_inbox_and_clock(kind, tmp_path):
    module = loading.load("intake.channels", kind)
    assert list(inspect.signature(module.build).parameters) == ["settings", "inbox", "clock"]
    door = module.build(module.Settings(**needed(module.Settings, tmp_path)), NoInbox(), NoClock())
    assert isinstance(door, Listener)
    assert door.account


@pytest.mark.parametrize("kind", DOORS)
def test_every_channel_says_what_people_call_it(kind):
    assert loading.name_of(kind) == loading.load("intake.channels", kind).NAME == words.CHANNELS[kind]
    assert "_" not in loading.name_of(kind)


@pytest.mark.parametrize("kind", WAYS_OUT)
def test_every_way_out_is_built_from_its_settings_and_one_that_hears_of_letters_like_a_door(kind, tmp_path):
    module = loading.load("intake.outgoing", kind)
    asked = list(inspect.signature(module.build).parameters)
    own = module.Settings(**needed(module.Settings, tmp_path))
    if asked == ["settings"]:
        assert isinstance(module.build(own), Outgoing)
        return
    assert asked == ["settings", "inbox", "clock"]
    assert isinstance(module.build(own, NoInbox(), NoClock()), Correspondent)
    assert loading.reader_of(kind) is module
    assert callable(module.read)


@pytest.mark.parametrize("kind", ["fax", "", "smtp.x", "../smtp", "__init__"])
def test_an_unknown_kind_is_answered_with_the_kinds_there_are(kind):
    with pytest.raises(loading.UnknownKind, match=r"folder, imap, .*smtp"):
        loading.load("intake.channels", kind)


class NoInbox:
    """An inbox that nothing may be put in while a door is only built."""

    def put(self, messages):
        raise AssertionError

    def position(self, account, folder):
        raise AssertionError

    def heard(self, channel, account, error=None):
        raise AssertionError


class NoClock:
    """A clock that nobody may ask while a door is only built."""

    def now(self):
        raise AssertionError
