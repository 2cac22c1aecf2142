"""No secret and no word of a resident is in a log or an error, whatever goes wrong."""

from __future__ import annotations

import logging
from contextlib import contextmanager

import pytest

from desk.logs import CHATTY
from intake.channel import DeliveryFailure, PermanentFailure

WORDS = "Xylophone-in-the-bathroom"
LEAST = 6
"""A secret shorter than this is in any text by chance."""


@contextmanager
def overheard():
    """Gather all that would be logged at the program's own level, errors with what they say."""
    lines: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))
            lines.extend(str(value) for value in vars(record).values())

    ear, root = Ear(), logging.getLogger()
    before = root.level, {name: logging.getLogger(name).level for name in CHATTY}
    root.addHandler(ear)
    root.setLevel(logging.INFO)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield lines
    finally:
        root.removeHandler(ear)
        root.setLevel(before[0])
        for name, level in before[1].items():
            logging.getLogger(name).setLevel(level)


def secrets_in(folder):
    """Return what the files with secrets hold."""
    found = [path.read_text().strip() for path in folder.rglob("*") if path.is_file()]
    return [secret for secret in found if len(secret) >= LEAST]


async def test_no_log_and_no_error_holds_a_secret_or_a_word(stage):
    async with stage() as scene:
        bench, said = scene.bench, []
        with overheard() as lines:
            odd = [bench.unknown(2), bench.broken(3), bench.words(4, f"{WORDS} again")]
            scene.box.refusals = 1
            await bench.bring(scene.channel, [bench.words(1, WORDS), *odd])
            for how in bench.refusals:
                bench.refuse(how)
                try:
                    await scene.channel.send(scene.letter(f"You wrote {WORDS}", number=len(said)))
                except DeliveryFailure as error:
                    said += _chain(error)
                bench.sent()
            for kept in scene.box.kept():
                kept.reading()
            said.append(repr(scene.channel))
        heard = "\n".join([*lines, *said])
        assert said
        assert WORDS not in heard
        for secret in secrets_in(scene.folder):
            assert secret not in heard


async def test_settings_shown_show_no_secret(stage):
    async with stage() as scene:
        channel = scene.build_with()
        secrets = secrets_in(scene.folder)
        assert secrets, f"the bench of {scene.bench.kind} writes its secrets as files into the folder"
        assert not [secret for secret in secrets if secret in f"{vars(channel)}{scene.bench.settings(scene.folder)}"]


async def test_a_fetch_that_fails_says_nothing_of_the_file(stage):
    async with stage() as scene:
        channel = scene.build_with(max_file_size=2000)
        update = scene.bench.file(1, WORDS.encode() * 100)
        if update is None:
            pytest.skip(f"{scene.bench.kind} carries no files")
        await scene.bench.bring(channel, [update])
        if not scene.box.put_in[0].files:
            pytest.skip(f"{scene.bench.kind} carries no files")
        with overheard() as lines, pytest.raises(PermanentFailure) as caught:
            await channel.fetch(scene.box.put_in[0].files[0])
        heard = "\n".join([*lines, *_chain(caught.value)])
        assert not [secret for secret in [WORDS, *secrets_in(scene.folder)] if secret in heard]


def _chain(error):
    """Return what an error and its causes say of themselves, but the traceback's own lines of code."""
    found, seen = [], set()
    while error is not None:
        assert id(error) not in seen, "an error that is its own cause"
        seen.add(id(error))
        found += [str(error), repr(error), str(vars(error) if isinstance(error, DeliveryFailure) else "")]
        error = error.__cause__ or error.__context__
    return found
