"""Search finds the same on both databases: what it should, in its order, for those who may see it, whatever is typed."""

import threading

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sample_rows import MINUTE, NOON, case_row, event_row, keep_messages, letter_row
from sqlalchemy import inspect, text

from store.chain import append_events
from store.desk_models import CaseStaff, Note
from store.models import Case, Disposition, Message, OutboxEntry, Party
from store.search import MOST_COUNTED, Spot, Wanted, forget, found_cases, number_found, terms, tidy, touch
from store.search_index import LARGEST, index_of, within
from store.search_marks import marked
from store.search_models import SearchCase, SearchFile
from store.search_query import conditions, runs_in
from store.search_shown import LEAD, SHOWN, snippets
from store.search_sources import Source, sources_of
from store.search_upkeep import (
    FileWords,
    behind,
    cases_after_event,
    cases_not_indexed,
    cases_to_do_again,
    cases_with_unread_files,
    files_read,
    give_up,
    index_cases,
    keep_files,
    last_event,
    many_wait,
)
from store.search_words import FACTS, FILE, MESSAGE, PLACES, codes, fold, indexed, stem, words
from store.unit import Unit


def keep(store, number, said="", *, subject="My home", names=(), **values):
    """Keep a case with one message that says this."""
    (message_id,) = keep_messages(store, 1, external_id=f"case-{number}")
    with store.unit("T3") as unit:
        (case_id,) = unit.insert(Case, [case_row(number, subject=subject, **values)])
        settled = {"case_id": case_id, "state": "handled", "disposition": "case", "subject": subject, "new_text": said}
        unit.update(Message, message_id, attachment_names=list(names), **settled)
        append_events(unit, [event_row(case_id, "received")])
        unit.commit()
    return case_id


def bring_up_to_date(store):
    """Index whatever differs."""
    with store.unit("search") as unit:
        due, _ = cases_not_indexed(unit, 0, 100_000, 100_000)
        number = index_cases(unit, [*due, *cases_to_do_again(unit, 100_000)])
        unit.commit()
    return number


def ask(store, query, *, who="olive", after=None, limit=25, **wanted):
    with store.glance() as glance:
        return found_cases(glance, Wanted(terms=terms(query), username=who, **wanted), after, limit)


def found(store, query, **given):
    return [each.case.id for each in ask(store, query, **given)]


def number(store, query, who="olive", **wanted):
    with store.glance() as glance:
        return number_found(glance, Wanted(terms=terms(query), username=who, **wanted))


def happens(store, case_id, kind="noted", **tables):
    """Add rows to a case, with the event that says so."""
    with store.unit("T6") as unit:
        for table, row in tables.items():
            unit.add({"party": Party, "note": Note}[table], [{"case_id": case_id, **row}])
        append_events(unit, [event_row(case_id, kind)])
        unit.commit()


# --- words


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("leaking", "leaks"),
        ("leaked", "leak"),
        ("stopped", "stop"),
        ("damaged", "damage"),
        ("replies", "replied"),
        ("reply", "replies"),
        ("houses", "house"),
        ("boxes", "box"),
        ("charges", "charging"),
        ("telling", "tells"),
        ("passing", "passes"),
        ("radiators", "radiator"),
        ("leaving", "leave"),
    ],
)
def test_forms_of_a_word_share_their_stem(written, same):
    assert stem(written) == stem(same)


@pytest.mark.parametrize("apart", [("mould", "mouse"), ("gas", "gal"), ("need", "new"), ("thing", "the"), ("speed", "spent")])
def test_different_words_keep_different_stems(apart):
    assert stem(apart[0]) != stem(apart[1])


@given(st.text(max_size=60))
@example("gasses ied ing yes eed")
def test_a_stem_is_never_empty_and_folding_twice_changes_nothing(any_text):
    for word in words(any_text):
        assert word.folded
        assert stem(word.folded)
        assert fold(word.folded) == word.folded
        assert 0 <= word.start < word.end <= len(any_text)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("020 8123 4567", "02081234567"),
        ("(020) 8123-4567", "02081234567"),
        ("+44 20 8123 4567", "02081234567"),
        ("+44 (0)20 8123 4567", "02081234567"),
        ("0044 7700 900 123", "07700900123"),
        ("01632 960999", "01632960999"),
        ("se13 6ab", "se136ab"),
        ("SE136AB", "se136ab"),
        ("E1 6AN", "e16an"),
    ],
)
def test_numbers_and_postcodes_are_one_word_however_they_are_broken(written, code):
    assert [found.folded for found in codes(f"ring {written}, please")] == [code]


