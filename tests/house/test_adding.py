"""One place to touch: a channel, a category, a letter, a deadline each keep the contract of their kind."""

from __future__ import annotations

from classifiers.taxonomy import TAXONOMY, Category
from desk.config import EXAMPLE, load_settings
from desk.facts import landlord_of
from handlers.deadlines import RULES
from handlers.decision import LetterKind
from handlers.letter_kinds import KINDS
from handlers.letter_pages import OUR_FOLDERS
from handlers.routes import HANDLERS


def test_every_category_has_its_entry_its_handler_and_its_team():
    assert [entry.category for entry in TAXONOMY] == list(Category)
    assert set(HANDLERS) == set(Category)
    landlord = landlord_of(load_settings(EXAMPLE))
    assert all(landlord.team_for(category) for category in (*Category, "triage"))


def test_every_letter_that_a_decision_may_name_is_a_folder():
    folders = {path.name for path in OUR_FOLDERS.iterdir() if path.is_dir() and not path.name.startswith("_")}
    # An officer's own words, and the question whose an address is, are no decisions about a message; nor are letters of people's acts.
    assert {*LetterKind.__args__, "officer_reply", "address_confirmation", *KINDS} == folders


def test_every_deadline_names_its_provision():
    assert all(rule.provision and rule.what and rule.starts_from for rule in RULES.values())
    assert all(code == rule.code for code, rule in RULES.items())
