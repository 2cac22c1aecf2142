"""What ``intake status`` says of the machine at work: the same on the terminal, as JSON, and on the desk's health page."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from all_commands import app
from classifiers.taxonomy import Category
from desk.commands.upkeep import _print
from desk.config import EXAMPLE
from desk.health import look
from desks import signed_in
from handlers.spot_checks import Share, SpotChecks
from handlers.tokens import TokenKey
from houses import NOON, arrive, mail, settle
from store.models import Disposition, Message, Verdicting
from store.schema import migrate

DAY = timedelta(days=1)
EVERY_ONE = Share(key=TokenKey(secret=bytes(range(32))), percent=100.0)


def take_in(house, *words):
    for number, text in enumerate(words):
        arrive(house, mail(text, sender=f"r{number}@resident.example", subject=f"{house.clock.now():%j} {number}"))
    settle(house)
    house.clock.at += timedelta(minutes=10)


def say(house, category, *texts):
    """Let a person judge the messages with these words."""
    with house.store.glance() as glance:
        found = {message.new_text.strip(): message.id for message in glance.find(Message)}
    for text in texts:
        house.deciding().decide(found[text], Category(category), "olive", "looked at it")


def watched(house):
    return look(house).as_object()


@pytest.fixture
def house(house_of):
    """Return a house in which all that was sent away is checked: one miss, one confirmed, one waiting; two complaints found."""
    house = house_of()
    take_in(house, *(f"service_request! {n}" for n in range(3)), "complaint! late", "service_request? cold", "asb_report? loud")
    SpotChecks(house.store, EVERY_ONE, house.calendar, "complaints", house.clock).once()
    house.clock.at += DAY
    say(house, "complaint", "service_request! 0", "service_request? cold")
    say(house, "service_request", "service_request! 1")
    say(house, "asb_report", "asb_report? loud")
    return house


def test_live_recall_is_told_from_real_checks_of_real_messages(house):
    told = watched(house)["live_recall"]
    counted = ("sent_away", "drawn", "checked", "changed", "missed", "known_missed", "found", "unchecked_stretches")
    assert [told[name] for name in counted] == [3, 3, 2, 1, 1, 1, 2, 0]
    # Of three sent away two were checked, one was missed: 1.5 of them, beside two that were found.
    assert (told["missed_estimate"], told["recall"]) == pytest.approx((1.5, 2 / 3.5))
    assert told["missed_interval"] == {"low": 1, "high": 2}
    assert told["interval"] == {"low": 0.5, "high": pytest.approx(2 / 3)}
    assert told["enough"] is True


def set_on(house, words, **values):
    with house.store.unit("T6") as unit:
        (message,) = unit.find(Message, new_text=words)
        unit.update(Message, message.id, **values)
        unit.commit()


def test_what_a_colleague_wrote_down_is_not_counted(house):
    set_on(house, "complaint! late", channel="telephone")
    told = watched(house)
    assert (told["live_recall"]["found"], told["drift"]["windows"][0]["number"]) == (1, 5)


def test_a_reply_counts_for_drift_and_not_for_recall_as_a_person_sees_it_anyway(house):
    set_on(house, "complaint! late", disposition=Disposition.FOLLOW_UP)
    told = watched(house)
    assert (told["live_recall"]["found"], told["drift"]["windows"][0]["number"]) == (1, 6)


def test_disagreement_is_told_by_route_and_category(house):
    told = watched(house)["disagreement"]
    assert told["days"] == 90
    assert [(told[route]["all"]["judged"], told[route]["all"]["changed"]) for route in ("auto", "triage")] == [(2, 1), (2, 1)]
    assert told["triage"]["asb_report"]["changed"] == 0 and told["triage"]["service_request"]["share"] == 1


def test_reasons_and_routes_are_told(house):
    told = watched(house)["drift"]
    assert told["before_days"] == [28, 118]
    assert told["codes"]["unsure"]["number"] == 2
    assert (told["automatic"]["number"], told["automatic"]["of"], told["channels"]["smtp"]["of"]) == (4, 6, 6)
    assert (told["models"], told["models_before"]) == ({"judge-1": 6}, {})


def test_what_is_long_past_is_what_the_present_is_held_against_and_then_forgotten(house):
    house.clock.at = NOON + 60 * DAY
    take_in(house, "out_of_scope! bins")
    told = watched(house)
    assert (told["drift"]["windows"][0]["number"], told["drift"]["windows"][0]["number_before"]) == (1, 6)
    assert told["live_recall"]["checked"] == 2
    house.clock.at = NOON + 120 * DAY
    told = watched(house)
    assert (told["drift"]["windows"][1]["number"], told["drift"]["windows"][1]["number_before"]) == (0, 1)
    assert (told["live_recall"]["checked"], told["live_recall"]["recall"], told["disagreement"]["auto"]["all"]["judged"]) == (
        0,
        None,
        0,
    )


def test_a_resident_who_says_what_they_meant_is_no_verdict_of_the_machine_and_no_word_of_staff(house):
    """Such a row is written by the machine and names the resident; the message's own verdict is counted once."""
    with house.store.unit("T6") as unit:
        (message,) = unit.find(Message, new_text="service_request! 2")
        row = unit.find(Verdicting, message_id=message.id)[0].model_dump()
        unit.insert(Verdicting, [{**row, "id": None, "category": "complaint", "model": "the resident"}])
        unit.commit()
    told = watched(house)
    assert (told["drift"]["windows"][0]["number"], told["live_recall"]["found"], told["live_recall"]["known_missed"]) == (
        6,
        2,
        1,
    )