@pytest.mark.parametrize(
    "written", ["4471902", "12/11/2026", "14 Larkhall House", "£148.50", "0", "12345678901234567890", "AB12"]
)
def test_what_is_no_number_or_postcode_is_not_taken_for_one(written):
    assert not list(codes(written))


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("damp bedroom", [("damp",), ("bedroom",)]),
        ('"nobody came" damp', [("nobody", "came"), ("damp",)]),
        ("“nobody came”", [("nobody", "came")]),
        ("ada@resident.example", [("ada", "resident", "example")]),
        ("O'Brien", [("obrien",)]),
        ("CAFÉ Straße", [("cafe",), ("strasse",)]),
        ("SE13 6AB boiler", [("se13", "6ab"), ("boiler",)]),
        ('an "unfinished thought', [("an",), ("unfinished",), ("thought",)]),
        ("damp damp", [("damp",), ("damp",)]),
        ("", []),
        ('"" - () * ?', []),
        ("\x00", []),
    ],
)
def test_what_is_typed_is_understood(typed, understood):
    assert [term.words for term in terms(typed)] == understood


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("damp bed", True),
        ("be", False),
        ("bed ", True),
        ('"damp bed"', False),
        ("140", False),
        ("44719", True),
        ("SE13 6AB", False),
    ],
)
def test_only_the_last_word_may_be_the_beginning_of_one(typed, begins):
    understood = terms(typed)
    assert understood[-1].begins is begins
    assert not any(term.begins for term in understood[:-1])


def test_a_long_query_is_cut_and_not_refused():
    assert len(terms("word " * 10_000)) == 2
    assert len(terms(" ".join(f"w{number}" for number in range(60)))) == 24


# --- finding


@pytest.fixture
def three(store):
    """Keep three cases that are indexed; return their ids."""
    first = keep(
        store,
        1,
        "Nobody came to mend my leaking boiler at 14 Larkhall House SE13 6AB, ring 020 8123 4567.",
        resident_name="Zoë O’Brien",
        resident_address="zoe@resident.example",
    )
    second = keep(
        store,
        2,
        "The tap drips, and nobody came.",
        resident_name="Ada Jones",
        resident_phone="+44 7700 900123",
        home="2 Elm Row SE136AB",
    )
    third = keep(store, 3, "Boilers make noise. Ada came.", subject="Noise", resident_name="Jon Larkhall")
    bring_up_to_date(store)
    return first, second, third


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("leak", [1]),
        ("LEAKS", [1]),
        ("nobody came", [2, 1]),
        ('"nobody came"', [2, 1]),
        ('"came nobody"', []),
        ('"mend my leaking boiler"', [1]),
        ("boil", [3, 1]),
        ("boil leaking", []),
        ("zoe obrien", [1]),
        ("Zoë O'Brien boiler", [1]),
        ("zoe@resident.example", [1]),
        ("resident.example", [1]),
        ("zoe@resident.exa", [1]),
        ("02081234567", [1]),
        ("020 8123 4567", [1]),
        ("07700 900123", [2]),
        ("se136ab", [2, 1]),
        ("SE13 6AB", [2, 1]),
        ("SE13 6AB tap", [2]),
        ("2 elm row", [2]),
        ("LBL-26-000002-00", [2]),
        ("lbl2600000200", [2]),
        ("xylographer", []),
        ("boiler xylographer", []),
        ("the", [2]),
    ],
)
def test_cases_are_found_by_what_they_say_and_are_called(store, three, query, places):
    assert found(store, query) == [three[place - 1] for place in places]
    assert number(store, query) == len(places)


def test_names_come_before_their_beginnings_and_those_before_words_in_messages(store, three):
    graded = [(three.index(each.case.id) + 1, each.spot.grade) for each in ask(store, "jon")]
    assert graded == [(3, 0), (2, 1)]
    assert [three.index(id_) + 1 for id_ in found(store, "ada")] == [2, 3]
    assert [three.index(id_) + 1 for id_ in found(store, "larkhall")] == [3, 1]


