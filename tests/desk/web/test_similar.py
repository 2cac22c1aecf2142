"""Similar earlier messages: the same sender's first, then those of the same words, each with what was decided by whom."""

import pytest

from desk.web.desk import Desk
from desk.web.likeness import compared, most_alike, words_of
from desk.web.rights import Person, Role
from desk.web.similar import similar_messages
from desks import add_person
from houses import NOON, arrive, house_of, mail, settle
from store.models import Case, Message, Verdicting
from store.search_upkeep import index_cases
from store.similar_rows import WINDOW, Earlier

__all__ = ["house_of"]

MOULD = "There is black mould on the bedroom wall behind the wardrobe and my daughter coughs all night"
RARE = "at Quillfeather Court near the substation"
OTHERS = (
    "The lift in our block has stopped between floors since Tuesday and nobody answers the telephone",
    "My neighbour plays drums until three in the morning every weekend and shouts at my children",
    "When will the bins of Larch House be emptied, the lid is broken and foxes come",
    "The boiler loses pressure each week and the engineer said a valve must be ordered",
    "I would like to pay my rent by direct debit from the first of next month, please tell me how",
)


def person(*roles):
    return Person(staff_id=1, session_id=1, username="olive", name="Olive", roles=frozenset(roles or (Role.OFFICER,)))


def come(house, words, sender, subject="My home"):
    number = arrive(house, mail(words, sender=sender, subject=subject), sender=sender)
    settle(house)
    return number


def similar(house, number, who=None):
    desk = Desk(house=house)
    with desk.glance() as glance:
        message = glance.get(Message, number)
    return similar_messages(desk, who or person(), message)


def judge(house, number, by, category):
    """Have somebody judge a message at the desk."""
    row = {"at": NOON, "by": by, "input_sha256": "x", "category": category, "route": "triage", "why": "looked at"}
    with house.store.unit("T6") as unit:
        unit.insert(Verdicting, [row | {"message_id": number, "case_id": unit.get(Message, number).case_id}])
        unit.commit()


def earlier(number, text, subject=None):
    return Earlier(
        message_id=number, reference=f"R-{number}", received_at=NOON, subject=subject, text=text, sender_address="x@y.example"
    )


def alike(text, others):
    return most_alike(words_of(None, text), [compared(other) for other in others], 5)


def test_the_first_message_of_all_has_none(house_of):
    house = house_of()
    assert similar(house, come(house, f"complaint! {MOULD}", "a@resident.example")) == ()


def test_the_same_words_are_found_among_others_with_what_was_decided(house_of):
    house = house_of()
    add_person(house, "noor", "officer")
    alike = come(house, f"complaint? {MOULD}. I rang twice.", "b@resident.example", "Mould again")
    for place, words in enumerate(OTHERS):
        come(house, f"complaint! {words}", f"r{place}@resident.example")
    judge(house, alike, "noor", "service_request")
    (one,) = similar(house, come(house, f"complaint? {MOULD}", "a@resident.example"))
    with house.store.glance() as glance:
        case = glance.get(Case, glance.get(Message, alike).case_id)
    assert (one.message_id, one.reference, one.subject) == (alike, case.reference, "Mould again")
    assert (one.category, one.decided_by, one.by_person, one.same_sender) == ("service_request", "Noor", True, False)
    assert one.first_words.startswith("complaint? There is black mould")


def test_the_same_sender_comes_first_and_what_nobody_decided_says_so(house_of):
    house = house_of()
    unsure = come(house, f"complaint? {OTHERS[0]}", "a@resident.example", "The lift")
    sure = come(house, f"complaint! {OTHERS[1]}", "a@resident.example", "Drums")
    alike = come(house, f"complaint! {MOULD}", "b@resident.example")
    found = similar(house, come(house, f"complaint! {MOULD}", "a@resident.example", "Mould"))
    assert [(one.message_id, one.same_sender) for one in found] == [(sure, True), (unsure, True), (alike, False)]
    assert [(one.category, one.decided_by) for one in found] == [
        ("complaint", "the machine"),
        (None, "the machine"),
        ("complaint", "the machine"),
    ]


def test_at_most_five_are_shown_and_three_of_one_sender(house_of):
    house = house_of()
    for place in range(5):
        come(house, f"complaint! {OTHERS[place]}", "a@resident.example", f"Number {place}")
    for place in range(4):
        come(house, f"complaint! {MOULD} for {place} weeks", f"r{place}@resident.example")
    found = similar(house, come(house, f"complaint! {MOULD}", "a@resident.example", "Mould"))
    assert [one.same_sender for one in found] == [True, True, True, False, False]


@pytest.mark.parametrize(("roles", "seen"), [((Role.OFFICER,), 0), ((Role.MANAGER,), 1), ((Role.AUDITOR,), 1)])
@pytest.mark.parametrize("sender", ["a@resident.example", "b@resident.example"])
def test_a_restricted_case_is_shown_to_nobody_it_is_closed_to(house_of, roles, seen, sender):
    house = house_of()
    number = come(house, f"complaint! {MOULD}", sender, "Secret")
    with house.store.unit("T6") as unit:
        unit.update(Case, unit.get(Message, number).case_id, restricted=True)
        unit.commit()
    last = come(house, f"complaint! {MOULD} and more", "a@resident.example", "Mould")
    assert len(similar(house, last, person(*roles))) == seen


def test_words_that_all_share_make_nothing_alike():
    frame = "dear council I am writing about my home please answer regards resident"
    others = [earlier(number, f"{frame} {words}") for number, words in enumerate(OTHERS)]
    assert alike(f"{frame} {MOULD}", others) == []
    assert alike(f"{frame} the lift stopped between floors again", others)[0].message_id == 0


def test_the_most_alike_stand_first_and_the_newest_of_equals():
    others = [earlier(1, MOULD), earlier(2, f"{MOULD} {OTHERS[0]}"), earlier(3, MOULD), *map(earlier, range(4, 9), OTHERS)]
    assert [one.message_id for one in alike(MOULD, others)][:3] == [3, 1, 2]


@pytest.mark.parametrize("text", ["", "a b c", "🔥🔥", "1 2 3", "\u202e", "\U000e0041"])
def test_a_message_without_words_is_like_nothing(text):
    assert alike(text, [earlier(1, MOULD), earlier(2, text)]) == []


def test_an_old_message_is_found_by_its_rare_words_alone(house_of):
    house = house_of()
    add_person(house, "noor", "officer")
    old = come(house, f"complaint? {MOULD} {RARE}", "b@resident.example")
    judge(house, old, "noor", "complaint")
    undecided = come(house, f"complaint? {MOULD} {RARE}", "c@resident.example")
    with house.store.unit("T6") as unit:  # as if more had been judged since than are looked through
        unit.update(Verdicting, unit.find(Verdicting, message_id=undecided)[0].id, route="triage")
        shared = {"at": NOON, "by": "machine", "input_sha256": "x", "category": "asb_report", "route": "triage", "why": "x"}
        unit.insert(Verdicting, [shared | {"message_id": undecided} for _ in range(WINDOW)])
        unit.commit()
    with house.store.unit("search") as unit:
        index_cases(unit, [unit.get(Message, number).case_id for number in (old, undecided)])
        unit.commit()
    last = come(house, f"complaint? {MOULD} {RARE} once more", "a@resident.example")
    assert [one.message_id for one in similar(house, last)] == [old]


def test_words_are_compared_without_case_and_plural():
    assert words_of("The Radiators", "LEAK, 3 radiator's é1") == {"the", "radiator", "leak"}
