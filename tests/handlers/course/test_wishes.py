"""What was agreed decides which ways are open to a letter, and which stands first; every combination of kinds is tried."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.people.obeying import obeyed
from handlers.people.wishes import ADJUSTMENTS, APART, FORMATS, Wishes, at_odds
from handlers.routes_out import BY_HAND, Known, routes_out

CHAT, MAIL, OTHER = "telegram:housing-bot:12345", "ada@resident.example", "councillor@ward.example"
KINDS = st.frozensets(st.sampled_from(sorted(ADJUSTMENTS)))
KNOWN = {"phone": "020 7946 0000", "home": "1 Larch House", "parties": {MAIL: "Ada", OTHER: "Cllr Ward"}}


def ways(kinds, *, by="smtp", came_from=MAIL, **more):
    known = Known(came_by=by, came_from=came_from, address=MAIL, wishes=Wishes(kinds=frozenset(kinds)), **(KNOWN | more))
    return routes_out(known)


@given(kinds=KINDS, recipient=st.sampled_from([MAIL, CHAT, None]), mail=st.sampled_from([MAIL, None]))
def test_a_letter_never_leaves_by_a_way_that_was_not_agreed_on(kinds, recipient, mail):
    wishes = Wishes(kinds=kinds, mail=mail)
    kept = obeyed(wishes, recipient)
    if kinds & set(FORMATS):
        assert (kept.recipient, kept.rule) == (None, "adjustment")
        assert kept.why
    elif "mail_only" in kinds and recipient == CHAT:
        assert (kept.recipient, kept.rule) == ((mail, None) if mail else (None, "adjustment"))
    else:
        assert (kept.recipient, kept.rule, kept.moved) == (recipient, None, False)


@given(kinds=KINDS)
def test_every_format_that_was_agreed_is_named(kinds):
    words = Wishes(kinds=kinds).carried
    for kind in ("braille", "audio", "easy_read"):
        assert (kind in kinds) == (FORMATS[kind] in (words or ""))
    assert bool(words) == bool(kinds & set(FORMATS))


@given(kinds=KINDS)
def test_nobody_is_out_of_reach_and_nothing_is_offered_that_was_agreed_against(kinds):
    offered = ways(kinds)
    assert {"post", "in_person"} <= {route.way for route in offered}
    calls = not kinds & {"no_telephone", "mail_only"}
    assert any(route.way == "telephone" for route in offered) is calls
    to_her = [route for route in offered if route.way not in BY_HAND and route.to == MAIL]
    assert bool(to_her) is not bool(kinds & set(FORMATS))
    assert any(route.to == OTHER for route in offered), "what was agreed with her binds nobody's letter to another"


@pytest.mark.parametrize(
    ("kind", "first"), [("braille", "post"), ("post_only", "post"), ("telephone_only", "telephone"), ("large_print", "mail")]
)
def test_the_way_that_was_agreed_stands_first(kind, first):
    assert ways([kind])[0].way == first


def test_by_email_only_offers_no_chat_and_no_telephone():
    offered = ways(["mail_only"], by="telegram", came_from=CHAT)
    assert offered[0].to == MAIL
    assert not {"chat", "telephone"} & {route.way for route in offered}


def test_the_post_stands_first_though_nobody_knows_the_address_yet():
    first = ways(["braille"], home=None)[0]
    assert (first.way, first.works) == ("post", False)


def test_large_print_is_printed_and_posted_in_large_print_where_letters_are_carried():
    assert Wishes(kinds=frozenset({"large_print", "post_only"})).carried == "in large print and by post"
    assert Wishes(kinds=frozenset({"large_print"})).carried is None


@pytest.mark.parametrize("pair", APART)
def test_what_cannot_both_be_kept_to_is_named_from_either_side(pair):
    one, other = sorted(pair)
    assert at_odds(one, frozenset({other, "large_print"})) == other
    assert at_odds(other, frozenset({one})) == one
    assert at_odds(one, frozenset({"large_print", "language"})) is None
