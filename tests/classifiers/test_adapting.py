"""Learning on site: corrections teach what they say and nothing else moves; a bad lesson is kept out."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from classifiers.adapting import Lessons, adapt, hear_all
from classifiers.adapting_targets import Row, limits
from classifiers.adapting_words import name_of_feature, unknown_words, with_words
from classifiers.calibrating import ENOUGH
from classifiers.calibration import FlagThreshold
from classifiers.corrections import Correction, by_whom, words_of_names
from classifiers.examples import Labels
from classifiers.heads import FLAG_PART, FLAGS
from classifiers.learning import judge_all
from classifiers.taxonomy import Category, Flag, Reason
from site_houses import PLOTS, correction, reads_of, saying, small_model, some_of_the_corpus

AFTERWARDS = ["Could I have a plot with some sun?", "What are the rules for an allotment shed?"]


@pytest.fixture(scope="module")
def corpus_reads():
    return reads_of(some_of_the_corpus())


@pytest.fixture(scope="module")
def base(corpus_reads):
    return small_model(corpus_reads)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return saying(tmp_path_factory.mktemp("encoder"), allotment=Category.OUT_OF_SCOPE, plot=Category.OUT_OF_SCOPE)


def lessons(corrections: list[Correction], replayed=()) -> Lessons:
    return Lessons(corrections=corrections, corrected=reads_of([one.example for one in corrections]), replayed=replayed)


def about_plots() -> list[Correction]:
    return [correction(number, words, Category.SERVICE_REQUEST) for number, words in enumerate(PLOTS)]


def categories(model, encoder, reads) -> list[Category]:
    return [verdict.category for verdict in judge_all(model, encoder, reads)]


@pytest.fixture(scope="module")
def adapted(base, encoder, corpus_reads):
    return adapt(base, encoder, lessons(about_plots(), corpus_reads))


def of_words(words: list[str]):
    return reads_of([correction(number, one, Category.SERVICE_REQUEST).example for number, one in enumerate(words)])


def test_corrected_messages_and_others_of_their_kind_come_out_as_the_officer_said(base, encoder, adapted):
    asked = of_words([*PLOTS, *AFTERWARDS])
    assert Counter(categories(base, encoder, asked))[Category.SERVICE_REQUEST] <= 2
    assert Counter(categories(adapted, encoder, asked))[Category.SERVICE_REQUEST] >= len(asked) - 1


def test_messages_that_nobody_corrected_keep_their_verdicts(base, encoder, adapted, corpus_reads):
    before, after = (categories(model, encoder, corpus_reads) for model in (base, adapted))
    assert sum(one is not other for one, other in zip(before, after, strict=True)) <= 1


def test_only_words_that_stand_in_corrections_weigh_otherwise(base, encoder, adapted):
    heard = hear_all(adapted, encoder, of_words(PLOTS))
    stands = np.zeros(adapted.vocabulary.size, dtype=np.bool_)
    stands[np.concatenate([one.bag.features for one in heard])] = True
    grown = with_words(base, adapted.about["adapted"]["new_words"])
    same = (adapted.heads.weights == grown.heads.weights).all(axis=1)
    assert same[~stands].all()
    assert not same[stands].all()
    assert np.array_equal(adapted.heads.scales, base.heads.scales)
    assert np.array_equal(adapted.heads.biases, base.heads.biases)


def test_the_same_lessons_give_the_same_model(base, encoder, adapted, corpus_reads):
    again = adapt(base, encoder, lessons(about_plots(), corpus_reads))
    assert np.array_equal(again.heads.weights, adapted.heads.weights)
    assert (again.name, again.about) == (adapted.name, adapted.about)


def test_a_model_says_what_was_learnt_and_from_whom(adapted):
    about = adapted.about["adapted"]
    assert about["base"] == "small-1"
    assert about["by"] == {"An Officer": len(PLOTS)}
    assert about["new_words"] == ["allotment", "plot"]
    assert {line.split()[0] for line in about["strongest"]["service_request"][:2]} == {"allotment", "plot"}
    assert adapted.name == f"small-1+{len(PLOTS)}-{about['corrections_sha256'][:8]}"


def test_with_a_landlords_own_words_every_other_feature_keeps_its_name_and_its_weights(base):
    grown = with_words(base, ("allotment", "zzz"))
    old, new = base.vocabulary, grown.vocabulary
    assert new.words[-2:] == ("allotment", "zzz")
    shift = [*range(len(old.words)), *range(len(old.words) + 2, new.size)]
    assert [name_of_feature(new, one) for one in shift] == [name_of_feature(old, one) for one in range(old.size)]
    assert np.array_equal(grown.heads.weights[shift], base.heads.weights)
    assert not grown.heads.weights[len(old.words) : len(new.words)].any()


def test_a_model_with_more_words_judges_what_holds_none_of_them_as_it_did(base, encoder, corpus_reads):
    grown = with_words(base, ("qwertyish", "zzz"))
    for one, other in zip(hear_all(base, encoder, corpus_reads), hear_all(grown, encoder, corpus_reads), strict=True):
        assert np.array_equal(one.linear, other.linear)
        assert np.array_equal(one.bag.values, other.bag.values)


def test_a_word_is_added_only_where_three_messages_have_it(base):
    rows = [["plot", "plot", "plot"], ["plot", "tap"], ["hen", ""]]
    said = about_plots()
    assert unknown_words(base.vocabulary, rows, said[:3]) == ()
    assert unknown_words(base.vocabulary, [*rows, ["plot"]], said[:4]) == ("plot",)


@pytest.mark.parametrize(
    ("cases", "senders", "added"),
    [
        pytest.param("abc", "xyz", ("plot",), id="three cases of three senders"),
        pytest.param("aab", "xyz", (), id="two cases"),
        pytest.param("abc", "xxy", (), id="two senders"),
        pytest.param("aaa", "xxx", (), id="one resident who wrote three times"),
    ],
)
def test_a_word_of_few_residents_is_not_added(base, cases, senders, added):
    said = [replace(one, case=case, sender=sender) for one, case, sender in zip(about_plots()[:3], cases, senders, strict=True)]
    assert unknown_words(base.vocabulary, [["plot"]] * 3, said) == added


@pytest.mark.parametrize("word", ["zed.qwert@mail.example", "mail.example/qwert", "qw0", "okonkwo-qwert", "o'qwert", "zqwert"])
def test_addresses_links_numbers_and_the_names_of_whoever_belongs_to_a_case_are_not_added(base, word):
    names = words_of_names(["Ada Okonkwo-Qwert", "Dr O’Qwert", None, "zqwert.smith@mail.example"])
    said = [about_plots()[0], about_plots()[1], replace(about_plots()[2], names=names)]
    assert unknown_words(base.vocabulary, [["plot", word]] * 3, said) == ("plot",)


def flag_answers(model, encoder, words, flag):
    heard = hear_all(model, encoder, of_words(words))
    return np.array([one.linear[FLAG_PART][FLAGS.index(flag)] for one in heard])


def test_flags_that_nobody_touched_teach_nothing_and_touched_ones_do(base, encoder, corpus_reads):
    said = {"machine": Labels(category=Category.SERVICE_REQUEST, flags=frozenset({Flag.HAZARD}))}
    kept = [
        correction(n, words, Category.SERVICE_REQUEST, flags=frozenset({Flag.HAZARD}), **said) for n, words in enumerate(PLOTS)
    ]
    taken_off = [correction(n, words, Category.SERVICE_REQUEST, **said) for n, words in enumerate(PLOTS)]
    raised = [
        correction(n, words, Category.SERVICE_REQUEST, flags=frozenset({Flag.HAZARD, Flag.GROUP}), **said)
        for n, words in enumerate(PLOTS)
    ]
    by_kept, by_raised = (adapt(base, encoder, lessons(some, corpus_reads)) for some in (kept, raised))
    untaught = with_words(base, ("allotment", "plot"))
    for flag in (Flag.HAZARD, Flag.GROUP):
        assert np.array_equal(flag_answers(by_kept, encoder, PLOTS, flag), flag_answers(untaught, encoder, PLOTS, flag))
    assert (flag_answers(by_raised, encoder, PLOTS, Flag.GROUP) > flag_answers(by_kept, encoder, PLOTS, Flag.GROUP) + 1).all()
    # That the hazard is none is asked only where the model finds one.
    hazard, alone = FLAGS.index(Flag.HAZARD), base.calibration.flags[Flag.HAZARD].alone
    sure = replace(base, stack=_biased(base, FLAG_PART.start + hazard, 8.0))
    by_taken = adapt(sure, encoder, lessons(taken_off, corpus_reads))
    before, after = (0.5 * flag_answers(one, encoder, PLOTS, Flag.HAZARD) + 8.0 for one in (sure, by_taken))
    assert (before > alone).all()
    assert (after < before - 2).all()
    assert all(one.changes for one in taken_off)
    assert not any(one.changes for one in kept)


def _biased(model, question: int, by: float):
    bias = model.stack.bias.copy()
    bias[question] += by
    return replace(model.stack, bias=bias)


GAS = "I smell gas beside plot {}, and the cooker is off."
"""A phrase stands there: emergency, whatever the words' answer is."""


