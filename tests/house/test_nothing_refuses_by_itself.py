"""No automatic path leads to a refusal (design section 2, 4): by types, by imports, and by who writes the rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from desks import add_person
from handlers import task_acts
from handlers.barring import bar
from handlers.case_acts import Refused
from handlers.case_work import add_note, change_team, promise_update
from handlers.course.assessing import assess
from handlers.course.complainants import say_complainant
from handlers.course.splitting import split
from handlers.course.stage2 import Asked, begin
from handlers.named import NOBODY
from houses import arrive, house_of, mail, settle
from store.models import CaseEvent, Task

__all__ = ["house_of"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("intake", "classifiers", "handlers", "store", "desk")
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
}
REFUSING = ("handlers.course.refusing", "handlers.course.reopening", "handlers.course.orders", "handlers.course.discretion")
"""What takes a named person: refusing, looking into it after all, keeping what an ombudsman told us, and discretion."""
FORMS = {"desk.web.course_refusal_forms", "desk.web.course_ombudsman_forms"}
MACHINES = (
    *(
        "handlers.triage",
        "handlers.settling",
        "handlers.sweep",
        "handlers.joining",
        "handlers.answering",
        "handlers.redeciding",
    ),
    *("handlers.relogging", "handlers.rereading", "handlers.chat_acts", "handlers.spot_checks", "handlers.reconciling"),
    *("handlers.reception", "handlers.outbox", "handlers.delivery", "handlers.course.chores", "handlers.course.sent"),
    *(
        "handlers.handover.by_itself",
        "handlers.resident_pages",
        "handlers.scanning",
        "handlers.second_reading",
        "handlers.routes",
    ),
    *("desk.wiring", "desk.triage_wiring", "desk.course_wiring", "desk.public_wiring"),
)
"""Whatever runs by itself, or on a resident's word, and what builds it."""


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text())


@cache
def imported(name: str) -> frozenset[str]:
    """Return the modules of ours that a module imports, at its top or anywhere within it."""
    found: set[str] = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            assert node.level == 0, f"{name}: imports say the whole name"
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found & FILES.keys())


