"""``intake classify`` and ``intake score`` as a script sees them."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from classifiers.installing import Comparison
from classifiers.scorecard import score
from classifiers.training import CORPUS
from desk.cli import app
from desk.commands import judgement

RUN = CliRunner()
FIELDS = ["id", "category", "also", "flags", "reason", "confidence", "scores", "route", "why", "evidence", "language", "model"]


def lines(*messages) -> str:
    return "".join(json.dumps(one) + "\n" for one in messages)


def message(identity, text, subject=None):
    return {"id": identity, "channel": "email", "subject": subject, "text": text}


def test_classify_prints_one_verdict_a_line_with_the_fields_of_the_contract():
    given = lines(message("a", "The tap drips, please send someone."), message("b", "Nobody came on Tuesday as you promised."))
    done = RUN.invoke(app, ["classify", "--json"], input=given)
    assert done.exit_code == 0
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in verdicts] == ["a", "b"]
    assert [one["category"] for one in verdicts] == ["service_request", "complaint"]
    assert all(list(one) == FIELDS for one in verdicts)
    assert all(set(span) == {"start", "end", "text", "for"} for one in verdicts for span in one["evidence"])


def test_a_bad_line_is_named_and_the_others_come_out(tmp_path):
    path = tmp_path / "in.jsonl"
    good = lines(message("a", "The lift is broken."))
    path.write_text(
        good + "not json\n\n" + '{"id": "c"}\n' + '["list"]\n' + lines(message("e", "The lift is broken.")), "utf-8"
    )
    done = RUN.invoke(app, ["classify", str(path), "--json"])
    assert done.exit_code == 2
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "e"]
    told = done.stderr.splitlines()
    assert [f"{path}, line {number}" in one for number, one in zip((2, 4, 5), told, strict=True)] == [True] * 3


def test_a_file_that_is_not_there_is_named_and_standard_input_still_read(tmp_path):
    done = RUN.invoke(
        app, ["classify", str(tmp_path / "none.jsonl"), "-", "--json"], input=lines(message("a", "The lift is broken."))
    )
    assert done.exit_code == 2
    assert "none.jsonl: cannot be read" in done.stderr
    assert json.loads(done.stdout)["id"] == "a"


@pytest.mark.parametrize(
    "text",
    [
        "You said Tuesday but nobody came.\n\nOn Mon, 3 Nov 2025 at 10:00, Housing <h@example.org> wrote:\n> Your tap drips.\n",
        "On Mon, 3 Nov 2025 at 10:00, Housing <h@example.org> wrote:\n> We will come on Tuesday.\n\nYou said Tuesday but nobody came.\n",
        "Good morning,\n\n> We will come.\n\nYou said Tuesday but nobody came.\n\n> Is that so?\n\nNobody came. I smell gas.\n",
    ],
)
def test_evidence_points_into_the_text_that_came_quotes_and_all(text):
    verdict = json.loads(RUN.invoke(app, ["classify", "--json"], input=lines(message("a", text))).stdout)
    assert verdict["category"] == "complaint"
    assert verdict["evidence"]
    assert all(text[span["start"] : span["end"]] == span["text"] for span in verdict["evidence"])
    assert not any("tap" in span["text"] or "Housing" in span["text"] for span in verdict["evidence"])


def test_a_half_character_is_no_reason_to_stop():
    done = RUN.invoke(app, ["classify", "--json"], input='{"id": 1, "text": "nobody came \\ud800 on tuesday"}\n')
    assert done.exit_code == 0
    assert json.loads(done.stdout)["id"] == 1


def test_score_prints_the_figures_of_the_contract(tmp_path):
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join((CORPUS / "report-site.jsonl").read_text("utf-8").splitlines()[:40]), "utf-8")
    done = RUN.invoke(app, ["score", str(path), "--json"])
    assert done.exit_code == 0
    card = json.loads(done.stdout)
    assert card["messages"] == 40
    assert card["macro_f1"] > 0.9
    table = RUN.invoke(app, ["score", str(path)])
    assert "macro-F1" in table.stdout


def test_score_names_a_line_without_labels_and_scores_the_others(tmp_path):
    path = tmp_path / "labelled.jsonl"
    labelled = {**message("b", "Nobody came on Tuesday as you promised."), "category": "complaint"}
    path.write_text(lines(message("a", "no labels here"), labelled, {**labelled, "category": "praise"}), "utf-8")
    done = RUN.invoke(app, ["score", str(path), "--json"])
    assert done.exit_code == 2
    assert json.loads(done.stdout)["messages"] == 1
    assert len(done.stderr.splitlines()) == 2


def test_scoring_nothing_is_wrong_use(tmp_path):
    (tmp_path / "empty.jsonl").write_text("", "utf-8")
    done = RUN.invoke(app, ["score", str(tmp_path / "empty.jsonl")])
    assert done.exit_code == 2
    assert "holds no labelled message" in done.stderr


def test_a_missing_model_is_one_sentence(tmp_path):
    done = RUN.invoke(app, ["classify", "--model", str(tmp_path / "none")], input="")
    assert done.exit_code == 2
    assert "intake train" in done.stderr


def test_scorecards_stand_side_by_side(capsys):
    card = score([]).as_json()
    judgement.show_scorecards({"old": card, "new": {**card, "macro_f1": 0.5}})
    shown = capsys.readouterr().out
    assert "old" in shown
    assert "0.500" in shown


def test_training_from_the_command_line_installs_and_prints_the_scorecard(tmp_path):
    # The whole corpus takes minutes: the command's inner function is given a small one.
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name in ("report-site", "ours-or-not"):
        kept = (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()[:80]
        (corpus / f"{name}.jsonl").write_text("\n".join(kept), "utf-8")
    judgement.train_with((), tmp_path / "model", corpus=corpus, as_json=True)
    assert (tmp_path / "model" / "weights.npz").is_file()
    shutil.rmtree(tmp_path / "model")


def test_the_first_model_is_never_refused():
    assert Comparison(old=None, new=score([])).objection is None
