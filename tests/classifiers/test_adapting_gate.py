"""The gate: what an adapted model may not do worse than the packaged one, and than the one in use."""

import re
from dataclasses import replace

import pytest

from classifiers.adapting_gate import Asked, Panel, gate
from classifiers.examples import Example, Labels
from classifiers.taxonomy import Category, Flag, Reason
from classifiers.verdict import Text, Verdict

C, S, O = Category.COMPLAINT, Category.SERVICE_REQUEST, Category.OUT_OF_SCOPE  # noqa: E741  # short, for the tables below


def examples(*labels: Category) -> list[Example]:
    text = Text(channel="email", subject=None, text="words")
    return [
        Example(id=f"{number}", source="corpus", text=text, labels=Labels(category=one)) for number, one in enumerate(labels)
    ]


def verdict(category: Category, route="triage") -> Verdict:
    reason = Reason.GENERAL_FEEDBACK if category is O else None
    scores = dict.fromkeys(Category, 0.1) | {category: 0.7}
    return Verdict(category=category, reason=reason, confidence=0.7, scores=scores, route=route, why="", model="m")


def panel(held_back=(), local=(), replayed=()) -> Panel:
    return Panel(
        held_back=[verdict(one) for one in held_back],
        local=[verdict(one) for one in local],
        replayed=[verdict(one) for one in replayed],
    )


HELD = [C] * 300 + [S] * 300 + [O] * 300
REPLAYED = [C] * 700 + [S] * 700
LOCAL = [S] * 6 + [C] * 4
ASKED = Asked(held_back=examples(*HELD), local=examples(*LOCAL), replayed=examples(*REPLAYED))
AT_FIRST = [O] * 3 + [S] * 3 + [C] * 4
"""On the landlord's own messages the packaged model knows three in six of the requests."""
PACKAGED = panel(HELD, AT_FIRST, REPLAYED)


def judged(held=HELD, local=LOCAL, replayed=REPLAYED, in_use=PACKAGED):
    return gate(ASKED, PACKAGED, in_use, panel(held, local, replayed)).objection


def changed(row, **numbers):
    """Return the row with so many of its first messages of a category called another: ``C_as_S=2``."""
    made = list(row)
    for name, number in numbers.items():
        was, now = ({"C": C, "S": S, "O": O}[letter] for letter in name.split("_as_"))
        places = [place for place, one in enumerate(made) if one is was][:number]
        for place in places:
            made[place] = now
    return made


@pytest.mark.parametrize(
    "new",
    [
        pytest.param({}, id="better at home and the same elsewhere"),
        pytest.param({"local": AT_FIRST}, id="no better"),
        pytest.param({"replayed": changed(REPLAYED, C_as_S=3)}, id="three of a thousand complaints lost"),
        pytest.param({"replayed": changed(REPLAYED, S_as_C=14)}, id="one in a hundred verdicts changed"),
        pytest.param({"held": changed(HELD, S_as_O=4)}, id="a shade worse on the held-back part"),
    ],
)
def test_a_model_that_does_no_harm_is_let_in(new):
    assert judged(**new) is None


@pytest.mark.parametrize(
    ("new", "says"),
    [
        pytest.param(
            {"replayed": changed(REPLAYED, C_as_S=4)}, "of 1000 complaints .* take 4 for something else", id="complaints"
        ),
        pytest.param(
            {"held": changed(HELD, C_as_O=4)}, "of 1000 complaints .* take 4 for something else", id="held-back complaints"
        ),
        pytest.param({"held": changed(HELD, S_as_O=5)}, "worse on the held-back part: macro-F1 0.99", id="macro-F1"),
        pytest.param({"replayed": changed(REPLAYED, S_as_C=15)}, "nobody corrected: 15 of 1400", id="flips"),
        pytest.param({"local": changed(AT_FIRST, S_as_O=1)}, "worse on your own frozen messages", id="macro-F1 at home"),
        pytest.param({"local": changed(LOCAL, C_as_S=1)}, "fewer complaints among your own", id="complaints at home"),
    ],
)
def test_a_model_that_does_harm_is_refused_in_a_sentence_that_says_which(new, says):
    assert re.search(says, judged(**new) or "")


