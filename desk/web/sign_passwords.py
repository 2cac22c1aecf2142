"""Passwords of local accounts: kept as Argon2id, checked with the same work whoever is named, and never a common one."""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from itertools import pairwise

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST, LONGEST = 12, 256
FEWEST_DIFFERENT = 5
"""How many different characters a password has at least: "aaaaaaaaaaaa" is long, and guessed first."""
AT_ONCE = 4
"""How many passwords are worked on at the same time: each takes 64 MB."""
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
COMMON = frozenset(
    [
        "abc",
        "abcd",
        "admin",
        "administrator",
        "asdf",
        "asdfgh",
        "asdfghjkl",
        "baseball",
        "changeme",
        "changeit",
        "charlie",
        "chocolate",
        "council",
        "councilhousing",
        "default",
        "dragon",
        "everton",
        "england",
        "football",
        "guest",
        "hello",
        "helloworld",
        "housing",
        "iloveyou",
        "intake",
        "letmein",
        "letmeinplease",
        "liverpool",
        "login",
        "london",
        "manager",
        "master",
        "monday",
        "monkey",
        "mustang",
        "mypassword",
        "mypasswordis",
        "newpassword",
        "office",
        "officer",
        "pass",
        "passphrase",
        "password",
        "passwordpassword",
        "passwordis",
        "thisismypassword",
        "pokemon",
        "princess",
        "qazwsx",
        "qazwsxedc",
        "qwerty",
        "qwertyqwerty",
        "qwertyuiop",
        "qwertyuiopasdfghjkl",
        "qazwsxedcrfv",
        "secret",
        "secretpassword",
        "shadow",
        "spring",
        "starwars",
        "summer",
        "autumn",
        "winter",
        "sunshine",
        "superman",
        "temp",
        "temporary",
        "temporarypassword",
        "test",
        "testing",
        "testtest",
        "trustno",
        "user",
        "username",
        "welcome",
        "welcomewelcome",
        "whatever",
        "zaqwsx",
        "correcthorsebatterystaple",
        "zxcvbnm",
    ]
)
"""Words that, with figures and signs around them, make the passwords which are tried first."""
EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
LOOK_ALIKES = str.maketrans("0134578@$!", "oieastbasi")


class Passwords:
    """Hashes and checks passwords; one for each desk."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        """Work as hard as the library advises unless told otherwise; prepare what stands in for an account that is not there."""
        self._hasher = PasswordHash((hasher or Argon2Hasher(),))
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self.hashed(secrets.token_urlsafe())

    def hashed(self, password: str) -> str:
        """Return the password as it is kept."""
        with self._turn:
            return self._hasher.hash(plain(password))

    def check(self, password: str, kept: str | None) -> tuple[bool, str | None]:
        """Return whether the password is the one kept, and how to keep it from now on where that has changed.

        Without one kept the same work is done, so that the time taken does not tell who has an account.
        """
        with self._turn:
            right, anew = self._hasher.verify_and_update(plain(password[: LONGEST + 1]), kept or self._nobody)
        return (right, anew) if kept else (False, None)


def plain(password: str) -> bytes:
    """Return the password's bytes in one form, however the keyboard put its accents together."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def generated() -> str:
    """Return a password that nobody guesses (99 bits), fit to be read out."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def weakness(password: str, *names: str) -> str | None:
    """Return what is wrong with a new password, as a sentence; ``names`` are the person's own, which it must not be made of."""
    folded = unicodedata.normalize("NFC", password).casefold()
    if len(folded) < SHORTEST:
        return f"The password must have at least {SHORTEST} characters: three words that do not belong together are good"
    if len(folded) > LONGEST:
        return f"The password must have at most {LONGEST} characters"
    if len(set(folded)) < FEWEST_DIFFERENT or _run(folded) or _common(folded):
        return "The password is one of those that are tried first: choose another"
    if any(len(name) > 3 and name.casefold() in folded for name in names):  # noqa: PLR2004  # "Ann" is in many words
        return "The password must not contain your name"
    return None


def _run(text: str) -> bool:
    """Return whether each character follows the one before by the same step: "123456789012", "abcdefghijkl"."""
    steps = {(ord(after) - ord(before)) % 10 for before, after in pairwise(text)}
    return len(steps) == 1


def _common(text: str) -> bool:
    """Return whether nothing but a common word is left without the figures and signs around and inside it."""
    core = EDGES.sub("", text)
    return any(re.sub(r"[\W\d_]", "", way) in COMMON for way in (core, core.translate(LOOK_ALIKES)))
