"""``intake classify`` and ``intake score`` as a script sees them."""

import json

import pytest
from typer.testing import CliRunner

from all_commands import app
from classifiers.installing import Comparison
from classifiers.scorecard import score
from classifiers.training import CORPUS
from desk.commands import judgement

RUN = CliRunner()
FIELDS = ["id", "category", "also", "flags", "reason", "confidence", "scores", "route", "why", "evidence", "language", "model"]


def lines(*messages) -> str:
    return "".join(json.dumps(one) + "\n" for one in messages)


@pytest.fixture
def run(model_folder):
    """Return what runs a command with the model under test."""

    def run(*arguments, **more):
        return RUN.invoke(app, [*map(str, arguments), "--model", str(model_folder)], **more)

    return run


def message(identity, text, subject=None):
    return {"id": identity, "channel": "email", "subject": subject, "text": text}


def test_classify_prints_one_verdict_a_line_with_the_fields_of_the_contract(run):
    given = lines(message("a", "The tap drips, please send someone."), message("b", "Nobody came on Tuesday as you promised."))
    done = run("classify", "--json", input=given)
    assert done.exit_code == 0
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in verdicts] == ["a", "b"]
    assert [one["category"] for one in verdicts] == ["service_request", "complaint"]
    assert all(list(one) == FIELDS for one in verdicts)
    assert all(set(span) == {"start", "end", "text", "for"} for one in verdicts for span in one["evidence"])


def test_a_bad_line_is_named_and_the_others_come_out(run, tmp_path):
    path = tmp_path / "in.jsonl"
    good = lines(message("a", "The lift is broken."))
    path.write_text(
        good + "not json\n\n" + '{"id": "c"}\n' + '["list"]\n' + lines(message("e", "The lift is broken.")), "utf-8"
    )
    done = run("classify", path, "--json")
    assert done.exit_code == 2
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "e"]
    told = done.stderr.splitlines()
    assert [f"{path}, line {number}" in one for number, one in zip((2, 4, 5), told, strict=True)] == [True] * 3


def test_a_file_that_is_not_there_is_named_and_standard_input_still_read(run, tmp_path):
    done = run("classify", tmp_path / "none.jsonl", "-", "--json", input=lines(message("a", "The lift is broken.")))
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
def test_evidence_points_into_the_text_that_came_quotes_and_all(run, text):
    verdict = json.loads(run("classify", "--json", input=lines(message("a", text))).stdout)
    assert verdict["category"] == "complaint"
    assert verdict["evidence"]
    assert all(text[span["start"] : span["end"]] == span["text"] for span in verdict["evidence"])
    assert not any("tap" in span["text"] or "Housing" in span["text"] for span in verdict["evidence"])


def test_a_half_character_is_no_reason_to_stop(run):
    done = run("classify", "--json", input='{"id": 1, "text": "nobody came \\ud800 on tuesday"}\n')
    assert done.exit_code == 0
    assert json.loads(done.stdout)["id"] == 1


def test_score_prints_the_figures_of_the_contract(run, tmp_path):
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join((CORPUS / "report-site.jsonl").read_text("utf-8").splitlines()[:40]), "utf-8")
    done = run("score", path, "--json")
    assert done.exit_code == 0
    card = json.loads(done.stdout)
    assert card["messages"] == 40
    assert card["macro_f1"] > 0.9
    table = run("score", path)
    assert "macro-F1" in table.stdout


def test_score_names_a_line_without_labels_and_scores_the_others(run, tmp_path):
    path = tmp_path / "labelled.jsonl"
    labelled = {**message("b", "Nobody came on Tuesday as you promised."), "category": "complaint"}
    path.write_text(lines(message("a", "no labels here"), labelled, {**labelled, "category": "praise"}), "utf-8")
    done = run("score", path, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["messages"] == 1
    assert len(done.stderr.splitlines()) == 2


def test_scoring_nothing_is_wrong_use(run, tmp_path):
    (tmp_path / "empty.jsonl").write_text("", "utf-8")
    done = run("score", tmp_path / "empty.jsonl")
    assert done.exit_code == 2
    assert "holds no labelled message" in done.stderr


def test_a_missing_model_is_one_sentence(tmp_path):
    done = RUN.invoke(app, ["classify", "--model", str(tmp_path / "none")], input="")
    assert done.exit_code == 2
    assert "intake train" in done.stderr


@pytest.mark.parametrize("command", ["classify", "score"])
def test_a_mistake_in_the_lists_of_names_is_one_sentence(tmp_path, command):
    (tmp_path / "estates.csv").write_text("nmae,kind\n")
    (tmp_path / "in.jsonl").write_text(lines(message("a", "The tap drips.")))
    done = RUN.invoke(app, [command, str(tmp_path / "in.jsonl"), "--gazetteers", str(tmp_path)])
    assert done.exit_code == 2
    assert done.stderr.startswith(f"{tmp_path / 'estates.csv'}, line 1: the column 'name' is missing")


def test_scorecards_stand_side_by_side(capsys):
    card = score([]).as_json()
    judgement.show_scorecards({"old": card, "new": {**card, "macro_f1": 0.5}})
    shown = capsys.readouterr().out
    assert "old" in shown
    assert "0.500" in shown


def test_what_went_wrong_alone_is_shown_with_its_interval(capsys):
    card = score([]).as_json()
    acted = {"share": 0.5, "error": 3 / 8, "messages": 8}
    complaint = {**card["categories"]["complaint"], "support": 2}
    full = {**card, "automatic": acted, "categories": {**card["categories"], "complaint": complaint}, "complaints_missed": 1}
    judgement.show_scorecards({"": full})
    shown = capsys.readouterr().out
    assert "0.375 (95 %: 0.137 to 0.694)" in shown
    assert "1 of 2 (95 %: 0.095 to 0.905)" in shown


def test_the_first_model_is_never_refused():
    assert Comparison(old=None, new=score([])).objection is None
