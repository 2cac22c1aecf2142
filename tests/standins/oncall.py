"""A stand-in for an on-call service that is told of emergencies by a webhook: it checks the token, and keeps one call a key."""

from __future__ import annotations

from standins.loopback import Asked, Loopback, Said

TOKEN = "oncall-token-of-the-stand-in"
FIELDS = {"reference", "words", "page", "officer"}


class OnCall(Loopback):
    """The service: what it took, by the key of each call."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: dict[str, dict[str, str]] = {}

    def answer(self, asked: Asked) -> Said:
        """Take a call that is well made and signed; 404, 401 and 422 otherwise."""
        if (asked.method, asked.path) != ("POST", "/hooks/housing"):
            return Said(404, {"error": "no such hook"})
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Said(401, {"error": "no such token"})
        if set(asked.json) != FIELDS or "idempotency-key" not in asked.headers:
            return Said(422, {"error": "not a call"})
        self.taken[asked.headers["idempotency-key"]] = asked.json
        return Said(202, {"status": "queued"})
