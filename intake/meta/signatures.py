"""Proofs between Meta and us, all compared in constant time: the webhook's signature, its verification, and our own calls'."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

PREFIX = "sha256="
_CHALLENGE = re.compile(r"[\w.-]{1,200}", re.ASCII)


def is_signed(body: bytes, signature: str | None, secret: str) -> bool:
    """Say whether ``X-Hub-Signature-256`` is right for the body, byte for byte as it came."""
    # An empty secret would let anyone sign.
    if not secret or signature is None or not signature.startswith(PREFIX):
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.removeprefix(PREFIX).encode("utf-8", "replace"))


def challenge_of(query: Iterable[tuple[str, str]], token: str) -> str | None:
    """Return what a verification request wants to hear back, or None when it does not know our token."""
    asked = dict(query)
    given = asked.get("hub.verify_token", "").encode("utf-8", "replace")
    known = bool(token) and hmac.compare_digest(given, token.encode())
    challenge = asked.get("hub.challenge", "")
    if not known or asked.get("hub.mode") != "subscribe" or _CHALLENGE.fullmatch(challenge) is None:
        return None
    return challenge


def proof_of(access_token: str, secret: str) -> str:
    """Return ``appsecret_proof``: that whoever holds the token is the app it was given to."""
    return hmac.new(secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()