def raised_by_a_phrase(base):
    flags = dict(base.calibration.flags)
    flags[Flag.EMERGENCY] = FlagThreshold(alone=0.5, with_cue=0.5 - ENOUGH)
    return replace(base, calibration=replace(base.calibration, flags=flags))


def test_a_flag_that_a_phrase_raises_cannot_be_taken_back_by_words_which_would_lower_it_everywhere(base, encoder, corpus_reads):
    said = {"machine": Labels(category=Category.SERVICE_REQUEST, flags=frozenset({Flag.EMERGENCY}))}
    question = FLAG_PART.start + FLAGS.index(Flag.EMERGENCY)
    # Its words speak for one too, so that there would be something to learn.
    model = replace(raised_by_a_phrase(base), stack=_biased(base, question, 8.0))
    unticked = [correction(n, GAS.format(n), Category.SERVICE_REQUEST, **said) for n in range(12)]
    taught = adapt(model, encoder, lessons(unticked, corpus_reads))
    grown = with_words(model, taught.about["adapted"]["new_words"])
    assert np.array_equal(taught.heads.weights[:, question], grown.heads.weights[:, question])
    (verdict,) = judge_all(taught, encoder, of_words([GAS.format(99)]))
    assert Flag.EMERGENCY in verdict.flags


