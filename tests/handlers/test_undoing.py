"""A person takes back what they just did: all of it or nothing, never once a letter is on its way, and history keeps both."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest
from desk_house import HOLD, came, must_stand, open_tasks, rows, running, send, without_numbers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers.taxonomy import Category, Flag
from handlers.rows import event_row
from handlers.undoing import CannotUndo, Undoing
from handlers.watching import SIDES
from houses import Postbag, arrive, mail
from store.casefile import latest_verdicting
from store.chain import append_events
from store.decided_rows import decided_messages
from store.desk_models import StaffAct
from store.models import Case, CaseEvent, Message, MessageState, OutboxEntry, OutboxState, Task, Verdicting

UNSURE = "service_request? [emergency] The tap drips."


def decide(house, number, category, **more):
    return house.deciding().decide(number, category, "olive", "read it", **({"hold": HOLD} | more))


def undo(house, act_id, by="olive"):
    return Undoing(house.store, house.clock).undo(act_id, by)


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("words", [UNSURE, "complaint! Nobody came.", "out_of_scope! my bins"])
def test_undoing_puts_everything_back_and_keeps_both_acts_in_the_history(house_of, category, words):
    house = house_of()
    number = came(house, words)
    before, earlier = without_numbers(house), [event.model_dump() for event in rows(house, CaseEvent)]
    done = decide(house, number, category, flags=(Flag.HAZARD,))
    assert without_numbers(house) != before
    house.clock.at += timedelta(seconds=9)
    undone = undo(house, done.act_id)
    assert (undone.message_id, undone.reference) == (number, done.reference)
    assert without_numbers(house) == before
    told = [event.model_dump() for event in rows(house, CaseEvent)]
    assert told[: len(earlier)] == earlier
    assert (told[-1]["kind"], told[-1]["by"]) == ("undone", "olive")
    must_stand(house)


def test_a_letter_called_back_never_goes_and_an_undone_judgement_counts_for_nothing(house_of):
    house = house_of()
    number = came(house, UNSURE)
    send(house)
    done = decide(house, number, Category.COMPLAINT)
    undo(house, done.act_id)
    house.clock.at += timedelta(days=1)
    assert send(house) == []
    letter = rows(house, OutboxEntry)[-1]
    assert (letter.kind, letter.state, letter.rule) == ("complaint_acknowledged", OutboxState.SUPPRESSED, "undone")
    with house.store.glance() as glance:
        assert latest_verdicting(glance, number).by == "machine"
        assert decided_messages(glance, SIDES) == []


def test_after_an_undoing_the_same_decision_writes_its_letter_again_and_it_goes_once(house_of):
    house = house_of()
    number = came(house, UNSURE)
    send(house)
    for _ in range(2):
        undo(house, decide(house, number, Category.COMPLAINT).act_id)
    decide(house, number, Category.COMPLAINT)
    house.clock.at += HOLD
    assert len(send(house)) == 1
    assert [letter.kind for letter in rows(house, OutboxEntry)] == ["receipt", "complaint_acknowledged"]
    assert rows(house, Case)[0].acknowledged_at is not None
    must_stand(house)


def test_after_an_undoing_the_sweep_still_takes_the_residents_side_in_time(house_of):
    house = house_of()
    number = came(house, UNSURE)
    undo(house, decide(house, number, Category.COMPLAINT).act_id)
    house.clock.at += timedelta(days=7)
    assert house.sweep().once() >= 1
    (case,) = rows(house, Case)
    assert (case.category, case.status) == ("complaint", "open")
    assert rows(house, OutboxEntry)[-1].state is OutboxState.DUE
    must_stand(house)


def test_an_act_is_undone_only_by_whoever_did_it(house_of):
    house = house_of()
    done = decide(house, came(house, UNSURE), Category.COMPLAINT)
    with pytest.raises(CannotUndo, match="no such act of yours"):
        undo(house, done.act_id, by="omar")
    with pytest.raises(CannotUndo, match="no such act of yours"):
        undo(house, 999)
    assert rows(house, Case)[0].category == "complaint"


def test_an_act_is_undone_once_and_only_within_its_seconds(house_of):
    house = house_of()
    number = came(house, UNSURE)
    done = decide(house, number, Category.COMPLAINT)
    undo(house, done.act_id)
    with pytest.raises(CannotUndo, match="undone already"):
        undo(house, done.act_id)
    late = decide(house, number, Category.COMPLAINT)
    house.clock.at += HOLD
    with pytest.raises(CannotUndo, match="too late"):
        undo(house, late.act_id)
    with pytest.raises(CannotUndo, match="cannot be undone"):
        undo(house, decide(house, number, Category.SERVICE_REQUEST, hold=timedelta(0)).act_id)


def test_an_act_after_which_something_else_happened_stands(house_of):
    house = house_of()
    number = came(house, UNSURE)
    done = decide(house, number, Category.COMPLAINT)
    with house.store.unit("desk") as unit:
        append_events(unit, [event_row(1, "note_added", "a colleague's", house.clock.now(), "omar")])
        unit.commit()
    before = without_numbers(house), rows(house, CaseEvent)
    with pytest.raises(CannotUndo, match="Something else has happened"):
        undo(house, done.act_id)
    assert (without_numbers(house), rows(house, CaseEvent)) == before
    assert rows(house, StaffAct)[0].undone_at is None


def test_earlier_letters_that_went_meanwhile_and_colleagues_who_read_do_not_stand_in_the_way(house_of):
    house = house_of()
    done = decide(house, came(house, UNSURE), Category.COMPLAINT)
    assert len(send(house)) == 1  # the receipt, written before
    with house.store.unit("desk") as unit:
        append_events(unit, [event_row(1, "restricted_read", "opened", house.clock.now(), "mona")])
        unit.commit()
    undo(house, done.act_id)
    assert rows(house, Case)[0].status == "triage"
    must_stand(house)


@pytest.mark.parametrize(
    "touched",
    [{"lease": "a sender"}, {"attempts": 1}, {"state": OutboxState.SENT}, {"state": OutboxState.UNCERTAIN}],
    ids=["claimed", "tried", "sent", "uncertain"],
)
def test_an_act_whose_letter_is_on_its_way_stands_whole(house_of, touched):
    house = house_of()
    done = decide(house, came(house, UNSURE), Category.COMPLAINT)
    with house.store.unit("desk") as unit:
        unit.update(OutboxEntry, rows(house, OutboxEntry)[-1].id, **touched)
        unit.commit()
    before = without_numbers(house), rows(house, CaseEvent)
    with pytest.raises(CannotUndo, match="on its way"):
        undo(house, done.act_id)
    assert (without_numbers(house), rows(house, CaseEvent)) == before
    must_stand(house)


def test_of_an_undoing_and_a_sender_at_the_same_moment_one_wins_whole(house_of):
    house = house_of()
    for turn in range(12):
        number = came(house, UNSURE, sender=f"r{turn}@x.example", message_id=f"<{turn}@x.example>")
        send(house)
        done = decide(house, number, Category.COMPLAINT)
        letter = rows(house, OutboxEntry)[-1]
        # Due at once and still to be undone: a clock that stands between the two.
        with house.store.unit("desk") as unit:
            unit.update(OutboxEntry, letter.id, next_at=house.clock.now())
            unit.commit()
        gate, refused, bag = threading.Barrier(2), [], Postbag()
        sender = threading.Thread(target=lambda gate=gate, bag=bag: (gate.wait(), asyncio.run(house.outbox(bag).once())))
        sender.start()
        gate.wait()
        try:
            undo(house, done.act_id)
        except CannotUndo as error:
            refused.append(str(error))
        sender.join()
        (letter,) = rows(house, OutboxEntry, id=letter.id)
        if refused:
            assert [reply.message_id for reply in bag.sent] == [letter.header_id]
            assert (letter.state, rows(house, Case)[-1].category) == (OutboxState.SENT, "complaint")
        else:
            assert bag.sent == []
            assert (letter.state, rows(house, Case)[-1].status) == (OutboxState.SUPPRESSED, "triage")
        must_stand(house)


def test_a_message_that_came_to_no_case_keeps_the_case_that_was_opened_and_waits_again(house_of):
    house = house_of()
    number = arrive(house, mail("complaint! words"))
    now = house.clock.now()
    with house.store.unit("desk") as unit:
        unit.update(Message, number, state=MessageState.SHUNTED, disposition="quarantined", disposition_why="calendar ends")
        task = {"kind": "quarantine", "message_id": number, "team": "complaints", "why": "calendar ends"}
        unit.insert(Task, [task | {"opened_at": now, "due_at": now}])
        unit.commit()
    undo(house, decide(house, number, Category.SERVICE_REQUEST).act_id)
    (case,) = rows(house, Case)
    assert (case.status, running(house), open_tasks(house)) == ("triage", ["acknowledge_1"], ["quarantine", "triage"])
    assert rows(house, Message)[0].state == "shunted"
    must_stand(house)


acts = st.lists(
    st.tuples(
        st.sampled_from(list(Category)),
        st.sets(st.sampled_from(list(Flag)), max_size=2),
        st.sampled_from(["undo", "keep", "send"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.sampled_from([UNSURE, "complaint! Nobody came.", "service_request! A tap."]), acts=acts)
def test_however_people_decide_and_undo_the_chain_holds_and_no_complaint_is_without_a_clock(house_of, words, acts):
    house = house_of()
    turn = len(rows(house, Case))
    number = came(house, words, sender=f"r{turn}@x.example", message_id=f"<p{turn}@x.example>")
    for category, flags, then in acts:
        done = decide(house, number, category, flags=flags)
        if then == "undo":
            undo(house, done.act_id)
        elif then == "send":
            house.clock.at += HOLD
            send(house)
        must_stand(house)
    assert [row.category for row in rows(house, Verdicting, message_id=number, undone_at=None)][1:] == [
        str(category) for category, _flags, then in acts if then != "undo"
    ]
    house.clock.at += HOLD
    send(house)
    must_stand(house)
