"""Three lives of complaints, played from outside: what comes in is mail and chat, what staff do goes through the desk's pages."""

from __future__ import annotations

import pytest

from lives import DOCS, LIVES, Life, letters_of
from store.chain import verify_chain
from store.course_models import Action, Answer, Breach, Extension, OmbudsmanOrder, Refusal, StageRecord, StageWork
from store.hazard_models import Hazard
from store.models import CaseEvent, Deadline, Stage
from store.seal_check import broken_seals


@pytest.fixture
def played(tmp_path, migrated_url):
    """Yield a function that plays a life to its end."""
    lives = []

    def play(name):
        lives.append(Life(tmp_path, migrated_url))
        LIVES[name](lives[-1])
        return lives[-1]

    yield play
    for life in lives:
        life.close()


def kinds(life):
    """Return the kinds of the letters of a life, in order, without the numbers that tell them apart."""
    return [name[3:].removesuffix(".txt") for name in letters_of(life)]


def every_date_is_told(life):
    """Hold what no life may break: chain and seals whole, each deadline with its event, nothing missed in silence."""
    with life.house.store.glance() as glance:
        assert [*verify_chain(glance), *broken_seals(glance)] == []
    told = " ".join(event.details for event in life.rows(CaseEvent))
    assert all(line.rule in told for line in life.rows(Deadline))
    assert life.rows(Breach) == []


def test_upheld_at_stage_1_with_a_hazard_beside_it_and_closed_when_all_was_done(played):
    life = played("upheld-at-stage-1")
    every_date_is_told(life)
    assert kinds(life) == ["complaint_acknowledged", "definition_corrected", "hazard_summary", "complaint_answered"]
    case = life.case()
    assert (case.status, case.stage, case.definition_version) == ("closed", Stage.ONE, 2)
    (answer,) = life.rows(Answer)
    assert [point["finding"] for point in answer.points] == ["upheld", "upheld"]
    assert all(line.met_at and line.met_at <= line.due_at for line in life.rows(Deadline) if not line.superseded_at)
    assert all(action.done_at for action in life.rows(Action))
    (hazard,) = life.rows(Hazard)
    assert hazard.summary_sent_at
    assert hazard.safe_at
    letter = life.letter("complaint_answered").text
    for words in ("upheld", "£120", "Talk with the repairs line", "ask us to look again", "0300 111 3000"):
        assert words in letter, words


def test_extended_escalated_by_one_line_of_chat_and_given_a_final_response_by_somebody_else(played):
    life = played("extended-and-escalated")
    every_date_is_told(life)
    assert kinds(life) == [
        *("receipt", "complaint_acknowledged", "extension_notice", "progress_update", "progress_update"),
        *("complaint_answered", "stage2_acknowledged", "final_response"),
    ]
    assert life.case().stage is Stage.TWO
    (extension,) = life.rows(Extension)
    assert extension.at.date() < extension.old_due_on < extension.new_due_on
    worked = {stage: {row.username for row in life.rows(StageWork, stage=stage)} for stage in Stage}
    assert "olive" in worked[Stage.ONE]
    assert "otis" in worked[Stage.TWO]
    assert not worked[Stage.ONE] & worked[Stage.TWO]
    first, second = sorted(life.rows(StageRecord), key=lambda row: row.stage)
    assert first.answered_at < second.received_at < second.answered_at
    met = {line.rule: line.met_at <= line.due_at for line in life.rows(Deadline) if line.met_at}
    assert met["extend_1"]
    assert met["acknowledge_2"]
    assert met["respond_2"]
    letter = life.letter("final_response").text
    for words in ("final response", "12 months", "0300 111 3000", "30 June 2027", "£240"):
        assert words in letter, words
    assert "stage 1" in life.refused("officer", "mina", officer="olive")


def test_refused_with_reasons_by_two_people_taken_on_again_at_the_ombudsmans_word_and_answered(played):
    life = played("refused-and-reopened")
    every_date_is_told(life)
    assert kinds(life) == ["complaint_acknowledged", "complaint_refused", "taken_on_again", "complaint_answered"]
    (refusal,) = life.rows(Refusal)
    assert (refusal.proposed_by, refusal.checked_by, refusal.state) == ("olive", "mina", "reopened")
    assert refusal.reasons in " ".join(life.letter("complaint_refused").text.split())
    assert "0300 111 3000" in life.letter("complaint_refused").text
    (order,) = life.rows(OmbudsmanOrder)
    case = life.case()
    assert case.received_at < life.letters()[1].created_at, "the date of the complaint itself stays"
    answered = [line for line in life.rows(Deadline) if line.rule == "respond_1" and line.met_at]
    assert answered[-1].counted_from >= order.told_on
    assert answered[-1].met_at <= answered[-1].due_at


@pytest.mark.parametrize("name", LIVES)
def test_the_letters_in_the_docs_are_those_that_go_out(played, name):
    kept = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / name).iterdir()}
    assert letters_of(played(name)) == kept, "python -m tests.lives writes them anew"
