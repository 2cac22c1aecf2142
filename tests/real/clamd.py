"""Debian's clamd, run by the test as itself: signatures of our own in a folder of its own, a unix socket, ended by its number."""

import hashlib
import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from parts import program

from intake.clamd import Clamd as Client
from intake.clamd import address_of

CONFIG = """
Foreground yes
DatabaseDirectory {home}/signatures
TemporaryDirectory {home}
LocalSocket {home}/clamd.ctl
StreamMaxLength 2M
AlertEncrypted yes
"""
WORDS = b"mould-that-bites"
"""What a file must hold to be found, anywhere in it or in what is packed in it."""
WHOLE = b"a whole file of the test's own, known by its MD5"


class Clamd:
    """A running scanner, and how to ask it."""

    def __init__(self, home, process):
        self.setting = f"unix:{home}/clamd.ctl"
        self.process = process

    @property
    def client(self):
        return Client(address_of(self.setting), connect_within=10, answer_within=60)

    def end(self):
        """End it, and wait until it is gone."""
        self.process.terminate()
        self.process.wait(30)

    @classmethod
    @contextmanager
    def running(cls):
        # The path of a unix socket may have a hundred letters: the test's own folder is too far down.
        with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
            home = Path(folder)
            (home / "signatures").mkdir()
            (home / "signatures" / "own.ndb").write_text(f"Test.Words.Anywhere:0:*:{WORDS.hex()}\n")
            digest = hashlib.md5(WHOLE, usedforsecurity=False).hexdigest()
            (home / "signatures" / "own.hdb").write_text(f"{digest}:{len(WHOLE)}:Test.Whole.File\n")
            (home / "clamd.conf").write_text(CONFIG.format(home=home) + ("User root\n" if os.geteuid() == 0 else ""))
            command = [program("clamd"), "-c", str(home / "clamd.conf")]
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                try:
                    _wait(home / "clamd.ctl", process)
                    yield cls(home, process)
                finally:
                    process.terminate()


def _wait(path, process):
    until = time.monotonic() + 30
    while not path.exists():
        assert process.poll() is None, "clamd ended at once"
        assert time.monotonic() < until, "clamd opens no socket"
        time.sleep(0.02)
