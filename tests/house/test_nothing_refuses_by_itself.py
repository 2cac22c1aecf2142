"""No automatic path leads to a refusal (design section 2, 4): by types, by imports, and by who writes the rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

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
    *("handlers.resident_pages", "handlers.scanning", "handlers.second_reading", "handlers.routes"),
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
