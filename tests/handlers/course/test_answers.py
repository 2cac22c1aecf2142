"""The answer of a stage: whole or not issued, by people who may, in a letter of seven blocks whose leaving meets the date (Code 6.3 to 6.9)."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from answering_house import AGREED, REASON, SOON, SORRY, TWO, answer_of, defined, drafted, issue, ready, said, save, staffed
from hypothesis import given
from hypothesis import strategies as st
from timing import complaint, kinds, letter, letters_leave, one, rows

from desks import add_person
from handlers.barring import bar
from handlers.case_acts import Refused, Stale
from handlers.course import stages
from handlers.course.actions import add_action
from handlers.course.answer_letters import LETTERS, a_year_on
from handlers.course.answer_points import FINDINGS, Said, changed_since, kept_point
from handlers.course.answers import issue_answer, preview_answer, save_answer
from handlers.course.remedies import Offer, offer_remedy
from handlers.course.stage2 import Asked, begin
from handlers.deadlines import by_rule
from handlers.defining import save as save_definition
from handlers.definition import Definition, Point
from handlers.letter_pages import OUR_FOLDERS
from handlers.letters import LetterBook, LetterError
from handlers.named import NOBODY
from houses import NOON, Postbag
from store.course_models import Answer, ProgressUpdate, StageRecord, StageWork
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry, Stage
from tests.handlers.landlords import northmere
from tests.handlers.letter_cases import COURSE, OWN_PAGE


@pytest.fixture
def house(house_of):
    return staffed(house_of())


def last(house, case, kind):
    return json.loads(rows(house, CaseEvent, case_id=case.id, kind=kind)[-1].details)


def at_stage_2(house, case, points=()):
    """Let stage 2 of an answered complaint begin, and somebody else confirm it."""
    (message,) = rows(house, Message, case_id=case.id)
    begin(house.course, case.id, "max", Asked(message_id=message.id, points=points))
    house.confirming.confirm(case.id, "ben", one(house, Case, id=case.id).definition_version)
    letters_leave(house)
    return one(house, Case, id=case.id)


# --- what must be there ---


def test_an_answer_is_written_only_from_a_confirmed_definition(house):
    case = complaint(house)
    with pytest.raises(Refused, match="confirm it first"):
        save(house, case, what=drafted(points=(1,)))
    assert rows(house, Answer) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"said": {1: said()}}, "point 2"),
        ({"said": {1: said(), 2: said(finding="")}}, "what you found on point 2"),
        ({"said": {1: said(), 2: said(reasons=" ")}}, "reasons for point 2"),
        ({"said": {1: said(), 2: said(reference="")}}, "policy, law or good practice for point 2"),
        ({"decision": " "}, "what you decided"),
        ({"evidence": ()}, "what you looked at"),
        ({"account": " "}, "when and how the resident could give their side"),
        ({"declared": ""}, "Declare your interests"),
    ],
)
def test_an_answer_that_is_not_whole_can_be_saved_and_not_issued(house, change, told):
    case = defined(house)
    save(house, case, what=drafted(**change))
    offer_remedy(house.course, case.id, "olive", SORRY)
    with pytest.raises(Refused, match=told):
        issue(house, case)
    assert preview_answer(house.course, case.id, "olive").draft is None
    assert answer_of(house, case).issued_at is None
    assert not [row for row in rows(house, OutboxEntry) if row.kind.startswith("complaint_answered")]


@given(
    said_to=st.lists(st.tuples(*[st.sampled_from(["", "words"])] * 2, st.sampled_from(["", *FINDINGS])), min_size=1, max_size=4)
)
def test_something_is_missing_exactly_where_a_part_of_a_point_is(said_to):
    for number, (reasons, reference, finding) in enumerate(said_to, 1):
        missing = Said(finding=finding, reasons=reasons, reference=reference).missing(number)
        assert len(missing) == [finding, reasons, reference].count("")
        assert all(field.endswith(f"-{number}") for field, _ in missing)


def test_a_point_of_which_nobody_settled_who_answers_for_it_holds_the_answer_up(house):
    open_one = replace(TWO.points[1], responsibility="being_clarified")
    case = defined(house, replace(TWO, points=(TWO.points[0], open_one)))
    with pytest.raises(Refused, match="Point 2: say in the definition whether we are responsible"):
        save(house, case)


def test_what_went_wrong_needs_a_remedy_and_what_did_not_needs_none(house):
    case = defined(house)
    save(house, case)
    with pytest.raises(Refused, match="say what puts it right"):
        issue(house, case)
    save(house, case, what=drafted(said={1: said("not"), 2: said("not")}), version=1)
    issue(house, case)
    assert "We found nothing that we must put right." in letter(house, case, "complaint_answered").text


def test_a_definition_that_changed_since_must_be_looked_at_again(house):
    case = ready(house)
    now = one(house, Case, id=case.id)
    changed = Definition(
        points=(*TWO.points, Point(words="The stairs are dark.", responsibility="ours")), outcomes=TWO.outcomes
    )
    save_definition(house.acts, case.id, "ben", now.definition_version, changed, why="she said so by telephone")
    with pytest.raises(Refused, match="Point 3: the definition changed"):
        issue(house, case)
    with pytest.raises(Stale, match="changed the definition"):
        save_answer(house.course, case.id, "olive", drafted((1, 2, 3)), version=1, defined=now.definition_version)
    save(house, case, what=drafted((1, 2, 3)), version=1)
    issue(house, case)


@given(
    before=st.lists(st.sampled_from("abcd"), unique=True, max_size=4),
    after=st.lists(st.sampled_from("abcd"), unique=True, max_size=4),
)
def test_points_changed_are_those_whose_words_or_place_are_not_as_they_were(before, after):
    def points(words):
        return [(number, Point(words=word, responsibility="ours")) for number, word in enumerate(words, 1)]

    kept = [kept_point(number, point, Said()) for number, point in points(before)]
    long = max(len(before), len(after))
    pad = [(one + [None] * long)[:long] for one in (before, after)]
    assert changed_since(kept, points(after)) == [n for n, (old, new) in enumerate(zip(*pad, strict=True), 1) if old != new]


# --- who may ---


def test_of_two_officers_who_write_at_a_time_the_second_is_told(house):
    case = defined(house)
    save(house, case)
    save(house, case, "ben", drafted(decision="Ben's words."), version=1)
    with pytest.raises(Stale, match="ben saved this answer"):
        save(house, case, "olive", drafted(decision="Olive's words."), version=1)
    assert answer_of(house, case).decision == "Ben's words."


def test_a_letter_that_reads_differently_than_the_one_looked_at_is_not_issued(house):
    case = ready(house)
    seen = preview_answer(house.course, case.id, "olive")
    add_action(house.course, case.id, "ben", "Mend the door", owner="repairs", due_on=SOON, agreement=AGREED)
    with pytest.raises(Stale, match="reads differently now"):
        issue(house, case, seal=seen.seal)
    assert answer_of(house, case).issued_at is None


@pytest.mark.parametrize("name", [*sorted(NOBODY), "", " olive"])
def test_no_machine_writes_or_issues_an_answer(house, name):
    case = ready(house)
    seen = preview_answer(house.course, case.id, "olive")
    for act in (
        lambda: save(house, case, name, version=1),
        lambda: issue_by(house, case, name, seen),
    ):
        with pytest.raises(Refused, match=r"person|who you are"):
            act()
    assert answer_of(house, case).issued_at is None


def issue_by(house, case, name, seen):
    return issue_answer(house.course, case.id, name, version=1, seal=seen.seal, no_interest=True)


def test_only_somebody_who_works_on_cases_and_has_no_interest_issues_it(house):
    case = ready(house)
    add_person(house, "audrey", "auditor")
    seen = preview_answer(house.course, case.id, "olive")
    for name, told in (("audrey", "does not work on cases"), ("stranger", "has no account")):
        with pytest.raises(Refused, match=told):
            issue_by(house, case, name, seen)
    with pytest.raises(Refused, match="no interest"):
        issue(house, case, no_interest=False)
    bar(house.acts, case.id, "mona", "ben", "the complaint is about him")
    with pytest.raises(Refused, match="must not handle"):
        issue_by(house, case, "ben", seen)
    with pytest.raises(Refused, match="must not handle"):
        save(house, case, "ben", version=1)


def test_a_writer_with_an_interest_or_named_in_it_later_leaves_it_to_a_colleague(house):
    case = defined(house)
    save(house, case, what=drafted(declared="the engineer is my brother"))
    offer_remedy(house.course, case.id, "olive", SORRY)
    with pytest.raises(Refused, match="a colleague who has none"):
        issue(house, case)
    save(house, case, "ben", version=1)
    bar(house.acts, case.id, "mona", "ben", "the complaint is about him")
    with pytest.raises(Refused, match="Ben wrote this"):
        issue(house, case)


def test_whoever_worked_at_stage_1_cannot_answer_stage_2(house):
    case = ready(house)
    issue(house, case)
    letters_leave(house)
    case = at_stage_2(house, case)
    with pytest.raises(Refused, match=r"Code 6\.13"):
        save(house, case, "olive")
    save(house, case, "ben")
    offer_remedy(house.course, case.id, "ben", SORRY)
    seen = preview_answer(house.course, case.id, "ben")
    with pytest.raises(Refused, match=r"Code 6\.13"):
        issue_by(house, case, "olive", seen)
    issue(house, case, "ben")
    assert {(row.stage, row.username) for row in rows(house, StageWork)} >= {(Stage.ONE, "olive"), (Stage.TWO, "ben")}


# --- the letter ---


def test_the_answer_says_all_seven_blocks_and_goes_in_the_officers_name(house):
    case = ready(house)
    add_action(house.course, case.id, "olive", "Mend the door of the lift", owner="complaints", due_on=SOON, agreement=AGREED)
    issue(house, case)
    text = letter(house, case, "complaint_answered").text
    team = house.landlord.teams["complaints"].name if "complaints" in house.landlord.teams else "complaints"
    for words in (
        "(stage 1)",
        "Point 1: The lift has been broken for three weeks.",
        "Point 2: Nobody tells us anything.",
        "We took too long to mend the lift",
        "We agree with you about this (upheld).",
        REASON,
        "What we went by: Our lifts policy, part 4",
        "- The lift engineer's log",
        "An apology: We are sorry that you had to walk.",
        f"Mend the door of the lift. Who does it: {team}. By when: Friday 4 December 2026.",
        "ask us to look again. This is called stage 2. You do not need to give a reason.",
        "Olive\n",
    ):
        assert words in text
    assert "A computer sorted your message" not in text


def test_what_the_resident_wrote_goes_without_links_and_what_was_typed_is_no_page(house):
    linked = replace(TWO.points[0], words="See https://evil.example about the lift.")
    case = defined(house, replace(TWO, points=(linked, TWO.points[1])))
    save(house, case, what=drafted(said={1: said(reasons="A <b>bold</b> lift & {{ more }}."), 2: said()}))
    offer_remedy(house.course, case.id, "olive", SORRY)
    issue(house, case)
    row = letter(house, case, "complaint_answered")
    assert "evil.example" not in row.text + row.html
    assert "A <b>bold</b> lift & {{ more }}." in row.text
    assert "A &lt;b&gt;bold&lt;/b&gt; lift &amp; {{ more }}." in row.html


def dropped(words, mark, *, after="", most=99):
    """Take a mark out of a template, from some words on."""
    head, found, tail = words.partition(after) if after else ("", "", words)
    assert mark in tail, mark
    return head + found + tail.replace(mark, "", most)


DROPPED = {
    "points": ("{{ answer.words }}", ""),
    "finding": ("{{ answer.found }}", ""),
    "decision": ("{% for block in decision %}", "What we decided"),
    "reasons": ('{% include "_parts/block.SUFFIX" %}', "Why we decided this"),
    "reference": ("{{ answer.reference }}", ""),
    "remedy": ('{{ remedy.what.rstrip(".") }}', ""),
    "amount": ("{{ remedy.amount }}", ""),
    "nothing to put right": ("We found nothing that we must put right.", ""),
    "action": ("{{ action.what }}", ""),
    "owner": ("{{ action.owner }}", ""),
    "day": ("{{ action.due_on|day }}", ""),
    "nothing left": ("Nothing is left to do.", ""),
}


@pytest.mark.parametrize("suffix", ["txt", "html"])
@pytest.mark.parametrize("stage", ["1", "2"])
@pytest.mark.parametrize("block", DROPPED)
def test_a_landlords_own_wording_that_drops_a_block_makes_no_letter(tmp_path, stage, suffix, block):
    mark, after = DROPPED[block]
    mark = mark.replace("SUFFIX", suffix)
    part = (OUR_FOLDERS / "_parts" / f"answered.{suffix}").read_text(encoding="utf-8")
    own = tmp_path / "_parts"
    own.mkdir()
    (own / f"answered.{suffix}").write_text(part, encoding="utf-8")
    LetterBook(northmere(), tmp_path, only=LETTERS[stage])
    if block == "decision":
        head, found, tail = part.partition(mark)
        wording = head + "{% for block in [] %}" + tail
        assert found
    else:
        wording = dropped(part, mark, after=after)
    (own / f"answered.{suffix}").write_text(wording, encoding="utf-8")
    with pytest.raises(LetterError, match="leaves out what it must say"):
        LetterBook(northmere(), tmp_path, only=LETTERS[stage])


@pytest.mark.parametrize(
    ("stage", "words"),
    [("1", "ask us to look again"), ("2", "12 months"), ("2", "{{ go_until|day }}"), ("1", "stage 1"), ("2", "stage 2")],
)
def test_a_landlords_own_wording_says_the_stage_and_how_to_go_on(tmp_path, stage, words):
    kind = LETTERS[stage]
    (tmp_path / kind).mkdir()
    own = (OUR_FOLDERS / kind / "body.txt").read_text(encoding="utf-8")
    (tmp_path / kind / "body.txt").write_text(own, encoding="utf-8")
    LetterBook(northmere(), tmp_path, only=kind)
    (tmp_path / kind / "body.txt").write_text(dropped(own, words), encoding="utf-8")
    with pytest.raises(LetterError, match="leaves out what it must say"):
        LetterBook(northmere(), tmp_path, only=kind)


def test_the_final_response_is_dated_headed_and_names_the_year_and_who_can_look_at_each_point(house):
    lift = TWO.points[0]
    council = Point(words="I wrote about my homelessness application.", responsibility="ours")
    case = defined(house, replace(TWO, points=(lift, council)))
    save(house, case)
    offer_remedy(house.course, case.id, "olive", SORRY)
    issue(house, case)
    letters_leave(house)
    case = at_stage_2(house, case)
    save(house, case, "ben")
    offer_remedy(house.course, case.id, "ben", SORRY)
    issue(house, case, "ben")
    row = letter(house, case, "final_response")
    assert row.subject.startswith("Our final response to your complaint")
    for words in (
        "Our final response to your complaint (stage 2)",
        "Date of this letter: Monday 23 November 2026",
        "You have 12 months from the date of this letter to do this, so please go to them by Tuesday 23 November 2027.",
        "About point 1:\n\nHousing Ombudsman Service",
        "About point 2:\n\nLocal Government and Social Care Ombudsman",
    ):
        assert words in row.text


def test_a_stage_2_of_some_points_answers_those_alone(house):
    case = ready(house)
    issue(house, case)
    letters_leave(house)
    case = at_stage_2(house, case, points=(2,))
    save(house, case, "ben", drafted((1, 2)))
    assert [row["number"] for row in answer_of(house, case, "2").points] == [2]
    issue(house, case, "ben")
    text = letter(house, case, "final_response").text
    assert "Point 2: Nobody tells us anything." in text
    assert "Point 1:" not in text


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_twelve_months_end_on_the_same_day_of_the_next_year(day):
    end = a_year_on(day)
    assert (end.year, end.month) == (day.year + 1, day.month)
    assert end.day == day.day or (day.month, day.day, end.day) == (2, 29, 28)


@pytest.mark.parametrize("kind", LETTERS.values())
def test_by_chat_it_leads_to_the_whole_letter_and_without_a_page_it_is_whole_itself(kind):
    (facts, *_) = COURSE[kind].values()
    book, more = LetterBook(northmere(), only=kind), facts.more
    short = book.draft(kind, replace(facts, page=OWN_PAGE)).short
    assert OWN_PAGE in short
    assert more.decision[0].lines[0] in short
    assert more.answers[0].reference not in short
    whole = book.draft(kind, facts).short
    said_there = [block.lines[0] for answer in more.answers for block in answer.reasons]
    said_there += [answer.found for answer in more.answers] + [answer.reference for answer in more.answers]
    said_there += [remedy.what for remedy in more.remedies] + [action.owner for action in more.actions]
    assert [words for words in said_there if words not in whole] == []


def test_an_answer_about_the_safety_of_a_building_names_the_regulator(house):
    case = complaint(house, "complaint! [building_safety] The fire door has been broken for three weeks.")
    now = one(house, Case, id=case.id)
    house.confirming.confirm(case.id, "olive", now.definition_version, TWO, "two points")
    save(house, case)
    offer_remedy(house.course, case.id, "olive", SORRY)
    issue(house, case)
    text = letter(house, case, "complaint_answered").text
    assert house.landlord.building_safety_regulator.name in text
    plain = ready(house)
    issue(house, plain)
    assert house.landlord.building_safety_regulator.name not in letter(house, plain, "complaint_answered").text


def test_an_answer_that_was_opened_again_is_issued_in_a_letter_of_its_own(house):
    case = ready(house)
    issue(house, case)
    letters_leave(house)
    answer = answer_of(house, case)
    with house.store.unit("T6") as unit:  # as taking a complaint on again does
        unit.update(Answer, answer.id, issued_at=None, sent_at=None, letter_id=None, signed_by=None, version=answer.version + 1)
        unit.commit()
    issue(house, case)
    letters_leave(house)
    found = [row for row in rows(house, OutboxEntry) if row.kind.startswith("complaint_answered")]
    assert len({row.kind for row in found}) == len({row.header_id for row in found}) == 2
    assert {row.state for row in found} == {"sent"}


# --- what its leaving means ---


def test_the_date_is_met_when_the_letter_leaves_and_not_when_it_is_issued(house):
    case = ready(house)
    issue(house, case)
    assert one(house, Deadline, case_id=case.id, rule="respond_1").met_at is None
    assert one(house, StageRecord, case_id=case.id).answered_at is None
    house.clock.at = NOON + timedelta(hours=1)
    letters_leave(house)
    at = NOON + timedelta(hours=1)
    assert one(house, Deadline, case_id=case.id, rule="respond_1").met_at == at
    record, answer = one(house, StageRecord, case_id=case.id), answer_of(house, case)
    assert (record.answered_at, record.answered_by, answer.sent_at) == (at, "olive", at)
    assert last(house, case, "stage_answered")["in_time"] == "yes"


def test_an_answer_whose_letter_does_not_leave_meets_no_date(house):
    case = ready(house)
    issue(house, case)

    def fail(reply):
        raise OSError("no way out")

    letters_leave(house, Postbag(fail))
    assert one(house, Deadline, case_id=case.id, rule="respond_1").met_at is None
    assert answer_of(house, case).sent_at is None
    assert "stage_answered" not in kinds(house, case)


def test_a_late_answer_says_so_and_ends_the_updates_that_were_promised(house):
    case = ready(house)
    due = one(house, Deadline, case_id=case.id, rule="respond_1")
    with house.store.unit("T6") as unit:
        row = {"case_id": case.id, "stage": Stage.ONE, "due_on": due.due_on, "every_days": 7, "set_at": NOON}
        unit.insert(ProgressUpdate, [row])
        unit.commit()
    house.clock.at = due.due_at + timedelta(hours=10)
    issue(house, case)
    letters_leave(house)
    assert last(house, case, "stage_answered")["in_time"] == "no"
    assert last(house, case, "deadline_met")["late"] is True
    assert one(house, ProgressUpdate, case_id=case.id).ended_at == house.clock.at


def test_an_extended_answer_is_in_time_by_its_new_date(house):
    case = ready(house)
    old = one(house, Deadline, case_id=case.id, rule="respond_1")
    with house.acts.on(case.id, "mona") as act:
        stages.set_deadline(act, by_rule("extend_1", old.due_on, house.calendar), "more to look at", replaces=("respond_1",))
        act.done("extended")
    house.clock.at = old.due_at + timedelta(days=1)
    issue(house, case)
    letters_leave(house)
    assert one(house, Deadline, case_id=case.id, rule="extend_1").met_at == house.clock.at
    assert last(house, case, "stage_answered")["in_time"] == "yes"


def test_what_was_issued_is_not_written_or_issued_again(house):
    case = ready(house)
    seen = preview_answer(house.course, case.id, "olive")
    issue(house, case)
    with pytest.raises(Refused, match="was issued by Olive"):
        save(house, case, version=1)
    with pytest.raises(Stale, match="issued this answer already"):
        issue_by(house, case, "olive", seen)
    letters_leave(house)
    assert kinds(house, case).count("stage_answered") == 1
    assert len([row for row in rows(house, OutboxEntry) if row.kind.startswith("complaint_answered")]) == 1


def test_an_answer_is_issued_with_actions_open_and_the_case_stays_open(house):
    case = ready(house)
    add_action(house.course, case.id, "olive", "Mend the door", owner="repairs", due_on=SOON, agreement=AGREED)
    issue(house, case)
    letters_leave(house)
    assert one(house, Case, id=case.id).status == "open"


def test_a_promise_whose_day_has_passed_or_that_nobody_approved_is_not_made_again(house):
    case = ready(house)
    add_action(house.course, case.id, "olive", "Mend the door", owner="repairs", due_on=NOON.date(), agreement=AGREED)
    house.clock.at = NOON + timedelta(days=1)
    with pytest.raises(Refused, match="The day of this has passed"):
        issue(house, case)
    other = Offer(kind="money", what="For the wait", impact="three weeks", pence=10_000_000)
    offer_remedy(house.course, case.id, "olive", other)
    with pytest.raises(Refused, match="waits for a second person"):
        issue(house, case)