def test_words_of_one_case_may_stand_in_different_texts_but_not_of_two(store, three):
    assert found(store, "jones tap") == [three[1]]
    assert found(store, "jones boiler") == []


def test_a_run_of_words_never_goes_from_one_text_into_the_next(store):
    case_id = keep(store, 1, "came late", subject="nobody")
    bring_up_to_date(store)
    assert found(store, "nobody came") == [case_id]
    assert found(store, '"nobody came"') == []


def test_notes_parties_officers_letters_and_files_are_searched_with_their_places_told(store):
    case_id = keep(store, 1, "words of mine", names=["survey.pdf"])
    (message_id,) = [row.id for row in _messages(store, case_id)]
    happens(store, case_id, party={"address": "mp@house.example", "name": "Dame Una", "role": "representative"})
    happens(store, case_id, note={"at": NOON, "by": "olive", "text": "rang about the scaffolding"})
    with store.unit("T6") as unit:
        written = letter_row(1, case_id, message_id, template="officer_reply", text="We shall bring a dehumidifier.")
        machine = letter_row(2, case_id, message_id, text="This letter mentions asbestos everywhere.")
        unit.insert(OutboxEntry, [written, machine])
        keep_files(unit, case_id, message_id, [FileWords(name="survey.pdf", words="rising damp in the party wall")])
        append_events(unit, [event_row(case_id, "letter_written")])
        unit.commit()
    bring_up_to_date(store)
    shown = {query: [(each.place, each.title) for each in ask(store, query)[0].snippets] for query in
             ("scaffolding", "una", "dehumidifiers", "party wall", "survey", "words")}  # fmt: skip
    assert shown == {
        "scaffolding": [("n", "")],
        "una": [("f", "Party")],
        "dehumidifiers": [("l", "")],
        "party wall": [("a", "survey.pdf")],
        "survey": [("a", "survey.pdf")],
        "words": [("m", "")],
    }
    assert found(store, "asbestos") == []  # what the machine writes is in every case


def test_the_same_mail_by_a_second_route_is_not_searched_twice(store):
    case_id = keep(store, 1, "once")
    (message_id,) = keep_messages(store, 1, external_id="again")
    with store.unit("T3") as unit:
        told = {"case_id": case_id, "disposition": Disposition.DUPLICATE, "new_text": "otherwise"}
        unit.update(Message, message_id, **told)
        unit.commit()
    with store.glance() as glance:
        assert "otherwise" not in [source.text for source in sources_of(glance, [case_id])[case_id]]


def _messages(store, case_id):
    with store.glance() as glance:
        return glance.find(Message, case_id=case_id)


# --- who may see what


def test_restricted_cases_are_found_and_counted_only_by_those_who_may_see_them(store):
    open_to_all = keep(store, 1, "a secret boiler")
    closed = keep(store, 2, "a secret boiler", restricted=True)
    with store.unit("T6") as unit:
        row = {"case_id": closed, "username": "ines", "relation": "let_in", "at": NOON, "by": "mo", "why": "her case"}
        unit.add(CaseStaff, [row, {**row, "username": "bart", "relation": "barred"}])
        unit.commit()
    bring_up_to_date(store)
    for who, sees in (("olive", [open_to_all]), ("bart", [open_to_all]), ("ines", [closed, open_to_all])):
        assert found(store, "secret", who=who) == sees
        assert number(store, "secret", who=who) == len(sees)
    assert found(store, "secret", sees_restricted=True) == [closed, open_to_all]
    assert found(store, "LBL-26-000002-00") == []


def test_filters_leave_out_what_is_not_chosen(store):
    first = keep(store, 1, "boiler", status="closed", category="complaint", team="complaints", received_at=NOON)
    second = keep(store, 2, "boiler", status="open", category="service_request", team="repairs", received_at=NOON + MINUTE)
    bring_up_to_date(store)
    for chosen, wanted in (
        ({"statuses": ("closed",)}, [first]),
        ({"categories": ("service_request",)}, [second]),
        ({"teams": ("repairs", "complaints")}, [second, first]),
        ({"since": NOON + MINUTE}, [second]),
        ({"before": NOON + MINUTE}, [first]),
        ({"statuses": ("closed",), "teams": ("repairs",)}, []),
    ):
        assert found(store, "boiler", **chosen) == wanted
        assert number(store, "boiler", **chosen) == len(wanted)


