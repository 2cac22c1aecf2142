"""Revisions of the chat are TIDs (AT Protocol): 13 signs of an alphabet in order, which write a number of 64 bits."""

from __future__ import annotations

_SIGNS = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13


def number_of(tid: str) -> int | None:
    """Return the number that a TID writes; None for what is none."""
    if len(tid) != _LENGTH or any(sign not in _SIGNS for sign in tid):
        return None
    number = 0
    for sign in tid:
        number = number * len(_SIGNS) + _SIGNS.index(sign)
    return number if number < 2**63 else None


def tid_of(number: int) -> str:
    """Return the TID of a number."""
    signs = ""
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_SIGNS))
        signs = _SIGNS[rest] + signs
    return signs