def test_a_complaint_missed_by_acting_alone_is_one_too_many():
    asked = Asked(held_back=examples(*[C] * 400), local=(), replayed=())
    old = Panel(held_back=[verdict(C)] * 399 + [verdict(S)], local=(), replayed=())
    new = Panel(held_back=[verdict(C)] * 399 + [verdict(S, "auto")], local=(), replayed=())
    assert gate(asked, old, old, new).objection == "it misses more complaints on the held-back part: 1 against 0"


def test_at_home_the_model_in_use_is_the_measure_and_on_the_corpus_the_packaged_one():
    learnt = panel(changed(HELD, S_as_O=4), LOCAL, REPLAYED)
    assert judged(local=AT_FIRST, in_use=learnt).startswith("it scores worse on your own frozen messages")
    # No step of a thousand small ones may be measured from the step before.
    assert judged(held=changed(HELD, S_as_O=5), in_use=panel(changed(HELD, S_as_O=4), AT_FIRST, REPLAYED)) is not None


def test_all_scorecards_are_told():
    told = gate(ASKED, PACKAGED, PACKAGED, panel(HELD, LOCAL, REPLAYED)).as_json()
    assert told["new"]["local"]["macro_f1"] > told["packaged"]["local"]["macro_f1"]
    assert told["in_use"]["held_back"]["messages"] == len(HELD)
    assert told["objection"] is None


def of_two_thousand(*, automatic: int, wrong: int = 0) -> Panel:
    """Return what a model says of two thousand requests, so many of them by itself, and some of these wrongly."""
    said = [verdict(O if number < wrong else S, "auto" if number < automatic else "triage") for number in range(2_000)]
    return Panel(held_back=said, local=(), replayed=())


@pytest.mark.parametrize(
    ("old", "new", "lowered", "says"),
    [
        pytest.param({"automatic": 1_000}, {"automatic": 1_000, "wrong": 2}, False, None, id="one in five hundred wrong"),
        pytest.param({"automatic": 100}, {"automatic": 100, "wrong": 2}, False, "2.00% against 0.00%", id="one in fifty wrong"),
        pytest.param({"automatic": 100, "wrong": 2}, {"automatic": 100, "wrong": 2}, False, None, id="as the packaged one"),
        pytest.param({"automatic": 1_000}, {"automatic": 901}, False, None, id="a little less by itself"),
        pytest.param({"automatic": 1_000}, {"automatic": 899}, False, "45.0% would act by itself against 50.0%", id="less"),
        pytest.param({"automatic": 1_000}, {"automatic": 0}, True, None, id="less on purpose, by a lowered bound"),
    ],
)
def test_what_would_act_by_itself_is_looked_at_too(old, new, lowered, says):
    asked = Asked(held_back=examples(*[S] * 2_000), local=(), replayed=())
    before, after = of_two_thousand(**old), of_two_thousand(**new)
    objection = gate(asked, before, before, after, lowered=lowered).objection
    assert objection is None if says is None else says in (objection or "")


@pytest.mark.parametrize("flag", [Flag.EMERGENCY, Flag.SAFEGUARDING])
@pytest.mark.parametrize("part", ["held_back", "replayed"])
def test_no_danger_that_is_found_now_may_be_lost(flag, part):
    flagged = [replace(one, labels=replace(one.labels, flags=frozenset({flag}))) for one in examples(C, C)]
    asked = Asked(**{"held_back": (), "local": (), "replayed": ()} | {part: flagged})
    found, lost = (replace(verdict(C), flags=flags) for flags in ((flag,), ()))

    def says(*verdicts: Verdict) -> Panel:
        return Panel(**{"held_back": (), "local": (), "replayed": ()} | {part: verdicts})

    old = says(found, lost)
    assert gate(asked, old, old, says(lost, found)).objection is None
    worse = gate(asked, old, old, says(lost, lost))
    assert worse.objection == f"it finds fewer messages of the corpus with {flag}: 0 against 1"
    assert worse.as_json()["dangers_found"][flag.value] == {"packaged": 1, "new": 0}