def test_pages_follow_each_other_without_gap_or_repeat(store):
    ids = [keep(store, count, "boiler", resident_name="Boil Boiler" if count % 3 else "Ada") for count in range(20)]
    bring_up_to_date(store)
    everything = ask(store, "boil", limit=100)
    assert sorted(each.case.id for each in everything) == ids
    pages, after = [], None
    while page := ask(store, "boil", after=after, limit=3):
        pages += page
        after = page[-1].spot
    assert [each.spot for each in pages] == [each.spot for each in everything]
    assert ask(store, "boil", after=Spot(grade=9, case_id=1)) == []


def test_more_than_are_counted_are_said_to_be_more(store):
    with store.unit("search") as unit:
        for number_ in range(MOST_COUNTED + 5):
            (id_,) = unit.insert(Case, [case_row(number_ + 10)])
            index_of(unit).put(unit, id_, ["mboiler"])
        unit.commit()
    assert number(store, "boiler") == MOST_COUNTED + 1


# --- whatever is typed, whatever is kept

TEXTS = st.text(alphabet=st.one_of(st.sampled_from(" ab'’\"-*@.0€éß\x00"), st.characters()), max_size=40)
SYNTAX = st.sampled_from(
    ['"', "a AND", "NOT", "NEAR(a b)", "a*", "^a", "{f}: a", "a & !", "<->", "':*", "\\", "a' | 'b", "-", "(((", "%_", "\ud800"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(TEXTS, SYNTAX), max_size=4).map(" ".join))
def test_any_text_is_searched_for_without_error(store, typed):
    assert ask(store, typed) == []
    assert number(store, typed) == 0


PIECES = st.lists(st.sampled_from(["leak", "leaks", "Ada", "adam", "14", "se13 6ab", "SE136AB", "é", "e", "o'b", "x-y", "x y", ".", "020 8123 4567"]), max_size=6)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PIECES, PIECES), min_size=1, max_size=4), st.lists(PIECES, min_size=1, max_size=6), st.booleans())
def test_what_is_found_is_what_reading_every_word_would_find(store, kept, queries, quoted):
    """Compare with the plain meaning: each condition looked for in the list of a case's words."""
    with store.unit("search") as unit:
        unit.run(text("DELETE FROM search_index"))
        cases = {}
        for facts, said in kept:
            (id_,) = unit.insert(Case, [case_row(0, reference=f"X{unit.new_ids(Case, 1)[0]}-{len(cases)}-{id(kept)}")])
            cases[id_] = [*indexed(FACTS, " ".join(facts)), "", *indexed(MESSAGE, " ".join(said))]
            index_of(unit).put(unit, id_, cases[id_])
        for pieces in queries:
            typed = f'"{" ".join(pieces)}"' if quoted else " ".join(pieces)
            asked = Wanted(terms=terms(typed), username="olive")
            meant = [
                id_
                for condition in conditions(asked.terms)
                for id_ in sorted(cases, reverse=True)
                if _holds(cases[id_], condition)
            ]
            meant = list(dict.fromkeys(meant)) if asked.terms else []
            assert [each.case.id for each in found_cases(unit, asked, None, 50)] == meant, typed


def _holds(case_words, condition):
    return all(any(_stands(case_words, run) for run in runs) for runs in condition)


def _stands(case_words, run):
    for at in range(len(case_words) - len(run.words) + 1):
        stretch = case_words[at : at + len(run.words)]
        last = stretch[-1].startswith(run.words[-1]) if run.begins else stretch[-1] == run.words[-1]
        if tuple(stretch[:-1]) == run.words[:-1] and last:
            return True
    return False


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.sampled_from(PLACES))
def test_any_text_can_be_indexed_and_its_words_are_found_again(store, said, place):
    storable = said.replace("\x00", "").encode("utf-8", "ignore").decode()
    with store.unit("search") as unit:
        (id_,) = unit.insert(Case, [case_row(0, reference=f"X{unit.new_ids(Case, 1)[0]}")])
        index_of(unit).put(unit, id_, list(indexed(place, storable)))
        for word in list(words(storable))[:5]:
            asked = Wanted(terms=terms(f'"{word.folded}"'), username="olive")
            assert id_ in [each.case.id for each in found_cases(unit, asked, None, 50)]


