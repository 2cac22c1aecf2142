"""Several short messages by chat that belong together, so that they are read as one matter."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.understanding import Arrival


def matters(arrivals: Sequence[Arrival]) -> list[list[Arrival]]:
    """Return the arrivals in groups to be read as one: a person's messages by chat in a row, all else by itself.

    A message that was tried before, or that its door could not make sense of, stands alone, so that it burdens no other.
    """
    groups: dict[str, list[Arrival]] = {}
    for arrival in sorted(arrivals, key=lambda one: (one.received_at, one.id)):
        apart = arrival.act != "message" or arrival.problem is not None or arrival.attempts > 1 or arrival.case_id is not None
        key = f"alone {arrival.id}" if apart or arrival.conversation is None else arrival.conversation
        groups.setdefault(key, []).append(arrival)
    return list(groups.values())
