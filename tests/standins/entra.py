"""A stand-in for one Entra ID tenant: discovery, keys, authorize and token endpoints on the loopback, as the documents say.

It follows OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749, RFC 7636 (only S256) and RFC 7517, and gives the claims and
error bodies that Microsoft documents for the v2.0 endpoints. It checks what a real one checks: the client and its secret,
the registered redirect address, the code (good once, ten minutes), and the code verifier.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

TENANT = "5f1c9a2e-0000-4000-8000-6c6577697368"
CLIENT = "2b7d40aa-0000-4000-8000-0000000000c1"
CODE_LASTS = 600


@dataclass
class Directory:
    """One tenant with one registered application and whoever is signed in to it; tests bend it by its fields."""

    redirect_uri: str
    now: Callable[[], datetime]
    secret: str = "a secret / with + odd & signs"
    person: dict[str, Any] = field(default_factory=dict)
    bend: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    key: RSAKey = field(default_factory=lambda: new_key("key-1"))
    published: list[RSAKey] | None = None
    sign: Callable[[dict[str, Any]], str] | None = None
    refuse: str | None = None
    broken: bool = False
    methods: tuple[str, ...] = ("client_secret_post", "private_key_jwt", "client_secret_basic")
    asked: list[str] = field(default_factory=list)
    base: str = ""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """Who it says it is."""
        return f"{self.base}/{TENANT}/v2.0"

    @property
    def discovery_url(self) -> str:
        """Where it publishes its addresses."""
        return f"{self.issuer}/.well-known/openid-configuration"

    def discovery(self) -> dict[str, Any]:
        """Return what is published (Discovery 1.0 section 3)."""
        own = f"{self.base}/{TENANT}"
        return {
            "token_endpoint": f"{own}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": list(self.methods),
            "jwks_uri": f"{own}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": self.issuer,
            "authorization_endpoint": f"{own}/oauth2/v2.0/authorize",
            "end_session_endpoint": f"{own}/oauth2/v2.0/logout",
        }

    def keys(self) -> dict[str, Any]:
        """Return the public keys."""
        published = self.published if self.published is not None else [self.key]
        return {"keys": [key.as_dict(private=False) for key in published]}

    def authorize(self, asked: dict[str, str]) -> tuple[int, str]:
        """Answer the browser: ``(302, address)`` back to the application, or ``(400, page)`` where that is not safe."""
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") != self.redirect_uri:
            return 400, "AADSTS50011: the redirect URI does not match those configured for the application"
        back = {"state": asked["state"]} if "state" in asked else {}
        if self.refuse is not None:
            return 302, self._back(back | {"error": self.refuse, "error_description": "AADSTS65004: user declined"})
        wrong = (
            asked.get("response_type") != "code"
            or "openid" not in asked.get("scope", "").split()
            or asked.get("code_challenge_method") != "S256"
            or not asked.get("code_challenge")
        )
        if wrong:
            return 302, self._back(back | {"error": "invalid_request", "error_description": "AADSTS900144"})
        code = secrets.token_urlsafe(32)
        self._codes[code] = asked | {"at": str(int(self.now().timestamp()))}
        return 302, self._back(back | {"code": code, "session_state": secrets.token_hex(8)})

    def token(self, form: dict[str, str], authorization: str | None) -> tuple[int, dict[str, Any]]:
        """Answer the application: tokens for a code, or an error (RFC 6749 section 5.2)."""
        if not self._is_client(form, authorization):
            return 401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided"}
        if form.get("grant_type") != "authorization_code":
            return 400, {"error": "unsupported_grant_type", "error_description": "AADSTS70003"}
        asked = self._codes.pop(form.get("code", ""), None)
        now = int(self.now().timestamp())
        if asked is None or now - int(asked["at"]) > CODE_LASTS or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant", "error_description": "AADSTS70008: the code has expired or was used"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "AADSTS501481: the code_verifier does not match"}
        claims = self.bend(self._claims(asked, now))
        signed = self.sign(claims) if self.sign else jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        return 200, {
            "token_type": "Bearer",
            "scope": "openid profile email",
            "expires_in": 3599,
            "access_token": secrets.token_urlsafe(40),
            "id_token": signed,
        }

    def _claims(self, asked: dict[str, str], now: int) -> dict[str, Any]:
        own = {"aud": CLIENT, "iss": self.issuer, "iat": now, "nbf": now, "exp": now + 3600, "tid": TENANT, "ver": "2.0"}
        return own | ({"nonce": asked["nonce"]} if "nonce" in asked else {}) | self.person

    def _is_client(self, form: dict[str, str], authorization: str | None) -> bool:
        if authorization is None:
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT, self.secret)
        if "client_secret_basic" not in self.methods or not authorization.startswith("Basic "):
            return False
        name, _, secret = base64.b64decode(authorization[6:]).decode().partition(":")
        return (name, secret) == (CLIENT, self.secret)

    def _back(self, told: dict[str, str]) -> str:
        return f"{self.redirect_uri}?{urlencode(told)}"


def new_key(name: str) -> RSAKey:
    """Return a signing key."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"}, auto_kid=False)


class _Answer(BaseHTTPRequestHandler):
    directory: Directory

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        self.directory.asked.append(asked.path)
        if self.directory.broken:
            self._send(503, b"<html>Service unavailable</html>", "text/html")
        elif asked.path.endswith("/.well-known/openid-configuration"):
            self._json(200, self.directory.discovery())
        elif asked.path.endswith("/keys"):
            self._json(200, self.directory.keys())
        elif asked.path.endswith("/authorize"):
            status, told = self.directory.authorize(_flat(asked.query))
            self._send(status, b"" if status == 302 else told.encode(), "text/html", told if status == 302 else None)
        else:
            self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.directory.asked.append(self.path)
        if self.directory.broken:
            self._send(503, b"<html>Service unavailable</html>", "text/html")
            return
        self._json(*self.directory.token(_flat(body), self.headers.get("Authorization")))

    def _json(self, status: int, told: dict[str, Any]) -> None:
        self._send(status, json.dumps(told).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, location: str | None = None) -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing on the terminal."""


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


@contextmanager
def standing(directory: Directory) -> Iterator[Directory]:
    """Serve the tenant on a free port of the loopback for the length of a block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answer", (_Answer,), {"directory": directory}))
    directory.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield directory
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
