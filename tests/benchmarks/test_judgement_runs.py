"""The measurements of judgement: spoilt messages are spoilt as they say, and each figure is what its name says. Nothing is timed."""

import json
import random
import sys
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.judged import drawn, f1_change, interval, percent, share_of, table
from benchmarks.judging import LENGTHS, of_length, timed
from benchmarks.languages import languages, misheard, written_in_another
from benchmarks.linear_alone import linear_alone
from benchmarks.processes import HelperFailed
from benchmarks.reasons import Fall, fall_of, figures
from benchmarks.slices import by, confusion, flags, length, read_styles, reliability, spark, styles_of
from benchmarks.slips import CHANGES, FOOTER, ORDER, ROWS, corrected, neighbour, reversed_sentences, spoilt, without_marks
from benchmarks.watched import watched
from classifiers.examples import Example, Labels, read_corpus
from classifiers.model_files import save
from classifiers.scorecard import score
from classifiers.taxonomy import Category, Reason
from classifiers.training import CORPUS
from classifiers.verdict import Text, Verdict
from site_houses import tiny_model

LETTER = Text(
    channel="email",
    subject="Boiler, again",
    text="I reported it on Monday. You said that somebody would come. Nobody came! Is there any heating, or isn't there?",
)
LONG = " ".join(["somebody", "reported", "that", "the", "ceiling", "is", "a", "mess"] * 500)


def verdict(category, confidence=0.9, route="auto"):
    reason = Reason.NOT_FOR_US if category is Category.OUT_OF_SCOPE else None
    scores = {one: confidence if one is category else (1 - confidence) / 3 for one in Category}
    return Verdict(
        category=category,
        confidence=confidence,
        scores=scores,
        route=route,
        why="sure: so",
        model="m",
        reason=reason,
        language="en",
    )


def example(number, category, text="Nobody came on Monday.", channel="email"):
    return Example(
        id=f"x-{number}", source="s", text=Text(channel=channel, subject=None, text=text), labels=Labels(category=category)
    )


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_spoils_the_same_message_in_the_same_way_and_keeps_its_channel(name):
    first, second = (CHANGES[name](LETTER, random.Random(7)) for _ in range(2))
    assert first == second
    assert first.channel == "email"


@pytest.mark.parametrize(
    ("name", "subject", "text"),
    [
        ("lower case", LETTER.subject.lower(), LETTER.text.lower()),
        ("all capitals", LETTER.subject.upper(), LETTER.text.upper()),
        ("no subject", None, LETTER.text),
        ("signature and disclaimer", LETTER.subject, LETTER.text + FOOTER),
        ("injection in front", LETTER.subject, ORDER + LETTER.text),
    ],
)
def test_a_change_does_what_it_says_and_no_more(name, subject, text):
    assert CHANGES[name](LETTER, random.Random(1)) == Text(channel="email", subject=subject, text=text)


def test_about_one_word_in_twenty_is_mistyped_and_short_words_more_seldom():
    words, typed = LONG.split(), spoilt(LONG, random.Random(3)).split()
    assert len(typed) == len(words)
    wrong = [one != other for one, other in zip(words, typed, strict=True)]
    long_ones = [bad for word, bad in zip(words, wrong, strict=True) if len(word) >= 4]
    assert 0.03 < np.mean(long_ones) < 0.07
    assert np.mean([bad for word, bad in zip(words, wrong, strict=True) if len(word) < 4]) < np.mean(long_ones)


def test_nothing_is_mistyped_where_no_word_may_be():
    assert spoilt(LONG, random.Random(3), share=0.0) == LONG


@pytest.mark.parametrize("letter", "qQpPaAlLzZmM")
def test_a_neighbouring_letter_lies_beside_it_on_the_keyboard_in_the_same_case(letter):
    found = neighbour(letter, random.Random(2))
    row = next(row for row in ROWS if letter.lower() in row)
    assert abs(row.index(found.lower()) - row.index(letter.lower())) == 1
    assert found.isupper() == letter.isupper()


def test_autocorrect_puts_real_words_in_the_place_of_others_and_keeps_capitals():
    assert corrected("Boiler and boiler", random.Random(1), share=1.0) == "Broiler and broiler"
    assert corrected("Boiler and boiler", random.Random(1), share=0.0) == "Boiler and boiler"


def test_without_marks_words_stay_whole_and_lines_stay_lines():
    assert without_marks("Isn't it?\nNo-one came, twice!").split("\n")[0].split() == ["Isnt", "it"]
    assert without_marks("No-one came, twice!").split() == ["No", "one", "came", "twice"]


def test_the_last_sentence_comes_first():
    assert reversed_sentences("One. Two! Three?") == "Three? Two! One."


