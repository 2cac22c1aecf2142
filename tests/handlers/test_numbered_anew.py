"""A mail server that numbers its messages anew shows every mail again: none becomes a second case, in quarantine or not."""

import pytest

from houses import house_of, mail, settle
from intake.message import InboundMessage, Position
from store.models import Case, Message, Task

__all__ = ["house_of"]
WORDS = "complaint! my heating is off and nobody came"


def shown(house, uidvalidity, uid, raw, problem=None):
    position = Position(folder="INBOX", uidvalidity=uidvalidity, uid=uid)
    message = InboundMessage(
        channel="imap",
        account="box",
        external_id=f"INBOX/{uidvalidity}/{uid}",
        received_at=house.clock.now(),
        raw=raw,
        position=position,
        problem=problem,
    )
    house.reception.put([message])


def standing(house):
    with house.store.glance() as glance:
        rows = sorted(glance.find(Message), key=lambda row: row.id)
        return [str(row.disposition) for row in rows], len(glance.find(Case)), len(glance.find(Task, kind="quarantine"))


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one after the other"])
@pytest.mark.parametrize(
    ("problem", "first", "tasks"), [("the mail server could not give this message whole", "quarantined", 1), (None, "case", 0)]
)
def test_the_same_bytes_under_new_numbers_are_no_second_case(house_of, together, problem, first, tasks):
    house = house_of()
    shown(house, 1, 1, mail(WORDS), problem)
    if not together:
        settle(house)
    shown(house, 2, 1, mail(WORDS), problem)
    settle(house)
    dispositions, cases, quarantined = standing(house)
    assert (sorted(dispositions), cases, quarantined) == (sorted([first, "duplicate"]), 1, tasks)


def test_two_mails_that_could_not_be_had_whole_stay_two(house_of):
    house = house_of()
    for uid in (1, 2):
        shown(house, 1, uid, mail(f"{WORDS} {uid}"), "only the first 5 of 9 bytes were taken: the message is too big")
    settle(house)
    assert standing(house) == (["quarantined", "quarantined"], 2, 2)
