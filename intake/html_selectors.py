"""Finds what a style sheet's selector names, in a time that grows with the page and never with the selector's power.

A library tries every path through ``q ~ p ~ p ~ p``: a kilobyte of mail keeps it busy for seconds, three kilobytes for hours.
Here each step of a selector is looked up once, and goes on only from what the step before it found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_STEP = re.compile(r"\s*([>+~]|\s)\s*(?![^\[]*\])")
_COMPOUND = re.compile(r"(?:\*|[\w-]+)?(?:[.#][\w-]+|\[[\w-]+(?:[~|^$*]?=(?:\"[^\"\],]*\"|'[^'\],]*'|[\w-]+))?\])*")
_SIMPLE = re.compile(r"[.#\[]|^[\w*]")
LONGEST_COMPOUND = 100
MOST_WORK = 20_000_000
"""Characters of html times simple selectors that are looked up in it."""
A_NODE = 40
"""What it costs to look at one node that was found, in the same coin."""
_EVERYTHING = frozenset({"", "*", "body", "html"})


@dataclass(slots=True)
class Selectors:
    """Looks up the selectors of one page, as far as there is room for work."""

    tree: Any
    size: int
    """Characters of the page."""
    room: int = MOST_WORK

    def matching(self, selector: str) -> set[int]:
        """Return the ids of the nodes that a list of selectors names; none for what cannot be looked up."""
        found: set[int] = set()
        for one in selector.split(","):
            found |= self._one(one.strip())
        return found

    def _one(self, selector: str) -> set[int]:
        steps = _STEP.split(selector)
        compounds = steps[::2]
        if compounds[-1].lower() in _EVERYTHING or not all(map(_is_compound, compounds)):
            return set()
        nodes = self._nodes(compounds[0])
        for combinator, compound in zip(steps[1::2], compounds[1:], strict=True):
            before = {node.mem_id for node in nodes}
            if not before:
                return set()
            stands = _STANDS[combinator if combinator in _STANDS else " "]
            seen: dict[int, bool] = {}
            nodes = [node for node in self._nodes(compound) if stands(node, before, seen)]
        return {node.mem_id for node in nodes}

    def _nodes(self, compound: str) -> list[Any]:
        self.room -= len(_SIMPLE.findall(compound)) * self.size
        if self.room < 0:
            return []
        try:
            nodes: list[Any] = self.tree.css(compound)
        except Exception:  # noqa: BLE001 - the library raises what it likes on a selector that is none
            return []
        self.room -= A_NODE * len(nodes)
        return nodes


def _is_compound(text: str) -> bool:
    return 0 < len(text) <= LONGEST_COMPOUND and _COMPOUND.fullmatch(text) is not None


def _parent(node: Any) -> Any:
    return node.parent


def _elder(node: Any) -> Any:
    """Return the element before this one among its siblings."""
    node = node.prev
    while node is not None and (node.tag or "-").startswith(("-", "!", "_")):
        node = node.prev
    return node


def _somewhere(step: Callable[[Any], Any]) -> Callable[[Any, set[int], dict[int, bool]], bool]:
    """Return a test whether one of ``before`` is met by taking this step again and again; no node is asked twice."""

    def stands(node: Any, before: set[int], seen: dict[int, bool]) -> bool:
        way: list[int] = []
        answer = False
        while node is not None:
            known = seen.get(node.mem_id)
            if known is not None:
                answer = known
                break
            way.append(node.mem_id)
            node = step(node)
            if node is not None and node.mem_id in before:
                answer = True
                break
        seen.update(dict.fromkeys(way, answer))
        return answer

    return stands


def _next(step: Callable[[Any], Any]) -> Callable[[Any, set[int], dict[int, bool]], bool]:
    def stands(node: Any, before: set[int], seen: dict[int, bool]) -> bool:
        del seen
        other = step(node)
        return other is not None and other.mem_id in before

    return stands


_STANDS = {" ": _somewhere(_parent), ">": _next(_parent), "~": _somewhere(_elder), "+": _next(_elder)}
