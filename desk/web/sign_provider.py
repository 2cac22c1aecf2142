"""The council's own sign-in: OpenID Connect's code flow with PKCE against one tenant (OpenID Connect Core 1.0, RFC 7636)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]  # Authlib carries no types
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from desk.sign_on_settings import SignOnSettings
from desk.web.sign_directory import Directory, NotTrusted, ProviderDown, SaidNo, Tenant
from handlers.clock import Clock

LEEWAY = 60
"""Seconds by which the provider's clock may be out."""
DONE = "/sign-in/council/done"
"""Where the provider sends people back to: to be registered there with the desk's own address before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A sign-in that was begun: what only the browser that began it can answer for."""

    state: str
    nonce: str
    verifier: str


@dataclass(kw_only=True)
class Provider:
    """Sends people to their council's sign-in, and believes what it says of them once everything about it holds."""

    settings: SignOnSettings
    clock: Clock
    desk_url: str
    directory: Directory = field(init=False)

    def __post_init__(self) -> None:
        """Remember what the provider publishes of itself from one sign-in to the next."""
        self.directory = Directory(address=self.settings.discovery_url, clock=self.clock)

    def begin(self) -> tuple[str, Asked]:
        """Return where to send the browser, and what to remember meanwhile; raise ``ProviderDown`` or ``NotTrusted``."""
        tenant = self.directory.tenant()
        asked = Asked(state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48))
        with self._client(tenant) as client:
            address, _state = client.create_authorization_url(
                tenant.authorization_endpoint, state=asked.state, code_verifier=asked.verifier, nonce=asked.nonce
            )
        return str(address), asked

    def claims(self, code: str, asked: Asked) -> dict[str, Any]:
        """Return what the provider says of whoever came back with this code.

        Raises ``ProviderDown``, ``SaidNo`` where it refuses the code, ``NotTrusted`` where anything about its token is wrong.
        """
        tenant = self.directory.tenant()
        with self._client(tenant) as client, _understood():
            token = client.fetch_token(tenant.token_endpoint, code=code, code_verifier=asked.verifier)
        if not isinstance(token.get("id_token"), str):
            raise NotTrusted("the answer has no id_token")
        return self._checked(tenant, token, asked.nonce)

    def _checked(self, tenant: Tenant, token: dict[str, Any], nonce: str) -> dict[str, Any]:
        try:
            signed = self._signed(tenant, token["id_token"])
            # The library looks at an audience only where it is told which: else another client's token would pass.
            wanted = {
                "iss": {"essential": True, "value": tenant.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
            }
            known = {"nonce": nonce, "client_id": self.settings.client_id, "access_token": token.get("access_token")}
            claims = CodeIDToken(signed.claims, signed.header, wanted, known)
            claims.validate(now=int(self.clock.now().timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotTrusted(f"the token is not right: {type(error).__name__} {getattr(error, 'claim', '') or ''}") from error
        return dict(claims)

    def _signed(self, tenant: Tenant, id_token: str) -> jwt.Token:
        """Return the token if one of the provider's keys signed it; an unknown key is asked for once more."""
        try:
            return jwt.decode(id_token, self._keys(tenant), algorithms=tenant.algorithms)
        except InvalidKeyIdError:
            return jwt.decode(id_token, self._keys(tenant, anew=True), algorithms=tenant.algorithms)

    def _keys(self, tenant: Tenant, *, anew: bool = False) -> KeySet:
        return KeySet.import_key_set(cast("KeySetSerialization", self.directory.keys(tenant, anew=anew)))

    def _client(self, tenant: Tenant) -> OAuth2Client:
        return OAuth2Client(
            client_id=self.settings.client_id,
            client_secret=self._secret(),
            scope=self.settings.scope,
            redirect_uri=f"{self.desk_url}{DONE}",
            code_challenge_method="S256",
            token_endpoint_auth_method=tenant.client_method,
            timeout=httpx2.Timeout(10, connect=5),
        )

    def _secret(self) -> str:
        # Read each time: a new secret is put in place of the old one without a restart.
        try:
            return self.settings.client_secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise NotTrusted("desk.sign_on.client_secret_file cannot be read") from error


@contextmanager
def _understood() -> Iterator[None]:
    """Turn what the library raises into what to do next."""
    try:
        yield
    except OAuthError as error:
        raise SaidNo(str(error.error)) from error
    except httpx2.HTTPError as error:
        raise ProviderDown(f"the token endpoint: {type(error).__name__}") from error
    except ValueError as error:
        raise NotTrusted("the token endpoint's answer is not JSON") from error
