"""Training: the same corpus gives the same model, the held-back part never trains, and no worse model is installed."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifiers.examples import Labels, digest, example_from, read_corpus
from classifiers.installing import Comparison, install, judge
from classifiers.model_files import PACKAGED, ModelError, read, save
from classifiers.pipeline import load
from classifiers.scorecard import score
from classifiers.taxonomy import Category
from classifiers.training import CORPUS, TrainingError, train
from classifiers.verdict import Verdict

FILES = ("inbox-days", "report-site", "elsewhere-and-chat")
LINES = 120

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def small_corpus(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for name in FILES:
        lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:LINES]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(small_corpus):
    return train(small_corpus)


def as_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_corpus_gives_the_same_model_byte_for_byte(trained, small_corpus, tmp_path):
    save(trained.model, tmp_path / "one")
    save(train(small_corpus).model, tmp_path / "two")
    assert as_bytes(tmp_path / "one") == as_bytes(tmp_path / "two")


def test_a_saved_model_judges_as_it_did(trained, tmp_path):
    save(trained.model, tmp_path / "model")
    again = read(tmp_path / "model")
    assert again.calibration == trained.model.calibration
    assert again.vocabulary.words == trained.model.vocabulary.words
    assert again.vocabulary.pieces == trained.model.vocabulary.pieces
    assert np.array_equal(again.heads.weights, trained.model.heads.weights)
    assert np.array_equal(again.vocabulary.pair_keys, trained.model.vocabulary.pair_keys)


def test_a_model_learns_more_than_always_saying_the_commonest_category(trained, tmp_path):
    save(trained.model, tmp_path)
    card = judge(load(tmp_path), trained.held_back)
    assert card.messages == len(trained.held_back) > 20
    assert card.macro_f1 > 0.5


def test_the_held_back_tenth_stays_the_same_when_files_grow_and_never_trains(trained, small_corpus):
    examples = list(read_corpus(small_corpus))
    held = [one for one in examples if one.held_back]
    assert held == list(trained.held_back)
    assert 0.05 < len(held) / len(examples) < 0.15
    row = {"id": held[0].id, "channel": "chat", "text": "xylophonic quetzalcoatl xylophonic", "category": "complaint"}
    again = train(small_corpus, corrections=[example_from(row, "corrections")] * 5)
    assert "xylophonic" not in again.model.vocabulary.words


def test_corrections_train(small_corpus):
    def corrected(number):
        text = f"the wibblewobble is stuck {number}"
        row = {"id": f"correction-{number}", "channel": "chat", "text": text, "category": "asb_report"}
        return example_from(row, "corrections")

    model = train(small_corpus, corrections=[corrected(number) for number in range(30)]).model
    assert "wibblewobble" in model.vocabulary.words
    assert "corrections" in model.about["macro_f1_without_the_file"]


def test_a_model_tells_what_it_was_made_from(trained, small_corpus):
    about = trained.model.about
    assert about["corpus_sha256"] == digest(read_corpus(small_corpus))
    assert trained.model.name == f"linear-1-{about['corpus_sha256'][:8]}"
    assert {"seed", "versions", "examples", "held_back"} <= set(about)


def test_the_packaged_model_was_made_from_the_packaged_corpus():
    about = read().about
    assert about["corpus_sha256"] == digest(read_corpus(CORPUS))


def test_the_packaged_model_is_small_and_holds_no_pickle():
    assert sum(path.stat().st_size for path in PACKAGED.iterdir()) < 8_000_000
    with np.load(PACKAGED / "weights.npz", allow_pickle=False) as stored:
        assert all(stored[name].dtype != object for name in stored.files)


def test_the_packaged_model_judges_the_held_back_part_as_well_as_promised():
    card = judge(load(), [one for one in read_corpus(CORPUS) if one.held_back])
    assert card.macro_f1 > 0.85
    assert card.categories[Category.COMPLAINT].recall > 0.9
    assert card.complaints_missed <= 2


def test_a_worse_model_is_refused_and_the_old_one_stays(trained, tmp_path):
    folder = tmp_path / "model"
    assert install(trained, folder).objection is None
    before = as_bytes(folder)
    heads = trained.model.heads
    worse = replace(trained, model=replace(trained.model, heads=replace(heads, weights=np.zeros_like(heads.weights))))
    compared = install(worse, folder)
    assert compared.objection is not None
    assert compared.objection.startswith("it scores worse")
    assert as_bytes(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_an_equal_model_may_be_installed_again(trained, tmp_path):
    assert install(trained, tmp_path / "model").objection is None
    assert install(trained, tmp_path / "model").objection is None


def verdict(category, route):
    scores = dict.fromkeys(Category, 0.1) | {category: 0.7}
    return Verdict(category=category, confidence=0.7, scores=scores, route=route, why="", model="m")


def test_a_model_that_misses_more_complaints_is_refused_even_if_it_scores_as_well():
    complaint = Labels(category=Category.COMPLAINT)
    careful = score([(complaint, verdict(Category.SERVICE_REQUEST, "triage"))])
    careless = score([(complaint, verdict(Category.SERVICE_REQUEST, "auto"))])
    assert Comparison(old=careful, new=careless).objection == "it misses more complaints: 1 against 0"
    assert Comparison(old=careless, new=careful).objection is None


def test_a_damaged_or_missing_model_says_what_to_mend(trained, tmp_path):
    with pytest.raises(ModelError, match="intake train"):
        load(tmp_path / "nowhere")
    save(trained.model, tmp_path / "damaged")
    with (tmp_path / "damaged" / "weights.npz").open("ab") as weights:
        weights.write(b"x")
    with pytest.raises(ModelError, match="restore both"):
        load(tmp_path / "damaged")


def test_a_model_for_another_taxonomy_is_refused(tmp_path):
    shutil.copytree(PACKAGED, tmp_path / "model")
    path = tmp_path / "model" / "model.json"
    readable = json.loads(path.read_text(encoding="utf-8"))
    readable["questions"][0] = "category:praise"
    path.write_text(json.dumps(readable), encoding="utf-8")
    with pytest.raises(ModelError, match="taxonomy"):
        load(tmp_path / "model")


def test_a_corpus_of_one_hand_cannot_be_calibrated(tmp_path):
    shutil.copy(CORPUS / "report-site.jsonl", tmp_path)
    with pytest.raises(TrainingError, match="at least 2"):
        train(tmp_path)


def test_a_label_that_the_taxonomy_does_not_have_names_its_line(tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"id": "1", "channel": "chat", "text": "x", "category": "praise"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        list(read_corpus(tmp_path))