@pytest.mark.parametrize(
    "said",
    ["word " * 90_000, " ".join(f"w{count}x" for count in range(60_000)), "ж" * 250_000, " ".join("жш" + chr(0x4E00 + n % 20_000) for n in range(50_000))],
    ids=["the same word", "many words", "one long word", "many wide words"],
)  # fmt: skip
def test_however_long_a_text_is_it_can_be_indexed(store, said):
    case_id = keep(store, 1, said, subject="enormous")
    assert bring_up_to_date(store) == 1
    assert found(store, "enormous") == [case_id]
    assert found(store, fold(said.split()[0])) == [case_id]


def test_what_one_case_may_take_of_the_index_is_bounded():
    assert sum(len(word) + 1 for word in within(["ab"] * LARGEST)) <= LARGEST


# --- snippets


def test_a_snippet_marks_the_words_and_stands_around_them():
    said = f"{'Good morning. ' * 30}The boiler <script>is leaking</script> again. {'Thank you. ' * 30}"
    (piece,) = snippets([Source(place=MESSAGE, title="", text=said)], terms("leak boilers"))
    assert [text for text, is_marked in piece.pieces if is_marked] == ["boiler", "leaking"]
    whole = "".join(text for text, _ in piece.pieces)
    assert whole.startswith("…")
    assert whole.endswith("…")
    assert whole.strip("…") in said
    assert len(whole) < SHOWN + LEAD


def test_snippets_between_them_show_all_terms():
    texts = [Source(place=FACTS, title="Name", text="Ada Jones"), Source(place=MESSAGE, title="", text="the tap"),
             Source(place=FILE, title="a.pdf", text="Ada has a tap")]  # fmt: skip
    assert [piece.title for piece in snippets(texts, terms("ada tap"))] == ["a.pdf"]
    assert [piece.place for piece in snippets(texts[:2], terms("ada tap"))] == [FACTS, MESSAGE]
    assert snippets(texts, terms("boiler")) == []


def test_a_telephone_number_is_marked_as_it_was_written():
    said = "ring +44 20 8123 4567 now"
    ((start, end, _),) = marked(said, terms("02081234567"), MESSAGE)
    assert said[start:end] == "+44 20 8123 4567"


@given(st.text(max_size=300), st.text(max_size=30))
def test_a_snippet_is_always_a_piece_of_the_text(said, typed):
    for piece in snippets([Source(place=MESSAGE, title="", text=said)], terms(typed)):
        flat = " ".join(said.split())
        for text_, is_marked in piece.pieces:
            assert text_ == "…" or " ".join(text_.split()) in flat
            assert not is_marked or text_.strip()


WRITTEN = st.lists(st.sampled_from(["reply", "Replies", "flies", "fly", "O'Brien", "O’Brien", "obrien", "stopped", "stop", "é", "café", "24", "2", "be", "bees", "a-b", "."]), max_size=8)  # fmt: skip


@given(WRITTEN.map(" ".join), WRITTEN.map(" ".join), st.sampled_from(PLACES), st.booleans())
def test_the_marks_are_where_reading_every_word_would_put_them(said, typed, place, quoted):
    asked = terms(f'"{typed}"' if quoted else typed)
    stands = list(words(said))
    told = list(indexed(place, said))
    marks = {at for start, end, _ in marked(said, asked, place) for at in range(start, end)}
    meant = set()
    for term in asked:
        for run in runs_in(term, place):
            for at in range(len(stands) - len(run.words) + 1):
                if _stands(told[at : at + len(run.words)], run):
                    meant |= set(range(stands[at].start, stands[at + len(run.words) - 1].end))
    assert marks <= meant
    assert bool(marks) == bool(meant)
    assert quoted or marks == meant


# --- upkeep


