"""What the card tells of the machine's judgement: what cannot be ruled out, foreign words with their meaning, what was not judged."""

from dataclasses import replace

import pytest
from review_desk import at_desk, came, decide, rows, task_of, words_of

from classifiers.taxonomy import Category
from classifiers.verdict import Span
from desk.commands.cases import _print_queue, _print_whole, whole_object
from desk.commands.judging_lines import question, verdict_line
from handlers.rows import candidates_kept, kept_evidence, spans_kept
from houses import Judge, house_of
from store.models import Case, Verdicting
from store.overview import case_whole, open_tasks

__all__ = ["house_of"]
GAS = "czuć gaz"
LANGUAGE = "language: seems to be written in 'pl', and only English is understood"
SEVERAL = "several: service_request (0.55) or complaint (0.40)"


class Seer(Judge):
    """Judges as the text says, and names candidates, foreign words and a second matter where the text asks for them."""

    def classify(self, text):
        verdict = super().classify(text)
        if GAS in text.text:
            start = text.text.index(GAS)
            span = Span(start=start, end=start + len(GAS), text=GAS, speaks_for="emergency", meaning="smell of gas")
            even = dict.fromkeys(Category, 0.25)
            return replace(verdict, confidence=0.25, scores=even, why=LANGUAGE, language="pl", evidence=(span,))
        if "either" in text.text:
            scores = {
                Category.SERVICE_REQUEST: 0.55,
                Category.COMPLAINT: 0.4,
                Category.OUT_OF_SCOPE: 0.03,
                Category.ASB_REPORT: 0.02,
            }
            span = Span(start=0, end=4, text=text.text[:4], speaks_for="service_request")
            possible = (Category.SERVICE_REQUEST, Category.COMPLAINT)
            return replace(
                verdict, confidence=0.55, scores=scores, candidates=possible, evidence=(span,), why=SEVERAL, language="en"
            )
        return replace(verdict, also=(Category.OUT_OF_SCOPE,)) if "council tax" in text.text else verdict


@pytest.fixture
def house(house_of):
    return house_of(classifier=Seer())


def card(house, words):
    came(house, words)
    return words_of(at_desk(house, "mara").get(f"/tasks/{task_of(house).id}"))


def test_the_card_shows_what_cannot_be_ruled_out_in_order(house):
    told = card(house, "service_request? either or")
    assert "Cannot be ruled out: service request 55%, complaint 40%" in told
    assert "Why it is here: it may be service request (6 in 10) or complaint (4 in 10)" in told
    assert "None" not in told
    (kept,) = rows(house, Verdicting)
    assert candidates_kept(kept.evidence) == (Category.SERVICE_REQUEST, Category.COMPLAINT)
    assert [one["text"] for one in spans_kept(kept.evidence)] == ["serv"]


def test_the_commands_tell_the_same_without_codes_and_json_keeps_spans_and_candidates_apart(house, capsys):
    came(house, "service_request? either or")
    with house.store.glance() as glance:
        whole, waiting = case_whole(glance, rows(house, Case)[0].id), open_tasks(glance, 9)
    (verdict,) = whole_object(whole)["verdicts"]
    assert (verdict["why"], verdict["candidates"]) == (SEVERAL, ["service_request", "complaint"])
    assert [one["for"] for one in verdict["evidence"]] == ["service_request"]
    _print_whole(whole)
    _print_queue(waiting)
    printed = " ".join(capsys.readouterr().out.split())
    assert "several:" not in printed and printed.count("it may be service request") > 1


def test_a_judgement_kept_before_candidates_and_meanings_were_is_shown_as_before(house):
    came(house, "service_request? either or")
    old = [{"start": 0, "end": 4, "text": "serv", "for": "service_request"}]
    with house.store.unit("desk") as unit:
        unit.update(Verdicting, rows(house, Verdicting)[0].id, evidence=old)
        unit.commit()
    told = words_of(at_desk(house, "mara").get(f"/tasks/{task_of(house).id}"))
    assert "Service request 55%, then complaint 40%" in told and "ruled out" not in told
    assert "The words that drove it service request serv" in told


def test_a_category_that_is_as_good_as_ruled_out_is_not_named_second(house):
    came(house, "service_request? either or")
    with house.store.unit("desk") as unit:
        scores = {"service_request": 0.998, "complaint": 0.002}
        unit.update(Verdicting, rows(house, Verdicting)[0].id, scores=scores, confidence=0.998, evidence=[])
        unit.commit()
    told = words_of(at_desk(house, "mara").get(f"/tasks/{task_of(house).id}"))
    assert "Service request 100%" in told and ", then complaint" not in told


def test_foreign_danger_words_stand_with_their_meaning_and_their_language_by_its_name(house):
    told = card(house, f"Ratunku, {GAS} w kuchni")
    assert f"{GAS} (smell of gas)" in told
    assert "language Polish" in told
    assert "Why it is here: seems to be written in Polish, and only English is understood" in told


def test_what_was_not_understood_is_not_judged_on_the_card(house):
    told = card(house, f"Ratunku, {GAS} w kuchni")
    assert "Not judged" in told and "25%" not in told


def test_the_contracts_evidence_has_its_four_fields_whatever_is_known_of_the_words():
    asked = question({"text": f"Ratunku, {GAS} w kuchni"})
    verdict = Seer().classify(asked.text)
    line = verdict_line("1", asked, verdict)
    assert [set(one) for one in line["evidence"]] == [{"start", "end", "text", "for"}]
    assert "candidates" not in line
    assert kept_evidence(verdict)[0]["meaning"] == "smell of gas"


@pytest.mark.parametrize("as_", ["accept", "service_request"])
def test_what_was_judged_also_out_of_scope_stays_unless_it_is_taken_off(house, as_):
    came(house, "complaint? Nobody came, and the council tax is wrong.")
    client, task = at_desk(house, "mara"), task_of(house)
    decide(client, task.id, **{"as": as_})
    assert rows(house, Case)[0].also == ["out_of_scope"]
    assert rows(house, Verdicting)[-1].also == ["out_of_scope"]


def test_also_out_of_scope_can_be_taken_off_and_is_offered_nowhere_else(house):
    came(house, "complaint? Nobody came, and the council tax is wrong.")
    client, task = at_desk(house, "mara"), task_of(house)
    assert 'id="also-out_of_scope"' in client.get(f"/tasks/{task.id}").text
    decide(client, task.id, **{"as": "accept", "also": []})
    assert rows(house, Case)[0].also == []
    came(house, "complaint? Nobody came.", sender="bo@x.example")
    assert 'id="also-out_of_scope"' not in client.get(f"/tasks/{task_of(house).id}").text
