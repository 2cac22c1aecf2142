"""Who may be given what, and who is suggested."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.allocation import ANY, Ground, may_be_given, suggest
from store.desk_models import Staff

TODAY = date(2026, 11, 23)


def person(username="olive", roles=("officer",), teams=("complaints",), **more):
    made = datetime(2026, 1, 1, tzinfo=UTC)
    row = {"username": username, "name": username.title(), "roles": list(roles), "teams": list(teams), "created_at": made}
    return Staff(**(row | more))


@pytest.mark.parametrize(
    ("more", "ground"),
    [
        ({}, ANY),
        ({"roles": ("manager",)}, Ground(restricted=True)),
        ({}, Ground(restricted=True, let_in=frozenset({"olive"}))),
        ({}, Ground(barred=frozenset({"omar"}))),
        ({"away_from": date(2026, 11, 24)}, ANY),
        ({"away_from": date(2026, 11, 1), "away_until": date(2026, 11, 22)}, ANY),
        ({"roles": ("auditor", "officer")}, ANY),
    ],
)
def test_somebody_who_is_there_and_may_see_it_may_be_given_it(more, ground):
    assert may_be_given(person(**more), ground, TODAY) is None


@pytest.mark.parametrize(
    ("more", "ground", "why"),
    [
        ({}, Ground(barred=frozenset({"olive"})), "must not handle this case"),
        ({"roles": ("manager",)}, Ground(barred=frozenset({"olive"}), let_in=frozenset({"olive"})), "must not handle"),
        ({"disabled_at": datetime(2026, 1, 2, tzinfo=UTC)}, ANY, "no account"),
        ({"roles": ("auditor",)}, ANY, "does not work on cases"),
        ({"roles": ("administrator",)}, ANY, "does not work on cases"),
        ({}, Ground(restricted=True), "may not see"),
        ({}, Ground(restricted=True, let_in=frozenset({"omar"})), "may not see"),
        ({"away_from": TODAY, "away_until": TODAY}, ANY, "is away until 23 November 2026"),
        ({"away_from": TODAY}, ANY, "is away."),
        ({"away_until": date(2027, 1, 4)}, ANY, "is away until 4 January 2027"),
    ],
)
def test_the_named_the_absent_the_gone_and_those_who_may_not_see_it_are_never_given_it(more, ground, why):
    assert why in may_be_given(person(**more), ground, TODAY)


def test_of_a_team_whoever_is_there_and_has_least_to_do_is_suggested():
    people = [
        person("olive"),
        person("omar"),
        person("away", away_from=TODAY),
        person("named"),
        person("other", teams=("repairs",)),
    ]
    ground = Ground(barred=frozenset({"named"}))
    chosen = suggest(people, ground, TODAY, "complaints", {"olive": 3, "omar": 2})
    assert chosen.username == "omar"
    assert suggest(people, ground, TODAY, "complaints", {"olive": 2, "omar": 2}).username == "olive"
    assert suggest(people, ground, TODAY, "nobody's", {}) is None