@pytest.mark.parametrize("words", LENGTHS)
def test_texts_of_a_length_are_about_that_long_and_the_same_for_a_seed(words):
    every = list(read_corpus(CORPUS))[:600]
    texts, natural = of_length(every, words, 20, seed=1)
    assert len(texts) == 20
    assert 0 <= natural <= 20
    assert all(0.8 * words <= len(text.text.split()) <= 1.2 * words for text in texts)
    assert of_length(every, words, 20, seed=1) == (texts, natural)


def test_a_command_is_watched_to_its_end():
    code = "import sys; held = bytearray(200_000_000); print('first', flush=True); print('second')"
    (seen,) = watched([[sys.executable, "-c", code]])
    assert seen.lines == 2
    assert seen.peak_mb > 200
    assert 0 < seen.first <= seen.seconds


def test_the_memory_of_a_command_is_its_own_and_not_its_parents():
    held = bytearray(300_000_000)
    (seen,) = watched([[sys.executable, "-S", "-c", "print(1)"]])
    assert seen.peak_mb < 100
    assert len(held) == 300_000_000


def test_the_linear_half_alone_judges_what_a_person_will_see_without_any_file_of_an_encoder(tmp_path):
    save(tiny_model("tiny"), tmp_path)
    judge = linear_alone(tmp_path)
    # Only where a person looks are sentences left out, for which the pieces of the whole are counted.
    assert judge.classify(LETTER).route == timed(judge, LETTER).route == "triage"


