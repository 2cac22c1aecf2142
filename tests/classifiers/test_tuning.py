"""How the encoder is taught, where torch is installed: the losses, the graph that is written, the answers of unseen folds."""

from __future__ import annotations

import random

import numpy as np
import pytest

from classifiers.examples import Labels
from classifiers.heads import FLAG_PART, FLAGS, QUESTIONS, REASON_PART
from classifiers.taxonomy import Category, Flag, Reason
from classifiers.training import TrainingError

torch = pytest.importorskip("torch", reason="torch is installed only where the encoder is made: requirements-full.lock")

from classifiers.encoder import ENCODER, PIECES  # noqa: E402 - behind what it needs
from classifiers.tuning import rebuilding, teaching  # noqa: E402
from classifiers.tuning.exporting import OneMessage, export  # noqa: E402
from classifiers.tuning.lessons import Lesson, batches, padded, plainly, right_answers, typed  # noqa: E402
from classifiers.tuning.network import Network  # noqa: E402
from classifiers.tuning.rebuilding import Folds, check_base  # noqa: E402
from classifiers.tuning.teaching import Recipe, School  # noqa: E402
from classifiers.wordpieces import WordPieces  # noqa: E402

GAS = Labels(category=Category.SERVICE_REQUEST, flags=frozenset({Flag.EMERGENCY}))
RUDE = Labels(category=Category.COMPLAINT)
TAX = Labels(category=Category.OUT_OF_SCOPE, reason=Reason.OTHER_COUNCIL_SERVICE)
LESSONS = [
    Lesson(subject="Gas", words="There is a strong smell of gas in the kitchen.", labels=GAS),
    Lesson(subject="", words="Your man was rude, and nobody has answered my three letters.", labels=RUDE),
    Lesson(subject="Bins", words="When are the bins in Acacia Avenue emptied?", labels=TAX),
] * 4


@pytest.fixture(scope="module")
def pieces():
    return WordPieces(ENCODER / PIECES)


@pytest.fixture
def school(pieces, tmp_path, monkeypatch):
    """A school that begins from weights at random: the published ones are 90 MB, and the teaching is the same."""

    def at_random(_path):
        torch.manual_seed(1)
        return Network()

    monkeypatch.setattr(teaching, "from_base", at_random)
    return School(weights=tmp_path, pieces=pieces, recipe=Recipe(rounds=3, speed=3e-4), tell=lambda _: None)


def test_what_is_asked_for_is_what_the_labels_say():
    answers = right_answers(LESSONS[:3])
    assert answers.category.tolist() == [2, 0, 3]
    assert answers.reason[0] == answers.reason[1] == -100 and answers.reason[2] >= 0
    flags = answers.yes_no[:, FLAG_PART.start - REASON_PART.stop :]
    assert flags[0, FLAGS.index(Flag.EMERGENCY)] == 1 and flags.sum() == 1


def test_typing_changes_the_words_and_never_the_lesson():
    chance = random.Random(7)
    seen = {typed(LESSONS[0], chance) for _ in range(200)}
    assert plainly(LESSONS[0]) in seen and len(seen) > 40
    assert any(one.islower() for one in seen) and any("gas" not in one.split()[0].lower() for one in seen)


def test_batches_hold_every_message_once_and_hardly_more_places_than_asked():
    lengths = [random.Random(number).randint(3, 250) for number in range(500)]
    found = batches(lengths, 2_048, random.Random(3))
    assert sorted(number for batch in found for number in batch) == list(range(500))
    assert all(len(batch) * max(lengths[one] for one in batch) <= 2_048 + 48 * 8 for batch in found)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_graph_says_what_the_network_says_whatever_the_length(pieces, tmp_path):
    import onnxruntime

    torch.manual_seed(5)
    network = Network().eval()
    export(network, tmp_path / "encoder.onnx")
    network.eval()
    rounded = onnxruntime.InferenceSession(str(tmp_path / "encoder.onnx"))
    for lesson in LESSONS[:3]:
        numbers = torch.from_numpy(pieces.numbers(plainly(lesson) * 3))[None]
        with torch.no_grad():
            whole = network(numbers, torch.ones(numbers.shape))[0]
            packed = OneMessage(network).eval()(numbers)
        assert torch.allclose(whole, packed, atol=1e-4)
        said = rounded.run(["answers"], {"pieces": numbers.numpy()})[0]
        assert said.shape == (len(QUESTIONS),) and np.corrcoef(said, whole.numpy())[0, 1] > 0.98


def test_padding_changes_no_answer(pieces):
    torch.manual_seed(5)
    network = Network().eval()
    rows = [torch.from_numpy(pieces.numbers(plainly(one))) for one in LESSONS[:3]]
    with torch.no_grad():
        together = network(*padded(rows))
        alone = torch.cat([network(*padded([row])) for row in rows])
    assert torch.allclose(together, alone, atol=1e-4)


@pytest.mark.slow
def test_teaching_lowers_the_loss_and_is_the_same_each_time(school):
    told = []
    first = School(weights=school.weights, pieces=school.pieces, recipe=school.recipe, tell=told.append).teach(LESSONS)
    losses = [float(line.split("loss ")[1].split(",")[0]) for line in told]
    assert losses[-1] < losses[0]
    second = school.teach(LESSONS)
    assert all(torch.equal(one, other) for one, other in zip(first.parameters(), second.parameters(), strict=True))
    assert np.array_equal(school.ask(first, LESSONS[:3]), school.ask(second, LESSONS[:3]))


@pytest.mark.slow
def test_a_fold_is_answered_by_a_network_that_never_saw_it_and_is_not_taught_twice(school, tmp_path, monkeypatch):
    taught = []
    teach = School.teach
    monkeypatch.setattr(School, "teach", lambda self, lessons, *rest: taught.append(lessons) or teach(self, lessons, *rest))
    sources = [f"file-{number % 4}" for number in range(len(LESSONS))]
    lessons = [Lesson(subject=str(number), words=one.words, labels=one.labels) for number, one in enumerate(LESSONS)]
    folds = Folds(school=school, work=tmp_path / "work")
    fold_of = rebuilding.folds_of(sources)
    answers = folds.answers(0, sources, lessons)
    left = [one for one, source in zip(lessons, sources, strict=True) if fold_of[source] == 0]
    assert len(taught) == 1 and not [one for one in taught[0] if one in left]
    assert answers.shape == (len(left), len(QUESTIONS))
    assert np.array_equal(folds.answers(0, sources, lessons), answers) and len(taught) == 1
    changed = [Lesson(subject="x", words=one.words, labels=one.labels) for one in lessons]
    folds.answers(0, sources, changed)
    assert len(taught) == 2


def test_only_the_published_base_is_started_from(tmp_path):
    with pytest.raises(TrainingError, match=r"does not hold model\.safetensors"):
        check_base(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(TrainingError, match="is not the published file"):
        check_base(tmp_path)
