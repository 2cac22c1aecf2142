"""``intake train --corrections`` and ``--rollback``, and which model the house then judges with."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from all_commands import app
from classifiers.encoder import ABOUT, ENCODER, GRAPH, about_encoder
from classifiers.model_files import save
from classifiers.site_models import InUse, alone, in_use, name_before, put
from classifiers.taxonomy import Category, Flag
from desk.commands.learning import staff_of
from desk.config import EXAMPLE
from desk.health import look
from desk.site_model import model_folder, name_of_model
from houses import Judge, arrive, mail, settings_in, settle
from site_houses import tiny_model
from store.models import Message
from store.schema import migrate


class Office:
    """A landlord's folder, with a packaged model that is small, and one of its own if it is given one."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.own, self.base = folder, folder / "model", folder / "base"
        text = EXAMPLE.read_text("utf-8").replace("var/", f"{folder}/")
        (folder / "config.toml").write_text(text, "utf-8")
        migrate(f"sqlite:///{folder}/intake.db")
        self.encoder = about_encoder()["sha256"][GRAPH]
        save(tiny_model("pair-1", encoder=self.encoder), self.base)

    def train(self, *options: str) -> Result:
        given = ("--config", str(self.folder / "config.toml"), "--base", str(self.base))
        return CliRunner().invoke(app, ["train", *options, *given])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_with_nothing_put_right_it_says_so_and_does_nothing(office):
    done = office.train("--corrections")
    assert done.exit_code == 0
    assert "Nothing is learnt yet: 0 messages were put right, and 10 are needed." in done.stdout
    assert json.loads(office.train("--corrections", "--json").stdout)["model"] is None
    assert not (office.own / "model.json").exists()


def test_rolling_back_says_which_model_is_in_use_now(office):
    put(tiny_model("pair-1+12-ab", "pair-1", office.encoder), office.own, {})
    put(tiny_model("pair-1+30-cd", "pair-1", office.encoder), office.own, {})
    assert "In use from now on: pair-1+12-ab." in office.train("--rollback").stdout
    assert json.loads(office.train("--rollback", "--json").stdout)["model"] == "pair-1+30-cd"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(("--rollback",), "There is nothing to go back to", id="no model of its own"),
        pytest.param(("--rollback", "--corrections"), "give one of them", id="both at once"),
        pytest.param(("--full", "weights", "--corrections"), "give one of them", id="encoder and the landlord's own"),
        pytest.param(("--full", "weights", "--output", "there"), "leave --output out", id="encoder elsewhere"),
        pytest.param(
            ("--corrections", "--output", "elsewhere", "--base", "nowhere"), "No usable model in nowhere", id="no base"
        ),
    ],
)
def test_wrong_use_is_one_sentence_and_a_code_of_its_own(office, options, says, monkeypatch):
    monkeypatch.chdir(office.folder)
    given = ("--config", str(office.folder / "config.toml"))
    done = CliRunner().invoke(app, ["train", *options, *given])
    assert done.exit_code == 2
    assert says in done.stderr


@pytest.mark.parametrize(("torch", "code", "says"), [(None, 2, "requirements-full.lock"), ("there", 1, "was not made")])
def test_an_encoder_that_cannot_be_made_leaves_the_packaged_one_as_it_was(office, monkeypatch, torch, code, says):
    monkeypatch.chdir(office.folder)
    monkeypatch.setattr("desk.commands.judgement.find_spec", lambda _: torch)
    before = (ENCODER / ABOUT).read_bytes()
    done = CliRunner().invoke(app, ["train", "--full", str(office.folder / "no weights")])
    assert (done.exit_code, says in done.stderr) == (code, True)
    assert (ENCODER / ABOUT).read_bytes() == before and not (office.folder / "var/tuning/encoder").exists()


@pytest.mark.parametrize(
    ("changes", "folder"),
    [
        ({"store_url": "sqlite:///var/intake.db", "key_file": "/etc/intake/key"}, "var/model"),
        ({"store_url": "sqlite:////srv/intake/intake.db?timeout=5"}, "/srv/intake/model"),
        ({"store_url": "postgresql+psycopg://host/intake", "key_file": "/etc/intake/key"}, "/etc/intake/model"),
        ({"store_url": "sqlite:///var/intake.db", "model_dir": "/srv/model"}, "/srv/model"),
    ],
)
def test_the_landlords_own_model_stands_beside_the_store_unless_it_is_told_otherwise(tmp_path, changes, folder):
    paths = {name: Path(value) if name != "store_url" else value for name, value in changes.items()}
    settings = settings_in(tmp_path, "sqlite:///var/intake.db").model_copy(update=paths)
    assert model_folder(settings) == Path(folder)


def test_the_house_has_the_landlords_own_model_and_status_says_when_it_cannot_be_used(house_of, tmp_path):
    own = tmp_path / "own"
    own.parent.mkdir(exist_ok=True)
    house = house_of(model_dir=own)
    put(tiny_model("our-own", encoder=about_encoder()["sha256"][GRAPH]), own, {})
    assert name_of_model(house.settings) == "our-own"
    assert not [one for one in look(house).troubles if "landlord's own model" in one]
    put(tiny_model("our-older", encoder="another"), own, {})
    assert name_of_model(house.settings) != "our-older"
    (trouble,) = [one for one in look(house).troubles if "landlord's own model" in one]
    assert "made beside another encoder" in trouble


