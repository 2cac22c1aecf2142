"""A landlord's own model in its folder: which is in use, how one takes another's place, and how it comes back."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from classifiers.encoder import ABOUT, GRAPH
from classifiers.encoder import FORMAT as ENCODER_FORMAT
from classifiers.heads import QUESTIONS
from classifiers.model_files import ModelError, read, save
from classifiers.site_models import (
    PREVIOUS,
    SCORECARDS,
    STAGING,
    alone,
    in_use,
    name_before,
    note_refusal,
    put,
    roll_back,
    set_aside,
)
from site_houses import tiny_model


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    encoder = tmp_path / "encoder"
    encoder.mkdir()
    about = {"format": ENCODER_FORMAT, "questions": list(QUESTIONS), "sha256": {GRAPH: "e1"}}
    (encoder / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    save(tiny_model("pair-1"), tmp_path / "packaged")
    return {"own": tmp_path / "var" / "model", "packaged": tmp_path / "packaged", "encoder": encoder}


@pytest.fixture
def own(places):
    places["own"].parent.mkdir()
    return places["own"]


def names(places) -> tuple[str, str | None]:
    chosen = in_use(**places)
    return chosen.name, chosen.trouble


def test_without_a_model_of_its_own_a_landlord_has_the_packaged_one(places):
    assert names(places) == ("pair-1", None)
    assert in_use(**places).folder == places["packaged"]


def test_a_new_model_is_in_use_and_wide_weights_are_kept(places, own):
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {"new": 1})
    assert names(places) == ("pair-1+12-ab", None)
    assert (read(own).heads.weights == 300).all()
    assert json.loads((own / SCORECARDS).read_text("utf-8")) == {"new": 1}


def test_rolling_back_goes_one_step_and_again_undoes_it(places, own):
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {"of": "first"})
    put(tiny_model("pair-1+30-cd", "pair-1"), own, {"of": "second"})
    roll_back(own)
    assert names(places)[0] == "pair-1+12-ab"
    assert json.loads((own / SCORECARDS).read_text("utf-8")) == {"of": "first"}
    roll_back(own)
    assert names(places)[0] == "pair-1+30-cd"


def test_rolling_back_from_the_first_goes_to_the_packaged_one_and_the_next_model_comes_after_that(places, own):
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {})
    roll_back(own)
    assert names(places) == ("pair-1", None)
    put(tiny_model("pair-1+30-cd", "pair-1"), own, {})
    roll_back(own)
    assert names(places) == ("pair-1", None)
    assert read(own / PREVIOUS).name == "pair-1+30-cd"


def test_there_must_be_something_to_go_back_to(own):
    with pytest.raises(ModelError, match="nothing to go back to"):
        roll_back(own)


def test_nothing_is_left_lying_about(places, own):
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {})
    put(tiny_model("pair-1+30-cd", "pair-1"), own, {})
    roll_back(own)
    assert [path.name for path in own.parent.iterdir()] == ["model"]
    assert sorted(path.name for path in own.iterdir()) == ["model.json", PREVIOUS, SCORECARDS, "weights.npz"]


def spoil_weights(folder: Path) -> None:
    (folder / "weights.npz").write_bytes(b"half a file")


def forget_weights(folder: Path) -> None:
    (folder / "weights.npz").unlink()


def of_an_older_format(folder: Path) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"format": 2}), "utf-8")


def beside_another_encoder(folder: Path) -> None:
    save(tiny_model("pair-0+12-ab", "pair-0", encoder="e0"), folder)


@pytest.mark.parametrize("spoil", [spoil_weights, forget_weights, of_an_older_format, beside_another_encoder])
def test_a_model_that_cannot_be_used_is_named_and_the_packaged_one_judges(places, own, spoil):
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {})
    spoil(own)
    name, trouble = names(places)
    assert name == "pair-1"
    assert "the packaged one judges" in trouble
    assert "intake train --corrections" in trouble


def test_a_model_from_an_older_packaged_one_is_used_and_named(places, own):
    put(tiny_model("pair-0+12-ab", "pair-0"), own, {})
    name, trouble = names(places)
    assert name == "pair-0+12-ab"
    assert "made from pair-0, and the program now comes with pair-1" in trouble


def test_a_model_that_was_made_otherwise_has_no_base_to_fall_behind(places, own):
    put(replace(tiny_model("our-own"), about={}), own, {})
    assert names(places) == ("our-own", None)


def test_without_a_packaged_model_that_can_be_used_there_is_none(places):
    (places["packaged"] / "model.json").unlink()
    with pytest.raises(ModelError):
        in_use(**places)


@pytest.mark.parametrize("key", ["name", "weights_sha256", "encoder_sha256", "about"])
def test_a_model_that_does_not_say_all_that_is_asked_is_named_as_trouble(places, own, key):
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {})
    readable = json.loads((own / "model.json").read_text("utf-8"))
    del readable[key]
    (own / "model.json").write_text(json.dumps(readable), "utf-8")
    name, trouble = names(places)
    assert name == "pair-1"
    assert "incomplete" in trouble


@pytest.mark.parametrize("written", ["[]", '"words"', "3"])
def test_what_is_no_model_at_all_is_named_as_trouble(places, own, written):
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {})
    (own / "model.json").write_text(written, "utf-8")
    assert names(places)[0] == "pair-1"


def test_a_model_that_is_set_aside_lets_the_packaged_one_judge_and_can_come_back(places, own):
    put(tiny_model("pair-0+12-ab", "pair-0"), own, {})
    set_aside(own)
    assert names(places) == ("pair-1", None)
    roll_back(own)
    assert names(places)[0] == "pair-0+12-ab"


def test_the_name_of_the_one_before_is_known_where_there_is_one(own):
    assert name_before(own) is None
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {})
    put(tiny_model("pair-1+30-cd", "pair-1"), own, {})
    assert name_before(own) == "pair-1+12-ab"


def test_two_trainings_at_once_are_one_too_many_and_a_lock_goes_with_whoever_held_it(own):
    with alone(own), pytest.raises(ModelError, match="Another `intake train` is at work"), alone(own):
        pass
    with alone(own):
        assert own.is_dir()


def test_what_a_crash_left_while_a_model_was_put_there_is_no_hindrance(places, own):
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {})
    save(tiny_model("pair-1+20-half", "pair-1"), own / STAGING)
    put(tiny_model("pair-1+30-cd", "pair-1"), own, {})
    assert names(places)[0] == "pair-1+30-cd"
    assert not (own / STAGING).exists()


def test_a_folder_that_cannot_be_written_is_one_sentence_and_leaves_the_model_in_use(places, own):
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {})
    # A file stands where the new model is to be staged, which no rights get past.
    (own / STAGING).write_text("in the way", "utf-8")
    with pytest.raises(ModelError, match="cannot be written"):
        put(tiny_model("pair-1+30-cd", "pair-1"), own, {})
    with pytest.raises(ModelError, match="cannot be written"):
        roll_back(own)
    assert names(places)[0] == "pair-1+12-ab"
    (own.parent / "file").write_text("no folder", "utf-8")
    for act in (alone(own.parent / "file").__enter__, lambda: note_refusal(own.parent / "file", {})):
        with pytest.raises(ModelError, match="cannot be written"):
            act()


def test_whoever_only_asks_which_model_is_in_use_waits_for_no_spacy(places, own):
    put(tiny_model("pair-1+12-ab", "pair-1"), own, {})
    asked = (
        "import sys; from pathlib import Path; from classifiers.site_models import in_use; "
        "print(in_use(*map(Path, sys.argv[1:])).name, 'spacy' in sys.modules)"
    )
    given = [sys.executable, "-c", asked, *(str(places[name]) for name in ("own", "packaged", "encoder"))]
    told = subprocess.run(given, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert told.stdout.split() == ["pair-1+12-ab", "False"]