def test_what_happens_to_a_case_is_found_by_its_events_and_indexed_once(store):
    case_id = keep(store, 1, "boiler")
    with store.glance() as glance:
        assert behind(glance).cases == 1
        assert cases_after_event(glance, 0, 10) == ([case_id], last_event(glance))
    assert bring_up_to_date(store) == 1
    assert bring_up_to_date(store) == 0
    happens(store, case_id, note={"at": NOON, "by": "olive", "text": "scaffolding"})
    assert found(store, "scaffolding") == []
    assert bring_up_to_date(store) == 1
    assert found(store, "scaffolding") == [case_id]
    with store.glance() as glance:
        assert behind(glance).cases == 0
        assert cases_after_event(glance, last_event(glance), 10) == ([], last_event(glance))


def test_words_that_are_no_longer_there_are_no_longer_found(store):
    case_id = keep(store, 1, "boiler", resident_name="Wrong Name")
    bring_up_to_date(store)
    with store.unit("T6") as unit:
        unit.update(Case, case_id, resident_name="Right Person")
        append_events(unit, [event_row(case_id, "corrected")])
        unit.commit()
    bring_up_to_date(store)
    assert found(store, "wrong") == []
    assert found(store, "right boiler") == [case_id]


def test_a_change_without_an_event_is_indexed_when_somebody_asks(store):
    case_id = keep(store, 1, "boiler")
    bring_up_to_date(store)
    with store.unit("T6") as unit:
        unit.update(Case, case_id, home="7 Elm Row")
        touch(unit, case_id)
        unit.commit()
    with store.glance() as glance:
        assert cases_to_do_again(glance, 10) == [case_id]
    bring_up_to_date(store)
    assert found(store, "elm row") == [case_id]
    with store.glance() as glance:
        assert cases_to_do_again(glance, 10) == []


def test_a_case_that_was_never_indexed_may_be_asked_for_too(store):
    case_id = keep(store, 1, "boiler")
    with store.unit("T6") as unit:
        touch(unit, case_id)
        unit.commit()
    bring_up_to_date(store)
    assert found(store, "boiler") == [case_id]


def test_cases_are_compared_a_step_at_a_time(store):
    ids = [keep(store, count) for count in range(7)]
    with store.glance() as glance:
        first, after = cases_not_indexed(glance, 0, 1_000, 3)
        assert (first, after) == (ids[:3], ids[2])
        assert cases_not_indexed(glance, ids[2], 2, 100) == (ids[3:5], ids[2] + 2)
        assert cases_not_indexed(glance, ids[-1], 2, 100) == ([], None)
    bring_up_to_date(store)
    with store.glance() as glance:
        assert cases_not_indexed(glance, 0, 1_000, 100) == ([], 1_000)


def test_a_case_given_up_is_left_alone_until_something_happens_to_it(store):
    case_id = keep(store, 1, "boiler")
    with store.unit("search") as unit:
        give_up(unit, case_id)
        unit.commit()
    assert bring_up_to_date(store) == 0
    happens(store, case_id)
    bring_up_to_date(store)
    assert found(store, "boiler") == [case_id]


def test_files_are_waited_for_beside_the_words_and_read_once(store):
    case_id = keep(store, 1, "boiler", names=["a.pdf"])
    (message,) = _messages(store, case_id)
    bring_up_to_date(store)
    assert found(store, "boiler") == [case_id]
    with store.glance() as glance:
        assert cases_with_unread_files(glance, 5) == [(case_id, [message.id])]
        assert behind(glance).with_files == 1
    for _ in range(2):
        with store.unit("search") as unit:
            keep_files(unit, case_id, message.id, [FileWords(name="a.pdf", words="condensation")])
            unit.commit()
    bring_up_to_date(store)
    assert found(store, "condensation") == [case_id]
    with store.glance() as glance:
        assert cases_with_unread_files(glance, 5) == []
        assert len(glance.find(SearchFile, message_id=message.id)) == 1


def test_a_file_that_came_while_others_were_read_is_not_forgotten(store):
    case_id = keep(store, 1, "boiler", names=["a.pdf"])
    bring_up_to_date(store)
    with store.unit("search") as unit:
        files_read(unit, case_id)
        unit.commit()
    bring_up_to_date(store)
    with store.glance() as glance:
        assert [id_ for id_, _ in cases_with_unread_files(glance, 5)] == [case_id]