def test_every_correction_carries_who_and_why_and_what_the_machine_had_said(house_of):
    house = house_of()
    first = arrive(house, mail("out_of_scope! May I have an allotment?"))
    arrive(house, mail("service_request! Nobody judges this.", sender="bo@resident.example"))
    settle(house)
    house.deciding().decide(first, Category.SERVICE_REQUEST, "A. Officer", "ours", flags=[Flag.GROUP])
    (one,) = staff_of(house.settings).corrections
    assert (one.by, one.why, one.example.labels.category) == ("A. Officer", "ours", Category.SERVICE_REQUEST)
    assert one.example.labels.flags == {Flag.GROUP}
    assert one.machine is not None
    assert (one.machine.labels.category, one.machine.automatic, one.machine.model) == (Category.OUT_OF_SCOPE, True, "judge-1")
    assert one.changes
    assert not one.machine.drawn


def test_what_a_spot_check_drew_is_told_apart_and_how_many_it_was_drawn_from(house_of):
    house = house_of()
    house.settings.desk.__dict__["spot_check_percent"] = 100.0
    first = arrive(house, mail("service_request! Please mend the tap."))
    arrive(house, mail("out_of_scope! A parking ticket.", sender="bo@resident.example"))
    arrive(house, mail("complaint! Nobody came.", sender="cy@resident.example"))
    settle(house)
    house.clock.at += timedelta(minutes=10)
    house.sweep().once()
    house.deciding().decide(first, Category.SERVICE_REQUEST, "A. Officer", "looked at")
    staff = staff_of(house.settings)
    assert [one.machine.drawn for one in staff.corrections] == [True]
    assert not staff.corrections[0].changes
    assert staff.sent_away == {"judge-1": 2}


@pytest.mark.parametrize(
    ("base", "encoder", "says"),
    [
        pytest.param("pair-0", None, "made from pair-0", id="outdated"),
        pytest.param("pair-1", "another", "made beside another encoder", id="unusable"),
    ],
)
def test_a_model_that_is_outdated_or_unusable_is_set_aside_where_nothing_takes_its_place(office, base, encoder, says):
    put(tiny_model("own-12", base, encoder or office.encoder), office.own, {})
    assert in_use(office.own, office.base).trouble is not None
    done = office.train("--corrections")
    assert done.exit_code == 0
    assert "Set aside, so that the packaged model judges:" in done.stdout
    assert says in done.stdout
    assert in_use(office.own, office.base) == InUse(folder=office.base, name="pair-1")
    assert name_before(office.own) == "own-12"
    assert "Set aside" not in office.train("--corrections").stdout


def test_a_model_that_is_as_it_should_be_stays_where_nothing_is_learnt(office):
    put(tiny_model("pair-1+12-ab", "pair-1", office.encoder), office.own, {})
    assert json.loads(office.train("--corrections", "--json").stdout)["set_aside"] is None
    assert in_use(office.own, office.base).name == "pair-1+12-ab"


@pytest.mark.parametrize("option", ["--corrections", "--rollback"])
def test_beside_a_training_that_is_at_work_there_is_no_other_and_no_going_back(office, option):
    put(tiny_model("pair-1+12-ab", "pair-1", office.encoder), office.own, {})
    with alone(office.own):
        done = office.train(option)
    assert done.exit_code == 2
    assert "Another `intake train` is at work" in done.stderr
    assert in_use(office.own, office.base).name == "pair-1+12-ab"


def test_a_correction_says_of_which_case_and_whom_it_is_and_which_words_are_names(house_of):
    house = house_of()
    first = arrive(house, mail("out_of_scope! May I have an allotment?", sender="zora.okonkwo@resident.example"))
    settle(house)
    house.deciding().decide(first, Category.SERVICE_REQUEST, "A. Officer", "ours")
    (one,) = staff_of(house.settings).corrections
    assert one.sender == "zora.okonkwo@resident.example"
    assert {"zora", "okonkwo", "zora.okonkwo@resident.example"} <= one.names
    assert one.case not in {"", one.example.id}


def test_what_a_colleague_wrote_down_and_what_came_twice_teach_nothing(house_of):
    house = house_of()
    numbers = [
        arrive(house, mail(f"out_of_scope! May I have plot {one}?", sender=f"{one}@resident.example"))
        for one in ("an", "bo", "cy")
    ]
    settle(house)
    for number in numbers:
        house.deciding().decide(number, Category.SERVICE_REQUEST, "A. Officer", "ours")
    assert len(staff_of(house.settings).corrections) == 3
    assert staff_of(house.settings).sent_away == {"judge-1": 3}
    # As a logged contact and a second copy are kept.
    with house.store.unit("desk") as unit:
        unit.update(Message, numbers[0], channel="telephone")
        unit.update(Message, numbers[1], duplicate_of=numbers[2])
        unit.commit()
    staff = staff_of(house.settings)
    assert [one.sender for one in staff.corrections] == ["cy@resident.example"]
    assert staff.sent_away == {"judge-1": 2}


class Newer(Judge):
    """The judge after a restart with another model."""

    model = "judge-2"


def test_status_says_when_the_latest_verdict_is_by_another_model_than_the_one_installed(house_of):
    house = house_of()
    assert look(house).notes == []
    first = arrive(house, mail("service_request! The tap drips."))
    settle(house)
    house.deciding().decide(first, Category.SERVICE_REQUEST, "A. Officer", "ours")
    assert look(house).notes == []
    house.__dict__["classifier"] = Newer()
    (note,) = look(house).notes
    assert "installed here is judge-2, and the latest verdict is by judge-1" in note
    assert "restart" in note