def test_the_linear_half_alone_judges_a_file_as_the_command_does(tmp_path):
    save(tiny_model("tiny"), tmp_path)
    lines = [json.dumps({"id": str(number), "channel": "email", "text": LETTER.text}) for number in range(3)]
    (tmp_path / "few.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (seen,) = watched([[sys.executable, "-m", "benchmarks.linear_alone", str(tmp_path / "few.jsonl"), str(tmp_path)]])
    assert seen.lines == 3


def test_a_command_that_fails_is_no_measurement():
    with pytest.raises(HelperFailed, match="ended with 3"):
        watched([[sys.executable, "-c", "raise SystemExit(3)"]])


def test_messages_are_drawn_from_all_files_in_their_order_and_alike_for_a_seed():
    every = [example(number, Category.COMPLAINT) for number in range(50)]
    few = drawn(every, 10, seed=1)
    assert len(few) == 10
    assert few == sorted(few, key=every.index) == drawn(every, 10, seed=1)
    assert few != every[:10]
    assert drawn(every, None, seed=1) == drawn(every, 99, seed=1) == every


def test_a_hundred_and_sixty_messages_of_the_corpus_are_not_in_english():
    found = [one for one in read_corpus(CORPUS) if written_in_another(one)]
    assert len(found) == 160
    # Each of these ends a run of ids: the last of it is in, the next one is English.
    ids = {one.id for one in found}
    assert ids >= {"ec-0381", "ec-0392", "ec-0483", "ec-0495", "ec-0541", "ec-0548", "ec-0594", "ec-0600"}
    assert not ids & {"ec-0380", "ec-0393", "ec-0482", "ec-0496", "ec-0540", "ec-0549", "ec-0593", "ec-0601"}


def test_english_that_is_heard_as_another_language_is_counted_and_not_taken_for_one():
    english, foreign = example(1, Category.COMPLAINT), replace(example(2, Category.COMPLAINT), source="other-languages")
    heard = verdict(Category.COMPLAINT, route="triage")
    held_back = [(english, replace(heard, language="so")), (english, heard), (foreign, heard)]
    rows = [
        row.strip("| ").split(" | ")[:4]
        for row in misheard(held_back, [(foreign, replace(heard, language="pl"))]).split("\n")[2:]
    ]
    assert rows == [
        ["held back", "English", "2", "1"],
        ["held back", "another language", "1", "1"],
        ["not held back", "English", "0", "0"],
        ["not held back", "another language", "1", "0"],
    ]
    assert [row.strip("| ").split(" | ")[:2] for row in languages(held_back[2:]).split("\n")[2:]] == [["en", "1"]]


def test_a_table_is_markdown():
    assert table(("a", "b"), [[1, "x"]]) == "| a | b |\n| --- | --- |\n| 1 | x |"


def test_a_share_is_told_with_the_ends_of_its_interval():
    assert share_of(3, 8) == "37.5 % (13.7 to 69.4)"
    assert share_of(0, 0) == "-"


@pytest.mark.parametrize(("part", "whole", "said"), [(1, 8, "12.5 %"), (0, 3, "0.0 %"), (0, 0, "-")])
def test_shares_are_told_in_per_cent_and_nothing_has_none(part, whole, said):
    assert percent(part, whole) == said


def test_an_interval_holds_what_it_was_drawn_from_and_is_nothing_where_all_are_alike():
    values = np.arange(200.0)
    low, high = interval(lambda rows: float(values[rows].mean()), len(values), seed=1)
    assert low < values.mean() < high
    assert interval(lambda rows: float(np.ones(9)[rows].mean()), 9, seed=1) == (1.0, 1.0)


def test_a_change_of_macro_f1_is_new_less_old():
    truth = [Labels(category=one) for one in Category] * 10
    right = [(labels, verdict(labels.category)) for labels in truth]
    wrong = [(labels, verdict(Category.COMPLAINT)) for labels in truth]
    assert f1_change(right, right, seed=1) == (0.0, 0.0, 0.0)
    moved, low, high = f1_change(right, wrong, seed=1)
    assert moved == pytest.approx(0.1 - 1.0)
    assert low <= moved <= high < 0


def test_the_shown_sentence_is_parted_from_the_others_the_longest_first():
    assert fall_of([1.0, 5.0, 2.0], [(0, 4), (4, 30), (30, 50)], 1) == Fall(shown=5.0, others=(2.0, 1.0))


def test_the_shown_sentence_falls_more_in_as_many_cases_as_it_does():
    falls = [Fall(shown=2.0, others=(1.0, 0.0)), Fall(shown=0.5, others=(1.0, 0.5))]
    random_one, longest = figures({"way": falls}, seed=1).split("\n")[2:]
    assert "| 50 % " in random_one
    assert "| 50 % " in longest
    assert "| +0.62 " in random_one
    assert "| +0.25 " in longest


@pytest.mark.parametrize(
    ("count", "name"),
    [(0, "0 to 4"), (4, "0 to 4"), (5, "5 to 14"), (249, "150 to 249"), (250, "250 and more"), (9_999, "250 and more")],
)
def test_every_length_has_its_range(count, name):
    assert length(count) == name


def test_a_slice_counts_its_own_messages_and_the_last_row_all():
    judged = [
        (example(1, Category.COMPLAINT), verdict(Category.COMPLAINT)),
        (example(2, Category.COMPLAINT, channel="chat"), verdict(Category.OUT_OF_SCOPE)),
    ]
    rows = by(judged, lambda one: [one.text.channel]).split("\n")[2:]
    assert [row.split(" | ")[0].strip("| ") for row in rows] == ["chat", "email", "all"]
    chat, email, every = (row.strip("| ").split(" | ") for row in rows)
    # Wilson's ends of one in one, of none in one and of one in two.
    assert (chat[4], chat[5], chat[7:]) == ("1", "0.0 %", ["100.0 %", "100.0 % (20.7 to 100.0)", "1: 100.0 % (20.7 to 100.0)"])
    assert (email[5], email[8:]) == ("100.0 %", ["0.0 % (0.0 to 79.3)", "0: 0.0 % (0.0 to 79.3)"])
    assert (every[1], every[5], every[9]) == ("2", "50.0 %", "1: 50.0 % (9.5 to 90.5)")


def test_only_what_was_taken_for_another_is_listed_with_what_acted_by_itself():
    judged = [
        (example(1, Category.COMPLAINT), verdict(Category.COMPLAINT)),
        (example(2, Category.COMPLAINT), verdict(Category.ASB_REPORT)),
        (example(3, Category.COMPLAINT), verdict(Category.ASB_REPORT, route="triage")),
    ]
    assert confusion(judged).split("\n")[2:] == ["| complaint | asb_report | 2 | 66.7 % | 1 |"]


def test_of_a_flag_that_nobody_raised_nothing_is_said():
    rows = flags(score([(Labels(category=Category.COMPLAINT), verdict(Category.COMPLAINT))])).split("\n")[2:]
    assert rows[-1] == "| together | 0 | - | - | - |"


def test_reliability_puts_each_verdict_into_the_bin_of_its_confidence():
    pairs = [
        (Labels(category=Category.COMPLAINT), verdict(Category.COMPLAINT, 1.0)),
        (Labels(category=Category.COMPLAINT), verdict(Category.ASB_REPORT, 0.55)),
    ]
    low, high = reliability(pairs).split("\n")[2:]
    assert low.startswith("| 0.5 to 0.6 | 1 | 0.550 | 0.000 |")
    assert high.startswith("| 0.9 to 1.0 | 1 | 1.000 | 1.000 |")


def test_every_style_has_messages_enough_and_each_is_in_the_corpus():
    held = {one.id for one in read_corpus(CORPUS)}
    for name, ids in read_styles().items():
        assert 20 <= len(ids) == len(set(ids)), name
        assert set(ids) <= held, name


def test_a_message_has_the_styles_that_name_it():
    assert styles_of({"angry": ["x-1"], "polite": ["x-1", "x-2"]})(example(1, Category.COMPLAINT)) == ["angry", "polite"]
    assert styles_of({"angry": ["x-1"]})(example(2, Category.COMPLAINT)) == []


def test_blocks_stand_as_high_as_their_share_of_the_greatest():
    assert spark([0.0, 1.0, 2.0]) == "▁▅█"
    assert spark([0.0, 0.0]) == "▁▁"
    assert spark([]) == ""
