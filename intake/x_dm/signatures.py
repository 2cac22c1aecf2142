"""X's two proofs: of us to X (the challenge, CRC), and of X to us (a signature over the raw body); base64, not hex."""

from __future__ import annotations

import base64
import hashlib
import hmac

HEADER = "x-twitter-webhooks-signature"


def signature(secret: str, signed: bytes) -> str:
    """Return ``sha256=`` and the HMAC of what is signed, in base64."""
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode('ascii')}"


def is_signed(secret: str, signed: bytes, given: str | None) -> bool:
    """Say whether a signature is X's, in the same time whatever is given."""
    return hmac.compare_digest(signature(secret, signed).encode(), (given or "").encode("utf-8", "surrogateescape"))