def test_beside_messages_with_a_phrase_a_flags_words_are_learnt_from_the_limit_that_answers_can_reach(
    base, encoder, corpus_reads
):
    model = raised_by_a_phrase(base)
    machine = Labels(category=Category.SERVICE_REQUEST)
    emergency = {"machine": machine, "flags": frozenset({Flag.EMERGENCY})}
    raised = [correction(n, words, Category.SERVICE_REQUEST, **emergency) for n, words in enumerate(PLOTS)]
    taught = adapt(model, encoder, lessons(raised, corpus_reads))
    with_phrase = [GAS.format(n) for n in range(3)]
    limits_there = limits(
        [Row(heard=one, answers=one.linear) for one in hear_all(model, encoder, of_words(with_phrase))], model.calibration
    )
    assert (limits_there[:, -len(FLAGS) :][:, FLAGS.index(Flag.EMERGENCY)] == 0.5).all()
    assert sum(Flag.EMERGENCY in one.flags for one in judge_all(taught, encoder, of_words(PLOTS))) >= len(PLOTS) - 2


def test_a_question_in_which_the_stack_turns_the_words_round_is_left_as_it_is(base, encoder, corpus_reads):
    linear = base.stack.linear.copy()
    question = FLAG_PART.start + FLAGS.index(Flag.GROUP)
    linear[question] = -0.3
    model = replace(base, stack=replace(_biased(base, question, -8.0), linear=linear))
    group = {"machine": Labels(category=Category.SERVICE_REQUEST), "flags": frozenset({Flag.GROUP})}
    taught = adapt(
        model, encoder, lessons([correction(n, one, Category.SERVICE_REQUEST, **group) for n, one in enumerate(PLOTS)])
    )
    assert not taught.heads.weights[:, question][taught.vocabulary.words.index("plot")].any()
    grown = with_words(model, taught.about["adapted"]["new_words"])
    assert np.array_equal(taught.heads.weights[:, question], grown.heads.weights[:, question])
    assert not np.array_equal(taught.heads.weights, grown.heads.weights)


def test_a_reason_is_learnt_but_not_the_one_that_stands_where_none_was_given(base, encoder, corpus_reads):
    machine = Labels(category=Category.SERVICE_REQUEST)
    reasons = {}
    for reason in (Reason.NOT_OUR_HOME, Reason.GENERAL_FEEDBACK):
        said = [correction(n, words, Category.OUT_OF_SCOPE, machine, reason=reason) for n, words in enumerate(PLOTS)]
        model = adapt(base, encoder, lessons(said, corpus_reads))
        reasons[reason] = Counter(verdict.reason for verdict in judge_all(model, encoder, of_words(PLOTS)))
    assert reasons[Reason.NOT_OUR_HOME][Reason.NOT_OUR_HOME] >= len(PLOTS) - 1
    untaught = Counter(verdict.reason for verdict in judge_all(base, encoder, of_words(PLOTS)))
    assert reasons[Reason.GENERAL_FEEDBACK][Reason.GENERAL_FEEDBACK] <= untaught[Reason.GENERAL_FEEDBACK] + 1


def test_without_a_correction_nothing_is_learnt(base, encoder, corpus_reads):
    model = adapt(base, encoder, lessons([], corpus_reads))
    assert np.array_equal(model.heads.weights, base.heads.weights)


def test_what_is_not_in_english_teaches_nothing(base, encoder, corpus_reads):
    polish = "Dzień dobry, chciałbym zapytać, czy można wynająć działkę przy naszym bloku, bo bardzo lubię ogród i kwiaty."
    model = adapt(base, encoder, lessons([correction(n, polish, Category.COMPLAINT) for n in range(2)], corpus_reads))
    assert np.array_equal(model.heads.weights, base.heads.weights)


def test_one_in_five_never_trains_and_stays_so():
    frozen = [correction(number, "words", Category.COMPLAINT).frozen for number in range(2_000)]
    assert 0.17 < sum(frozen) / len(frozen) < 0.23
    assert frozen == [correction(number, "other words", Category.OUT_OF_SCOPE).frozen for number in range(2_000)]


def test_who_corrected_is_counted():
    some = [replace(one, by=by) for one, by in zip(about_plots(), ["B", "A", "B"] * 4, strict=True)]
    assert by_whom(some) == {"A": 4, "B": 8}
