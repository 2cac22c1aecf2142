"""The two engines: hypothesis, which draws mails by their shape, and atheris, which follows the branches that are taken."""

from __future__ import annotations

import random
import signal
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from unittest import SkipTest

from tests.fuzz.book import Book
from tests.fuzz.checks import CHECKS
from tests.fuzz.mutating import LONGEST, mutated, seeds

STUCK = 60
"""Seconds after which a check is ended, with all that runs it."""
ROUND = 2_000


def by_hypothesis(book: Book, seconds: float) -> None:
    """Draw, in rounds; a round ends at its first finding, which is made as small as may be."""
    from hypothesis import HealthCheck, Phase, given, seed, settings

    from tests.fuzz.shapes import Raw, shape

    def tried(raw: Raw) -> None:
        if book.told.executions and time.monotonic() > ends:
            raise SkipTest  # the one thing that ends a round at once
        signal.setitimer(signal.ITIMER_REAL, STUCK)
        try:
            book.tried(bytes(raw))
        except Exception:
            last[:] = [bytes(raw)]
            raise
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    drawn = shape(book.target)
    ends = time.monotonic() + seconds
    number = random.SystemRandom().randrange(2**32)
    calm = settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    last: list[bytes] = []
    while time.monotonic() < ends:
        number += 1
        last.clear()
        try:
            seed(number)(calm(given(drawn)(tried)))()
        except SkipTest:
            break
        except Exception as error:  # noqa: BLE001 - the edge of the loop: a finding is written down, and the next round begins
            book.found(error, *last)
    book.write()


def by_atheris(book: Book, seconds: float) -> None:
    """Follow the branches; never returns, for the engine ends the process."""
    import atheris

    _forget("intake", "handlers")
    with atheris.instrument_imports(include=["intake"]):
        from tests.fuzz.checks import CHECKS as COUNTED
    book.check = COUNTED[book.target]
    known = seeds(book.target)

    def one(raw: bytes) -> None:
        try:
            book.tried(raw)
        except Exception as error:  # noqa: BLE001 - the edge of the loop: a finding is written down, and the run goes on
            book.found(error, raw)

    def change(raw: bytes, longest: int, number: int) -> bytes:
        chance = random.Random(number)
        if chance.random() < 0.5:
            return bytes(atheris.Mutate(raw, longest))
        return mutated(raw, chance, known, longest)

    atheris.Setup(_told(book.folder, known, seconds), one, custom_mutator=change)
    atheris.Fuzz()


def _forget(*packages: str) -> None:
    """Have modules imported anew, so that their branches are counted."""
    for name in [name for name in sys.modules if name.partition(".")[0] in packages or name == "tests.fuzz.checks"]:
        del sys.modules[name]


def _told(folder: Path, known: tuple[bytes, ...], seconds: float) -> list[str]:
    """Return the engine's own arguments, and write what it starts from."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(known):
        (corpus / f"seed-{number}").write_bytes(raw)
    options = {
        "max_total_time": int(seconds),
        "max_len": LONGEST,
        "timeout": STUCK,
        "len_control": 0,
        "artifact_prefix": f"{folder}/stopped-",
        "rss_limit_mb": 3_000,
        "print_final_stats": 1,
    }
    return ["fuzz", *(f"-{name}={value}" for name, value in options.items()), str(corpus)]


ENGINES = {"hypothesis": by_hypothesis, "atheris": by_atheris}


def missing(engine: str) -> str | None:
    """Say what an engine needs that is not installed here."""
    if find_spec(engine) is not None:
        return None
    return f"{engine} is not installed in this environment: docs/mail.md says how to make one that has it"


def begin(engine: str, target: str, folder: Path, seconds: float) -> None:
    """Run an engine in this process."""
    ENGINES[engine](Book(folder=folder, target=target, check=CHECKS[target]), seconds)