def reached(name: str) -> set[str]:
    """Return all modules that a module leads to."""
    seen, waiting = {name}, [name]
    while waiting:
        for other in imported(waiting.pop()) - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def calls(name: str, called: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Call):
            target = node.func
            if (target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", None)) == called:
                yield node


@pytest.mark.parametrize("machine", MACHINES)
def test_nothing_that_runs_by_itself_leads_to_refusing(machine):
    assert set(REFUSING).isdisjoint(reached(machine))


def test_the_walk_finds_a_way_where_there_is_one():
    assert set(REFUSING) <= reached("desk.web.case_acts")
    assert "handlers.course.refusal_sent" in reached("handlers.delivery")


def test_only_the_forms_of_the_desk_lead_to_refusing():
    for module in REFUSING:
        assert {name for name in FILES if module in imported(name)} <= {*REFUSING, *FORMS, "handlers.course.refusal_checks"}, (
            module
        )


@pytest.mark.parametrize("module", REFUSING)
def test_every_act_of_refusing_takes_a_named_person(module):
    public = [
        node
        for node in tree(module).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.args.args
        and node.args.args[0].arg == "course"
    ]
    takes = {node.name: {one.arg: ast.unparse(one.annotation) for one in node.args.args if one.annotation} for node in public}
    inner = {"taken_on"}  # within an act that a named person began
    assert {name for name, named in takes.items() if named.get("by") != "NamedPerson"} <= inner
    assert takes


def test_who_refuses_is_whoever_is_signed_in_and_made_a_named_person_in_one_place():
    making = {name: list(calls(name, "NamedPerson")) for name in (*REFUSING, *FORMS)}
    assert {name for name, made in making.items() if made} == {"desk.web.course_refusal_forms"}
    (made,) = making["desk.web.course_refusal_forms"]
    assert ast.unparse(made) == "NamedPerson(username=doing.by)"


def test_nobody_is_named_by_the_code_itself():
    for name in FILES:
        for call in calls(name, "NamedPerson"):
            (word,) = call.keywords
            assert not isinstance(word.value, ast.Constant), f"{name}: a name that nobody said"


def test_rows_of_refusals_are_written_by_refusing_and_reopening_alone():
    writes = ("add", "insert", "insert_new", "add_new", "update", "update_many")
    writers = {
        name
        for name in FILES
        for verb in writes
        for call in calls(name, verb)
        if call.args and isinstance(call.args[0], ast.Name) and call.args[0].id == "Refusal"
    }
    assert writers == {"handlers.course.refusing", "handlers.course.reopening"}


def test_the_letter_of_a_refusal_is_written_by_refusing_alone():
    assert {name for name in FILES if "refused_more" in FILES[name].read_text()} == {
        "handlers.course.refusing",
        "handlers.course.refusal_letters",
    }


DOORS = {
    "handlers.case_acts": "on",
    "handlers.task_acts": "on_task",
    "handlers.identities": "_on_all",
    "handlers.replying": "_done",
}
"""Where the act of a person begins: what holds the case, or the task, for it."""


@pytest.mark.parametrize(("name", "door"), DOORS.items())
def test_every_act_of_a_person_begins_with_a_named_person_before_the_store_is_opened(name, door):
    (function,) = [node for node in ast.walk(tree(name)) if isinstance(node, ast.FunctionDef) and node.name == door]
    said = [ast.unparse(node) for node in function.body if not ast.unparse(node).startswith(("'", '"'))]
    assert said[0] in ("NamedPerson(username=by)", "NamedPerson(username=order.by)")


def test_whoever_makes_an_act_without_those_doors_is_the_sweep_and_is_known():
    making = {name for name in FILES if list(calls(name, "Act"))}
    # It begins and acknowledges stage 2 for the resident; it tells them that a restriction has ended, or a promise is late, and
    # invites them to a survey.
    sweeps = {
        "handlers.course.slipped",
        "handlers.course.stage2_chores",
        "handlers.people.reviews",
        "handlers.surveys.inviting",
    }
    # It hands plain work over where the landlord's settings say so, which refuses and closes nothing.
    assert making == {*DOORS, *sweeps, "handlers.handover.by_itself"}


def test_the_sweep_that_hands_work_over_can_neither_take_it_back_nor_end_it_nor_close_a_case():
    ours = imported("handlers.handover.by_itself")
    assert {"handlers.closing", "handlers.withdrawing", *REFUSING}.isdisjoint(ours)
    taken = {
        alias.name
        for node in ast.walk(tree("handlers.handover.by_itself"))
        if isinstance(node, ast.ImportFrom) and node.module == "handlers.handover.giving"
        for alias in node.names
    }
    assert taken == {"give"}


@pytest.mark.parametrize("name", sorted(NOBODY))
def test_no_machine_assesses_gives_splits_begins_finishes_or_does_anything_that_a_person_does(house_of, name):
    house = house_of()
    add_person(house, "olive", "officer", "manager", teams=("complaints",))
    arrive(house, mail("complaint! The lift has been broken for three weeks."))
    settle(house)
    with house.store.glance() as glance:
        before = [event.kind for event in glance.find(CaseEvent)]
        task = glance.find(Task)[0].id
    said = {"complexity": "ordinary", "vulnerability": "none_known", "risk": "low"}
    for act in (
        lambda: assess(house.acts, 1, name, said),
        lambda: task_acts.give_case(house.acts, 1, "olive", name),
        lambda: task_acts.give(house.acts, task, "olive", name),
        lambda: task_acts.done(house.acts, task, name, "done"),
        lambda: split(house.course, house.casework, 1, name, version=0, points=[1], why="apart"),
        lambda: begin(house.course, 1, name, Asked(message_id=1)),
        lambda: change_team(house.acts, 1, name, "repairs", was="complaints", why="theirs"),
        lambda: promise_update(house.acts, 1, name, date(2027, 1, 8), "news"),
        lambda: add_note(house.acts, 1, name, "words"),
        lambda: bar(house.acts, 1, name, "olive", "named in it"),
        lambda: say_complainant(house.acts, 1, name, "tenant"),
    ):
        with pytest.raises(Refused, match=r"[Nn]o machine decides this|by name"):
            act()
    with house.store.glance() as glance:
        assert [event.kind for event in glance.find(CaseEvent)] == before
