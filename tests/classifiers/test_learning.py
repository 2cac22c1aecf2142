"""From what staff said to a model of the landlord's own: one house, the real encoder, a small corpus."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from classifiers.adapting_bound import FEWEST_TO_LOWER
from classifiers.corrections import Correction
from classifiers.encoder import load_encoder
from classifiers.examples import Labels
from classifiers.heads import CATEGORY_PART
from classifiers.learning import FEWEST, Site, Staff, learn
from classifiers.model_files import read, save
from classifiers.site_models import put, roll_back
from classifiers.taxonomy import Category
from site_houses import correction, reads_of, small_model, some_of_the_corpus

SURE = 3.0
"""Log-odds between what the encoder takes a message for and the next."""
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    encoder = load_encoder()
    # Of a corpus of so few messages, one that was near the edge before must not decide whether a model is let in.
    examples = [one for one in some_of_the_corpus()[::2] if _plain(encoder, one)]
    (folder / "corpus").mkdir()
    lines = [
        {"id": one.id, "channel": one.text.channel, "subject": one.text.subject, "text": one.text.text}
        | {"category": str(one.labels.category), "reason": one.labels.reason and str(one.labels.reason)}
        for one in examples
    ]
    (folder / "corpus" / "some.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    base = replace(small_model(reads_of(examples)), encoder_sha256=encoder.sha256)
    save(base, folder / "base")
    return Site(own=folder / "model", base=folder / "base", corpus=folder / "corpus")


def _plain(encoder, example) -> bool:
    first, second = np.sort(encoder.answer(example.text.text)[CATEGORY_PART])[:-3:-1]
    return first - second > SURE


def staff(number: int, **machine) -> Staff:
    """Return so many plain requests that the machine had thought out of scope."""
    said = [
        correction(n, f"Please send somebody to my plot, gate {n} has come off.", Category.SERVICE_REQUEST)
        for n in range(number)
    ]
    return Staff(corrections=[replace(one, machine=replace(one.machine, **machine)) for one in said])


def test_fewer_corrections_than_are_needed_teach_nothing(site):
    learnt = learn(site, staff(FEWEST - 1), AT)
    assert learnt.model is None
    assert learnt.gate is None
    assert learnt.changes == FEWEST - 1


def test_corrections_make_a_model_that_says_when_from_what_and_how_long_it_took(site):
    learnt = learn(site, staff(20), AT)
    assert learnt.gate.objection is None
    told = learnt.model.about["adapted"]
    assert told["at"] == "2026-11-23T12:00:00+00:00"
    assert told["seconds"] >= 0
    frozen = sum(one.frozen for one in staff(20).corrections)
    assert frozen > 0
    assert told["corrections"] == 20 - frozen
    assert learnt.gate.new.local.messages == frozen
    assert learnt.model.calibration == read(site.base).calibration


def checks(wrong: int) -> list[Correction]:
    """Return what people said of messages that the lot drew: so many of four hundred were something else."""
    sure = {Category.SERVICE_REQUEST: 0.99, Category.COMPLAINT: 0.002, Category.ASB_REPORT: 0.004, Category.OUT_OF_SCOPE: 0.004}
    machine = Labels(category=Category.SERVICE_REQUEST)
    said = []
    for number in range(FEWEST_TO_LOWER + 100):
        category = Category.ASB_REPORT if number < wrong else Category.SERVICE_REQUEST
        one = correction(number, f"The tap in flat {number % 10} drips.", category, machine)
        said.append(replace(one, machine=replace(one.machine, scores=sure, drawn=True)))
    return said


def test_what_the_lot_showed_lowers_the_bound_though_too_little_is_there_to_learn_from(site):
    learnt = learn(site, Staff(corrections=checks(wrong=FEWEST - 1), sent_away={"small-1": 4_000}), AT)
    assert learnt.rebound.bound < read(site.base).calibration.bound
    assert learnt.model.calibration.bound == learnt.rebound.bound
    assert "+bound-" in learnt.model.name
    assert learnt.model.about["adapted"]["bound"]["wrong"] == FEWEST - 1
    assert (learnt.model.heads.weights == read(site.base).heads.weights).all()


def test_a_spotless_record_moves_nothing(site):
    assert learn(site, Staff(corrections=checks(wrong=0)), AT).model is None


def test_a_refused_lesson_leaves_the_model_in_use_but_for_a_lower_bound(site, tmp_path):
    complaints = [one for one in some_of_the_corpus()[::2] if one.labels.category is Category.COMPLAINT and not one.held_back]
    wrong = [
        correction(1_000 + n, one.text.text, Category.OUT_OF_SCOPE, Labels(category=Category.COMPLAINT))
        for n, one in enumerate(complaints)
    ]
    own = replace(site, own=tmp_path / "model")
    refused = learn(own, Staff(corrections=wrong), AT)
    assert refused.gate.objection is not None
    assert refused.model is None
    in_use = replace(read(site.base), name="small-1+20-ab", about={"adapted": {"base": "small-1", "corrections": 20}})
    put(in_use, own.own, {})
    learnt = learn(own, Staff(corrections=[*wrong, *checks(wrong=9)]), AT)
    assert learnt.gate.objection is not None
    assert learnt.model.name.startswith("small-1+20-ab+bound-")
    assert learnt.model.calibration.bound < in_use.calibration.bound


@pytest.fixture
def own(site, tmp_path) -> Site:
    return replace(site, own=tmp_path / "model")


def test_the_same_decisions_twice_give_nothing_new_so_that_the_way_back_stays(own):
    learnt = learn(own, staff(20), AT)
    put(learnt.model, own.own, {})
    again = learn(own, staff(20), AT)
    assert again.model is None
    assert again.refusal is None
    assert again.remark.startswith(f"Nothing new to learn: {learnt.model.name}")


def test_a_model_that_was_taken_back_does_not_come_back_by_itself_but_another_may(own):
    learnt = learn(own, staff(20), AT)
    put(learnt.model, own.own, {})
    roll_back(own.own)
    again = learn(own, staff(20), AT)
    assert again.model is None
    assert "which was in use before small-1" in again.remark
    other = learn(own, staff(24), AT)
    assert other.remark is None
    assert other.model.name != learnt.model.name


def test_a_lowered_bound_is_not_lowered_twice_and_stays_when_those_that_lowered_it_are_gone(own):
    lowered = learn(own, Staff(corrections=checks(wrong=FEWEST - 1), sent_away={"small-1": 4_000}), AT).model
    put(lowered, own.own, {})
    again = learn(own, Staff(corrections=checks(wrong=FEWEST - 1), sent_away={"small-1": 4_000}), AT)
    assert again.model is None
    later = learn(own, Staff(corrections=checks(wrong=0)), AT)
    assert later.model is None
    assert later.rebound.bound == lowered.calibration.bound
    taught = learn(own, staff(20), AT)
    assert taught.model.calibration.bound == lowered.calibration.bound
    assert "stays there" in taught.rebound.says


def test_a_model_of_another_base_hands_its_bound_to_none(own):
    older = read(own.base)
    about = {"adapted": {"base": "small-0", "corrections": 20}}
    put(replace(older, name="small-0+20-ab", calibration=replace(older.calibration, bound=0.01), about=about), own.own, {})
    assert learn(own, staff(20), AT).model.calibration.bound == older.calibration.bound
    too_few = learn(own, Staff(corrections=checks(wrong=FEWEST - 1), sent_away={"small-1": 4_000}), AT)
    # What is lowered where nothing is learnt is the packaged model's bound, not an outdated one's.
    assert too_few.model.name.startswith("small-1+bound-")


def test_a_model_that_can_be_named_but_not_read_is_as_none(own):
    learnt = learn(own, staff(20), AT)
    put(learnt.model, own.own, {})
    readable = json.loads((own.own / "model.json").read_text("utf-8"))
    del readable["stack"]
    (own.own / "model.json").write_text(json.dumps(readable), "utf-8")
    assert learn(own, staff(20), AT).model.name == learnt.model.name
