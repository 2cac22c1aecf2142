"""Facts that a browser keeps for us between two steps of a sign-in, which it can neither read nor change."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from handlers.clock import Clock

HEADER = {"alg": "dir", "enc": "A256GCM"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Seal:
    """Seals and opens facts with the house's own key; what is sealed for one purpose opens for no other."""

    secret: bytes
    clock: Clock

    def close(self, purpose: str, facts: dict[str, Any], lasts: timedelta) -> str:
        """Return the facts as a text for a cookie or a hidden field."""
        until = (self.clock.now() + lasts).timestamp()
        return jwe.encrypt_compact(HEADER, json.dumps({"until": until, "facts": facts}), self._key(purpose))

    def open(self, purpose: str, text: str | None) -> dict[str, Any] | None:
        """Return the facts, or None where the text is too old, for another purpose, or not ours."""
        try:
            plain = jwe.decrypt_compact(text or "", self._key(purpose), algorithms=list(HEADER.values())).plaintext
            told = json.loads(plain or b"")
        except (JoseError, ValueError):
            return None
        facts: dict[str, Any] = told["facts"]
        return facts if self.clock.now().timestamp() < told["until"] else None

    def _key(self, purpose: str) -> OctKey:
        # A key for each purpose, so that one step's facts never pass for another's.
        return OctKey.import_key(hashlib.sha256(b"desk " + purpose.encode() + b"\0" + self.secret).digest())