def test_an_empty_house_has_nothing_to_say_and_says_so(house_of):
    assert watched(house_of())["watching"] == [
        "nothing can be said of live recall: no message of the last 90 days was drawn for a check",
        "too few messages to tell drift from chance: 0 in 28 days, 0 before",
    ]


def test_the_health_page_says_the_same_as_the_command(house):
    page = " ".join(signed_in(house, "adam", "administrator").get("/settings/health").text.split())
    for sentence in look(house).watched.says:
        assert sentence.replace("'", "&#39;") in page
    for row in look(house).shares:
        assert "".join(f'<td class="govuk-table__cell">{cell}</td>' for cell in row[1:]) in page


def test_the_command_prints_the_same(house, capsys):
    health = look(house)
    _print(health)
    printed = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    for row in health.shares:
        assert " ".join(row) in lines
    assert [f"- {sentence}" for sentence in health.watched.says] == [line for line in lines if line.startswith("- ")]
    assert "of those that did: not sure enough" in printed and "live recall 0.571" in printed


def test_the_commands_json_has_stable_names(tmp_path):
    """Others read these: add to them freely, rename none."""
    text = EXAMPLE.read_text()
    for name in ("intake.db", "intake.key", "sent"):
        text = text.replace(f"var/{name}", f"{tmp_path}/{name}")
    (tmp_path / "config.toml").write_text(text)
    migrate(f"sqlite:///{tmp_path}/intake.db")
    done = CliRunner().invoke(app, ["status", "--json", "--config", str(tmp_path / "config.toml")])
    told = json.loads(done.stdout)
    assert set(told["live_recall"]) == {
        *("days", "sent_away", "unchecked_stretches", "drawn", "checked", "changed", "missed", "known_missed", "found"),
        *("missed_estimate", "missed_interval", "recall", "interval", "enough", "says"),
    }
    assert set(told["drift"]) == {"before_days", "windows", "automatic", "channels", "codes", "models", "models_before"}
    (week, month) = told["drift"]["windows"]
    assert (week["days"], month["days"]) == (7, 28)
    assert set(week) == {"days", "number", "number_before", "index", "by_chance", "moved", "categories"}
    assert set(week["categories"]) == set(Category)
    share = {"number", "of", "share", "number_before", "of_before", "share_before", "difference", "moved"}
    assert set(week["categories"]["complaint"]) == set(told["drift"]["automatic"]) == share
    assert set(told["disagreement"]) == {"days", "auto", "triage"}
    assert set(told["disagreement"]["auto"]) == {"all", *Category}
    assert set(told["disagreement"]["auto"]["all"]) == {"judged", "changed", "share", "interval"}
    assert all(isinstance(sentence, str) for sentence in told["watching"])
