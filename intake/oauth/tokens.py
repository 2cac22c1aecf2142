"""Asks for tokens, by the official libraries, and says in good time when what they are asked with is about to end.

A token is kept by the library until it is about to run out. Errors::

    NoToken    none was given: the sentence says why, and never holds a secret
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol

import requests
from cryptography import x509

from intake.oauth.settings import Google, Microsoft

PATIENCE = 15.0
"""Seconds that a token's giver has for each answer."""
NOTICE = timedelta(days=30)


class NoToken(Exception):
    """No token was given."""


class Tokens(Protocol):
    """Whoever gives tokens for one mailbox; calls block."""

    def token(self) -> str:
        """Return a token that holds for now, or raise ``NoToken``."""
        ...

    def forget(self) -> None:
        """Ask anew next time, with the credential read again: the server did not take what we had."""
        ...

    def ends_at(self) -> datetime | None:
        """Return when the credential ends, where that can be known."""
        ...


def tokens_for(settings: Microsoft | Google, mailbox: str) -> Tokens:
    """Return who gives tokens for this mailbox."""
    return MicrosoftTokens(settings) if isinstance(settings, Microsoft) else GoogleTokens(settings, mailbox)


def warning(tokens: Tokens, now: datetime) -> str | None:
    """Return a sentence from thirty days before the credential ends, and None before."""
    try:
        ends = tokens.ends_at()
    except (OSError, ValueError) as error:
        return f"the credential cannot be read: {type(error).__name__}"
    if ends is None or ends - now > NOTICE:
        return None
    return f"the certificate or secret for this mailbox {'ended' if ends <= now else 'ends'} on {ends:%-d %B %Y}: renew it"


class MicrosoftTokens:
    """Client credentials of an application in Entra ID."""

    def __init__(self, settings: Microsoft) -> None:
        """Ask nothing yet."""
        self._settings = settings
        self._application: Any = None

    def token(self) -> str:
        """Return a token for all of Exchange that the application may use."""
        try:
            self._application = self._application or self._new_application()
            told = self._application.acquire_token_for_client([self._settings.scope])
        except (OSError, ValueError, KeyError) as error:
            self._application = None
            raise NoToken(f"Entra ID could not be asked for a token: {type(error).__name__}") from error
        if "access_token" not in told:
            # The library would repeat the refusal for a minute, also when the secret was mended meanwhile.
            self._application = None
            # Its description names tenant, time and trace; the short code says what to mend.
            raise NoToken(f"Entra ID gives no token: {told.get('error', 'no reason')} {told.get('error_codes', '')}".strip())
        return str(told["access_token"])

    def forget(self) -> None:
        """Read the credential again next time."""
        self._application = None

    def ends_at(self) -> datetime | None:
        """Return when the certificate ends, or the secret where the settings know it."""
        settings = self._settings
        if settings.certificate_file is not None:
            return x509.load_pem_x509_certificate(settings.certificate_file.read_bytes()).not_valid_after_utc
        return None if settings.secret_ends is None else datetime.combine(settings.secret_ends, time(), UTC)

    def _new_application(self) -> Any:
        import msal  # noqa: PLC0415 - slow to import, and only for landlords with Microsoft's mail

        settings = self._settings
        return msal.ConfidentialClientApplication(
            settings.client_id,
            authority=f"{settings.authority.rstrip('/')}/{settings.tenant}",
            client_credential=self._credential(),
            http_client=_session(settings.ca_file),
            # The authority is the settings' own word: nobody else needs to vouch for it.
            instance_discovery=False,
        )

    def _credential(self) -> Any:
        settings = self._settings
        if settings.client_secret_file is not None:
            return settings.client_secret_file.read_text(encoding="utf-8").strip()
        assert settings.certificate_file is not None
        assert settings.key_file is not None
        key, certificate = (path.read_text(encoding="ascii") for path in (settings.key_file, settings.certificate_file))
        return {"private_key": key, "public_certificate": certificate}


class GoogleTokens:
    """A service account that acts for one mailbox."""

    def __init__(self, settings: Google, mailbox: str) -> None:
        """Ask nothing yet."""
        self._settings = settings
        self._mailbox = mailbox
        self._credentials: Any = None

    def token(self) -> str:
        """Return a token for the mailbox alone."""
        from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415 - only for landlords with Google's mail

        try:
            self._credentials = self._credentials or self._new_credentials()
            if not self._credentials.valid:
                self._refresh()
        except (OSError, ValueError, GoogleAuthError) as error:
            self._credentials = None
            raise NoToken(f"Google gives no token: {_reason(error)}") from error
        return str(self._credentials.token)

    def forget(self) -> None:
        """Read the key again next time."""
        self._credentials = None

    def ends_at(self) -> datetime | None:
        """Return None: the keys of service accounts do not end by themselves."""
        return None

    def _refresh(self) -> None:
        from google.auth.transport.requests import Request  # noqa: PLC0415 - as above

        asked = Request(session=_session(self._settings.ca_file))
        self._credentials.refresh(functools.partial(asked, timeout=PATIENCE))

    def _new_credentials(self) -> Any:
        from google.oauth2 import service_account  # noqa: PLC0415 - as above

        made: Any = service_account.Credentials
        file, scopes = str(self._settings.service_account_file), [self._settings.scope]
        return made.from_service_account_file(file, scopes=scopes, subject=self._mailbox)


def _reason(error: Exception) -> str:
    # Google's refusals hold its short code first; all else may hold a part of the key's file.
    said = str(error.args[0]) if error.args and type(error).__name__ == "RefreshError" else ""
    return f"{type(error).__name__} {said.split(':')[0][:60]}".strip()


def _session(ca_file: Path | None) -> requests.Session:
    session = requests.Session()
    bound: dict[str, Any] = {"timeout": PATIENCE}
    if ca_file is not None:
        # Said with each request: a variable of the environment would win over the session's own word.
        bound["verify"] = str(ca_file)
    session.request = functools.partial(session.request, **bound)  # type: ignore[method-assign]
    return session
