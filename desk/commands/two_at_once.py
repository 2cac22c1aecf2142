"""Judges many messages two at once, as the encoder reads one while the other's words are looked up; the order stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, Queue
from threading import Event, Thread
from typing import Final, TypeVar

AT_ONCE: Final = 2
AHEAD: Final = 32
"""Results held at most until they are taken, so that a long file needs no more memory than a short one."""

Given = TypeVar("Given")
Done = TypeVar("Done")


def two_at_once(work: Callable[[Given], Done], given: Iterable[Given]) -> Iterator[Done]:
    """Yield what the work makes of each thing given, in their order, as soon as it is made; raises what either raises.

    A thread of its own waits for what is given: who writes one line and waits for its answer gets it.
    """
    results: Queue[Future[Done] | None] = Queue(AHEAD)
    nobody_listens = Event()
    with ThreadPoolExecutor(AT_ONCE) as threads:

        def feed() -> None:
            try:
                for one in given:
                    if nobody_listens.is_set():
                        return
                    results.put(threads.submit(work, one))
            except Exception as error:  # noqa: BLE001 - it is raised where the results are taken
                results.put(_failed(error))
            results.put(None)

        Thread(target=feed, daemon=True).start()
        try:
            while (one := results.get()) is not None:
                yield one.result()
        finally:
            nobody_listens.set()
            _clear(results)


def _failed(error: Exception) -> Future[Done]:
    failed: Future[Done] = Future()
    failed.set_exception(error)
    return failed


def _clear(results: Queue[Future[Done] | None]) -> None:
    """Cancel what nobody will hear, which also lets go whoever waits for room."""
    try:
        while True:
            rest = results.get_nowait()
            if rest is not None:
                rest.cancel()
    except Empty:
        return
