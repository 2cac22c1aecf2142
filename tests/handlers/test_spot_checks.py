"""A share of what the machine was sure of is checked by people: fair, once each, and counted; promised updates are left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from classifiers.taxonomy import Category
from handlers.spot_checks import Share, SpotChecks
from handlers.tokens import TokenKey
from houses import NOON, arrive, mail, settle
from store.models import Case, CaseEvent, Message, OutboxEntry, Task, Verdicting
from store.spot_figures import SpotFigures, spot_check_figures

KEY = TokenKey(secret=bytes(range(32)))
LATER = timedelta(minutes=10)


def everything(house, table, **equals):
    with house.store.glance() as glance:
        return glance.find(table, **equals)


def checks_of(house, percent=100.0):
    return SpotChecks(house.store, Share(key=KEY, percent=percent), house.calendar, "complaints", house.clock)


def take_in(house, *words):
    for number, text in enumerate(words):
        arrive(house, mail(text, sender=f"r{number}@resident.example", subject=f"{number}"))
    settle(house)
    house.clock.at += LATER


def test_only_what_the_machine_settled_surely_as_no_complaint_is_drawn(house_of):
    house = house_of()
    take_in(
        house, "service_request! tap", "complaint! late", "service_request? unsure", "asb_report! drums", "out_of_scope! bins"
    )
    assert checks_of(house).once() == 3
    tasks = everything(house, Task, kind="spot_check")
    judged = {row.message_id: row.category for row in everything(house, Verdicting)}
    assert {judged[task.message_id] for task in tasks} == {"service_request", "asb_report", "out_of_scope"}
    assert "service request 0.98" in tasks[0].why
    assert {task.team for task in tasks} == {"complaints"}
    # Monday 23 November and five working days: Monday 30 November, to its end.
    assert {task.due_at for task in tasks} == {datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)}
    assert len(everything(house, CaseEvent, kind="spot_check_opened")) == 3


def test_each_message_is_drawn_once_whatever_restarts_and_whoever_else_draws(house_of):
    house = house_of()
    take_in(house, "service_request! one", "service_request! two")
    first, second = checks_of(house), checks_of(house)
    assert [first.once(), second.once(), first.once(), checks_of(house).once()] == [2, 0, 0, 0]
    take_in(house, "service_request! three")
    assert [checks_of(house).once(), first.once(), second.once()] == [1, 0, 0]
    with house.store.unit("T6") as unit:  # a finished one is not drawn again
        for task in unit.find(Task, kind="spot_check"):
            unit.update(Task, task.id, closed_at=NOON, closed_by="olive", outcome="accepted")
        unit.commit()
    assert checks_of(house).once() == 0
    assert len(everything(house, Task, kind="spot_check")) == 3


def test_what_is_in_flight_is_left_for_the_next_time_and_not_left_out(house_of):
    house = house_of()
    arrive(house, mail("service_request! tap"))
    settle(house)
    checks = checks_of(house)
    assert checks.once() == 0
    house.clock.at += LATER
    assert checks.once() == 1


def test_what_was_settled_long_ago_is_not_drawn_when_sampling_begins(house_of):
    house = house_of()
    take_in(house, "service_request! old")
    house.clock.at += timedelta(days=15)
    take_in(house, "service_request! new")
    assert checks_of(house).once() == 1
    (task,) = everything(house, Task, kind="spot_check")
    assert everything(house, Message, id=task.message_id)[0].new_text.strip() == "service_request! new"


def test_what_a_person_has_judged_or_closed_is_not_drawn(house_of):
    house = house_of()
    take_in(house, "service_request! judged", "service_request! closed", "service_request! neither")
    judged, closed, neither = everything(house, Message)
    house.deciding().decide(judged.id, Category.SERVICE_REQUEST, "olive", "looked at it anyway")
    with house.store.unit("T6") as unit:
        unit.update(Case, closed.case_id, status="closed")
        unit.commit()
    checks_of(house).once()
    assert [task.message_id for task in everything(house, Task, kind="spot_check")] == [neither.id]


def test_a_reply_is_not_drawn_for_a_person_sees_it_anyway(house_of):
    house = house_of()
    take_in(house, "service_request! tap")
    (letter,) = everything(house, OutboxEntry)
    arrive(house, mail("service_request! any news", sender="r0@resident.example", In_Reply_To=letter.header_id))
    settle(house)
    house.clock.at += LATER
    assert [message.disposition for message in everything(house, Message)] == ["case", "follow_up"]
    assert checks_of(house).once() == 1


def test_the_draw_is_the_same_for_everybody_who_has_the_key_and_for_nobody_else():
    share = Share(key=KEY, percent=5.0)
    drawn = [number for number in range(20_000) if share.draws(number, "ab" * 32)]
    assert drawn == [number for number in range(20_000) if Share(key=KEY, percent=5.0).draws(number, "ab" * 32)]
    assert 850 < len(drawn) < 1150
    other = Share(key=TokenKey(secret=bytes(range(1, 33))), percent=5.0)
    both = sum(other.draws(number, "ab" * 32) for number in drawn)
    assert both < 100


@pytest.mark.parametrize(("percent", "drawn"), [(0.0, 0), (100.0, 1000), (50.0, 500)])
def test_the_share_is_what_was_asked_for(percent, drawn):
    share = Share(key=KEY, percent=percent)
    assert sum(share.draws(number, "00" * 32) for number in range(1000)) == pytest.approx(drawn, abs=drawn % 1000 * 0.12)


def test_no_share_draws_nothing(house_of):
    house = house_of()
    take_in(house, "service_request! tap")
    assert checks_of(house, 0.0).once() == 0


def test_figures_tell_how_often_the_machine_was_wrong_and_how_many_complaints_it_missed(house_of):
    house = house_of()
    take_in(house, *(f"service_request! {n}" for n in range(5)))
    checks_of(house).once()
    start = house.clock.now()
    messages = everything(house, Message)
    for message, category in zip(messages, ("service_request", "asb_report", "complaint"), strict=False):
        house.deciding().decide(message.id, Category(category), "olive", "spot check")
    with house.store.unit("T6") as unit:  # a case closed over its check says nothing of the machine
        (task,) = unit.find(Task, kind="spot_check", message_id=messages[3].id)
        unit.update(Task, task.id, closed_at=house.clock.now(), closed_by="olive", outcome="case closed")
        unit.commit()
    with house.store.glance() as glance:
        assert spot_check_figures(glance, start) == SpotFigures(waiting=1, checked=3, changed=2, missed=1)
        assert spot_check_figures(glance, start + timedelta(days=1)) == SpotFigures(waiting=1, checked=0, changed=0, missed=0)


def test_the_sweep_draws_by_the_landlords_share(house_of):
    house = house_of()
    desk = house.settings.desk.model_copy(update={"spot_check_percent": 100.0})
    house.settings = house.settings.model_copy(update={"desk": desk})
    take_in(house, "service_request! tap")
    assert house.sweep().once() == 0
    assert len(everything(house, Task, kind="spot_check")) == 1


class Jammed:
    """A drum from which no lot can be drawn."""

    def once(self):
        raise OSError("the drum is jammed")


def test_a_draw_that_fails_keeps_nobody_from_their_deadline(house_of):
    house = house_of()
    take_in(house, "service_request? nobody looks at this one")
    house.clock.at = datetime(2026, 11, 27, 9, tzinfo=UTC)
    sweep = house.sweep()
    sweep._spot_checks = Jammed()
    assert sweep.once() == 1
    assert len(everything(house, Case, category="complaint")) == 1


def test_a_promised_update_is_left_alone_by_the_sweep_however_late(house_of):
    house = house_of()
    take_in(house, "service_request! tap")
    (case,) = everything(house, Case)
    row = {"kind": "update_due", "case_id": case.id, "team": "repairs", "why": "promised", "opened_at": NOON, "due_at": NOON}
    with house.store.unit("T6") as unit:
        unit.insert(Task, [row])
        unit.commit()
    for days in (1, 5, 30):
        house.clock.at = NOON + timedelta(days=days)
        house.sweep().once()
    (task,) = everything(house, Task, kind="update_due")
    assert (task.closed_at, task.due_at) == (None, NOON)
    assert len(everything(house, Task)) == 2


def test_a_stray_judgement_without_a_case_is_passed_over(house_of):
    house = house_of()
    take_in(house, "service_request! tap")
    (row,) = everything(house, Verdicting)
    lost = replace_row(row, case_id=None)
    with house.store.unit("T3") as unit:
        unit.insert(Verdicting, [lost])
        unit.commit()
    assert checks_of(house).once() == 1


def replace_row(row, **changes):
    return {name: value for name, value in row.model_dump().items() if name != "id"} | changes
