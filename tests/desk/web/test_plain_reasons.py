"""The machine's reasons as staff read them, whatever it was unsure of."""

import json
import re
from pathlib import Path

import pytest

from classifiers.language import SPOKEN, UNSURE
from classifiers.pipeline import load
from classifiers.verdict import Text
from handlers.machine_reasons import CODES, LANGUAGES, code_name, code_of, language_name, plain

ROOT = Path(__file__).resolve().parents[3]
CORPUS = ROOT / "classifiers" / "corpus" / "elsewhere-and-chat.jsonl"


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (
            "unsure: 0.93 for out_of_scope, expected cost 0.310 over 0.120",
            "the machine is not sure enough: out of scope, 9 in 10, and being wrong would cost too much",
        ),
        ("several: complaint (0.45) or asb_report (0.40)", "it may be complaint (5 in 10) or ASB report (4 in 10)"),
        (
            "several: complaint (0.96) or service_request (0.03) or out_of_scope (0.01)",
            "it may be complaint (nearly 10 in 10) or service request (less than 1 in 10) or out of scope (less than 1 in 10)",
        ),
        (
            "halves: its words speak for service_request, its sense for complaint",
            "the machine's two halves disagree: its words speak for service request, its sense for complaint",
        ),
        ("second: service_request, and asb_report too", "it holds more than one matter: service request and ASB report"),
        (
            "second: asb_report, and service_request and out_of_scope too",
            "it holds more than one matter: ASB report and service request and out of scope",
        ),
        ("emergency: somebody may be in danger", "somebody may be in danger"),
        ("safeguarding: somebody may be at risk", "somebody may be at risk"),
        (
            "machine_words: holds words addressed to a machine, which were left out",
            "holds words addressed to a machine, which were left out",
        ),
        ("few_words: fewer than 3 words", "fewer than 3 words"),
        (
            "complaint_words: taken to be asb_report, but says that it complains",
            "taken to be ASB report, but says that it complains",
        ),
        (
            "language: seems to be written in 'pl', and only English is understood",
            "seems to be written in Polish, and only English is understood",
        ),
        (
            "language: seems to be written in 'qaa', and only English is understood",
            "seems to be written in 'qaa', and only English is understood",
        ),
        (
            "language: its language could not be told, and only English is understood",
            "its language could not be told, and only English is understood",
        ),
        ("sure: 1.00 for service_request", "the machine is sure: service request, nearly 10 in 10"),
        ("no_words: holds no words", "holds no words"),
        ("confirm or correct the drafted definition (Code 5.6)", "confirm or correct the drafted definition (Code 5.6)"),
        ("a colleague wrote: torn: between two", "a colleague wrote: torn: between two"),
    ],
)
def test_a_reason_is_said_in_words(why, said):
    assert plain(why) == said


def test_every_language_that_can_be_told_has_its_english_name():
    assert {*SPOKEN, UNSURE} <= set(LANGUAGES)
    assert (language_name("pl"), language_name(UNSURE), language_name("qaa")) == ("Polish", "could not be told", "'qaa'")


@pytest.mark.parametrize(
    ("why", "code"),
    [("halves: so", "halves"), ("sure: 0.9 for complaint", ""), ("a colleague wrote: so", ""), ("halves", ""), ("", "")],
)
def test_a_reason_begins_with_its_code_where_it_is_the_machines(why, code):
    assert code_of(why) == code


def test_codes_in_figures_are_words():
    routed = (ROOT / "classifiers" / "routing.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'f?"(\w+): ', routed)) - {"sure"}
    assert codes == set(CODES)
    assert not [code for code in codes if "_" in code_name(code)]
    assert code_name("of_tomorrow") == "of tomorrow"


def test_no_reason_that_the_classifier_gives_is_left_in_its_own_code():
    judge = load(None)
    # A third of them is given every code that the whole is given, and takes a third of the time.
    entries = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()[::3]]
    texts = [Text(channel=entry["channel"], subject=entry["subject"], text=entry["text"]) for entry in entries]
    reasons = {judge.classify(text).why for text in (*texts, Text(channel="email", subject="", text="?"))}
    assert len({why.split(":")[0] for why in reasons}) > 4
    assert not {why: plain(why) for why in reasons if re.search(r"_|\d\.\d\d|: .* is asked", plain(why))}
