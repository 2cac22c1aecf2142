"""Whether what the machine says has moved: its categories, what it does by itself, and why it doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from classifiers.intervals import instability, instability_by_chance
from classifiers.taxonomy import TAXONOMY, Category
from handlers.machine_reasons import code_name
from handlers.shares import Moved, against
from store.drift_figures import JudgedCount

WINDOWS = (7, 28)
"""The last so many days are each held against the days before the longer of them."""
INDEX = 0.1
"""Under this stability index a change does not matter, by the index's common reading, however sure it is."""
LARGE = 0.25
"""A stability index that is called large: where chance alone may reach it, there are too few messages to tell."""
NAMES = {str(entry.category): entry.name for entry in TAXONOMY}


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The machine's categories in the last ``days``; ``by_chance`` is what chance alone may make of the stability index."""

    days: int
    number: int
    number_before: int
    index: float | None
    by_chance: float | None
    moved: bool
    categories: dict[str, Moved]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """What moved: categories, the share that needed no person (``automatic``), and the codes of what did."""

    windows: list[Window]
    automatic: Moved
    channels: dict[str, Moved]
    codes: dict[str, Moved]
    models: dict[str, int]
    models_before: dict[str, int]


def drift(judged: Sequence[JudgedCount]) -> Drift:
    """Hold the latest days against those before them."""
    lately, before = _parted(judged, lambda one: one.days <= WINDOWS[-1])
    doubts, doubts_before = ([one for one in some if not _automatic(one)] for some in (lately, before))
    return Drift(
        windows=[_window(days, [one for one in judged if one.days <= days], before) for days in WINDOWS],
        automatic=against(lately, before, _automatic),
        channels={name: _of_channel(name, lately, before) for name in _named(judged, "channel")},
        codes={
            code or "none": against(doubts, doubts_before, _is("code", code))
            for code in _named([*doubts, *doubts_before], "code")
        },
        models=_models(lately),
        models_before=_models(before),
    )


def sentences(found: Drift) -> list[str]:
    """Return what has moved, in words; else that nothing has, or that there is too little to tell."""
    said = [_told(window) for window in found.windows if window.moved]
    said += _told_apart(found.windows)
    said += [f"no person was needed for {_shares(found.automatic)}"] if found.automatic.moved else []
    said += [f"by {name}, no person was needed for {_shares(one)}" for name, one in found.channels.items() if one.moved]
    said += [
        f"of what waited for a person, the reason was: {code_name(code)}, for {_shares(one)}"
        for code, one in found.codes.items()
        if one.moved
    ]
    if said and found.models.keys() != found.models_before.keys():
        said.append(
            f"the model was not the same all the time: lately {_list(found.models)}, before {_list(found.models_before)}"
        )
    return said or [_still(found.windows)]


def _window(days: int, now: Sequence[JudgedCount], before: Sequence[JudgedCount]) -> Window:
    shares = {str(category): against(now, before, _is("category", category)) for category in Category}
    counts, earlier = [one.number for one in shares.values()], [one.number_before for one in shares.values()]
    told = any(counts) and any(earlier)
    index = instability(counts, earlier) if told else None
    by_chance = instability_by_chance(counts, earlier) if told else None
    moved = index is not None and by_chance is not None and index >= max(INDEX, by_chance)
    if not moved and _too_few(by_chance):
        shares = {name: replace(one, moved=False) for name, one in shares.items()}
    return Window(
        days=days,
        number=sum(counts),
        number_before=sum(earlier),
        index=index,
        by_chance=by_chance,
        moved=moved,
        categories=shares,
    )


def _too_few(by_chance: float | None) -> bool:
    return by_chance is None or by_chance > LARGE


def _told(window: Window) -> str:
    shares = window.categories
    most = max(shares, key=lambda name: abs((shares[name].share or 0) - (shares[name].share_before or 0)))
    which = [name for name, one in shares.items() if one.moved] or [most]
    parts = ", ".join(
        f"{NAMES[name]} {_percent(shares[name].share)} and before {_percent(shares[name].share_before)}" for name in which
    )
    return f"the categories of the last {window.days} days are not those of the time before: {parts} (stability index {window.index:.2f})"


def _told_apart(windows: Sequence[Window]) -> list[str]:
    """Tell of categories that moved by themselves, where the whole is still much as it was; each once, of the shortest time."""
    told = {name for window in windows if window.moved for name, one in window.categories.items() if one.moved}
    said = []
    for window in windows:
        for name, one in window.categories.items():
            if one.moved and name not in told:
                told.add(name)
                share = f"{_percent(one.share)} in the last {window.days} days and {_percent(one.share_before)} before"
                said.append(f"{NAMES[name]} moved, though the categories as a whole did not: {share}")
    return said


def _still(windows: Sequence[Window]) -> str:
    few = [window for window in windows if _too_few(window.by_chance)]
    if len(few) == len(windows):
        last = windows[-1]
        return f"too few messages to tell drift from chance: {last.number} in {last.days} days, {last.number_before} before"
    return "what the machine says has not moved" + (
        f"; {few[0].number} messages in {few[0].days} days are too few to tell" if few else ""
    )


def _shares(one: Moved) -> str:
    return f"{_percent(one.share)} in the last {WINDOWS[-1]} days and {_percent(one.share_before)} before"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"


def _automatic(one: JudgedCount) -> bool:
    return one.route == "auto"


def _is(field: str, value: str) -> Callable[[JudgedCount], bool]:
    return lambda one: bool(getattr(one, field) == value)


def _named(some: Sequence[JudgedCount], field: str) -> list[str]:
    return sorted({getattr(one, field) for one in some})


def _parted(some: Sequence[JudgedCount], which: Callable[[JudgedCount], bool]) -> tuple[list[JudgedCount], list[JudgedCount]]:
    return [one for one in some if which(one)], [one for one in some if not which(one)]


def _of_channel(name: str, now: Sequence[JudgedCount], before: Sequence[JudgedCount]) -> Moved:
    here = _is("channel", name)
    return against([one for one in now if here(one)], [one for one in before if here(one)], _automatic)


def _models(some: Sequence[JudgedCount]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in some:
        found[one.model] += one.number
    return dict(sorted(found.items()))


def _list(models: Mapping[str, int]) -> str:
    return ", ".join(models) or "none"