def test_a_message_without_files_after_all_is_read_once_too(store):
    case_id = keep(store, 1, "boiler", names=["gone.pdf"])
    (message,) = _messages(store, case_id)
    with store.unit("search") as unit:
        keep_files(unit, case_id, message.id, [])
        unit.commit()
    bring_up_to_date(store)
    with store.glance() as glance:
        assert cases_with_unread_files(glance, 5) == []


def test_a_forgotten_case_leaves_nothing_behind_in_search(store):
    case_id, other = keep(store, 1, "a peristeronic noise", names=["a.pdf"]), keep(store, 2, "a peristeronic noise")
    (message,) = _messages(store, case_id)
    with store.unit("search") as unit:
        keep_files(unit, case_id, message.id, [FileWords(name="a.pdf", words="columbine")])
        unit.commit()
    bring_up_to_date(store)
    with store.unit("T6") as unit:
        forget(unit, case_id)
        tidy(unit)
        unit.commit()
    assert found(store, "peristeronic") == [other]
    with store.glance() as glance:
        assert glance.find(SearchFile, message_id=message.id) == []
        assert glance.get(SearchCase, case_id) is None
        if glance.embedded:
            kept = glance.all(text("SELECT block FROM search_index_data"))
            assert not any(b"columbin" in row.block for row in kept)


def test_somebody_who_asks_while_a_case_is_being_indexed_is_heard(store):
    """The case is changed when its texts have just been read: on SQLite whoever changes it waits, on PostgreSQL who asks."""
    case_id = keep(store, 1, "boiler")
    bring_up_to_date(store)
    happens(store, case_id)
    others = []

    def asks():
        with store.unit("T6") as unit:
            unit.update(Case, case_id, home="7 Elm Row")
            touch(unit, case_id)
            unit.commit()

    class Interrupted(Unit):
        def find(self, table, **equals):
            rows = super().find(table, **equals)
            if table is Note:
                others.append(threading.Thread(target=asks))
                others[-1].start()
                others[-1].join(0.3)
            return rows

    with store.unit("search") as unit:
        index_cases(Interrupted(unit._connection, "search"), [case_id])
        assert others[0].is_alive()
        unit.commit()
    others[0].join(20)
    bring_up_to_date(store)
    assert found(store, "elm") == [case_id]


def test_two_processes_never_write_the_index_at_once(store):
    case_id = keep(store, 1, "boiler")
    if store.embedded:
        pytest.skip("on SQLite a transaction is alone")
    with store.unit("search") as one, store.unit("search") as other:
        assert index_cases(one, [case_id]) == 1
        assert index_cases(other, [case_id]) == 0
        one.commit()


def test_many_waiting_messages_are_noticed(store):
    with store.glance() as glance:
        assert not many_wait(glance, 0)
    keep_messages(store, 3)
    with store.glance() as glance:
        assert many_wait(glance, 2)
        assert not many_wait(glance, 3)


def test_what_is_new_is_found_by_an_index(store):
    """Ask the database how it would look: never through a whole table."""
    for count in range(3):
        keep(store, count, "boiler")
    bring_up_to_date(store)
    asked = (
        "SELECT id, case_id FROM case_event WHERE case_event.id > 5 ORDER BY id LIMIT 40",
        "SELECT case_id FROM search_case WHERE events < 0 ORDER BY case_id LIMIT 40",
        "SELECT case_id FROM search_case WHERE files_due ORDER BY case_id DESC LIMIT 1",
    )
    explain = "EXPLAIN QUERY PLAN " if store.embedded else "EXPLAIN "
    with store.glance() as glance:
        if not store.embedded:
            glance.run(text("SET LOCAL enable_seqscan = off"))  # three rows are read through whatever index there is
        plans = [" ".join(str(part) for row in glance.all(text(explain + one)) for part in row) for one in asked]
    assert not [plan for plan in plans if ("SCAN case_event" in plan and "USING" not in plan) or "Seq Scan" in plan]
    assert "ix_search_case_due" in plans[1]
    assert "ix_search_case_files" in plans[2]


def test_both_databases_have_their_index(store):
    with store.glance() as glance:
        assert glance.has_table("search_index")
        if not store.embedded:
            names = [index["name"] for index in inspect(glance._connection).get_indexes("search_index")]
            assert names == ["search_index_words"]
