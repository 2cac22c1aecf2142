"""The second factor: six figures from an app, good for half a minute and good once (RFC 6238)."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

SECONDS = 30
DRIFT = 1
"""By how many steps a telephone's clock may be out."""
SIX = 6


def new_secret() -> str:
    """Return a new secret to share with an app, in the letters that apps take."""
    return pyotp.random_base32()


def link(secret: str, username: str, service: str) -> str:
    """Return the address that an app on the same machine opens to take the secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=service)


def spaced(secret: str) -> str:
    """Return the secret in groups of four, to be typed off a screen."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step whose code this is, or None where it is no code of these minutes."""
    told = "".join(code.split())
    if len(told) != SIX or not (told.isascii() and told.isdigit()):
        return None
    present, maker = int(now.timestamp()) // SECONDS, pyotp.TOTP(secret)
    steps = range(present - DRIFT, present + DRIFT + 1)
    return next((step for step in steps if hmac.compare_digest(maker.generate_otp(step), told)), None)
