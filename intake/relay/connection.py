"""One kept connection to the relay, and the one question that matters: may the letter have been taken or not.

Up to the final dot nothing was taken: a lost link is temporary. From the dot to the answer nobody can know: the outcome
is uncertain, and a machine must not try again (RFC 5321 section 4.5.3.2.6, mail rule B5).
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import Awaitable, Callable

import aiosmtplib

from intake.channel import DeliveryFailure, OwnFault, PermanentFailure, TemporaryFailure, UncertainOutcome
from intake.header_words import postal_address
from intake.oauth.tokens import NoToken, Tokens
from intake.relay.settings import Settings

OUR_OWN_FAULT = frozenset({530, 534, 535, 538})
"""The relay wants another login: that is no fault of the letter, which goes out once it is mended."""
NOT_OURS = re.compile(r"\b5\.7\.60\b|SendAsDenied", re.IGNORECASE)
"""Exchange's word, after the letter, that this login may not send in the name of this From."""
TOO_LARGE = re.compile(r"\b552\b|\b5\.3\.4\b")
GLANCE = 0.01


class Connection:
    """Carries one letter at a time; opens itself again when it was lost between two letters."""

    def __init__(self, settings: Settings, tokens: Tokens | None = None) -> None:
        """Stay closed until the first letter; ``tokens`` stand for the password."""
        self._settings = settings
        self._tokens = tokens
        self._client: aiosmtplib.SMTP | None = None

    async def carry(self, recipient: str, mail: bytes, reverse_path: str | None = None, by: float | None = None) -> str:
        """Hand over one mail for one recipient and return the relay's answer, or raise a ``DeliveryFailure``.

        ``reverse_path`` is the settings' where it is None. All but the final dot must have gone ``by`` this time of the loop.
        """
        sender = self._settings.envelope_sender if reverse_path is None else reverse_path
        kept = self._client is not None and self._client.is_connected
        try:
            async with asyncio.timeout_at(by):
                client = self._client if kept and self._client else await self._open()
                try:
                    await self._envelope(client, sender, recipient, mail)
                except (aiosmtplib.SMTPServerDisconnected, _GoneError):
                    # Relays close an idle connection; nothing of this letter was said to the new one yet.
                    if not kept:
                        raise
                    client = await self._open()
                    await self._envelope(client, sender, recipient, mail)
                await self._all_but_the_dot(client, mail)
            return await self._dot(client)
        except DeliveryFailure:
            raise
        except TimeoutError as error:
            self._drop()
            raise TemporaryFailure("the relay is too slow: the letter was not taken in time") from error
        except aiosmtplib.SMTPAuthenticationError as error:
            self._drop()
            raise OwnFault(f"the relay does not take our login: {error}") from error
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
            self._drop()
            raise TemporaryFailure(f"the relay could not be used: {error}") from error
        except BaseException:
            # Cancelled in the middle: whatever the relay says next belongs to no letter.
            self._drop()
            raise

    async def close(self) -> None:
        """Say goodbye, briefly."""
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await self._client.quit(timeout=5)
        self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None

    async def _open(self) -> aiosmtplib.SMTP:
        self._drop()
        settings = self._settings
        password = None if settings.password_file is None else settings.password_file.read_text(encoding="utf-8").strip()
        # Before there is a connection, which would be left open if there is no token.
        token = None if self._tokens is None else await self._token(self._tokens)
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.tls == "tls",
            start_tls=settings.tls == "starttls",
            tls_context=ssl.create_default_context(cafile=settings.ca_file) if settings.tls != "none" else None,
            username=settings.username,
            password=password,
            oauth_token_generator=None if token is None else _giving(token),
            local_hostname=settings.hostname,
            timeout=settings.connect_timeout,
        )
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError:
            if self._tokens is not None:
                self._tokens.forget()
            raise
        if not client.last_ehlo_response:
            await client.ehlo()
        client.timeout = settings.timeout
        self._client = client
        return client

    async def _token(self, tokens: Tokens) -> str:
        try:
            return await asyncio.to_thread(tokens.token)
        except NoToken as error:
            raise TemporaryFailure(str(error)) from error

    async def _envelope(self, client: aiosmtplib.SMTP, sender: str, recipient: str, mail: bytes) -> None:
        options = [f"SIZE={len(mail)}"] if client.supports_extension("size") else []
        utf8 = not (recipient.isascii() and mail.isascii())
        if utf8 and not client.supports_extension("smtputf8"):
            raise PermanentFailure("the relay cannot carry an address in this script (no SMTPUTF8)")
        if utf8:
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        address = postal_address(recipient)
        try:
            await self._command(client, " ".join([f"MAIL FROM:<{sender}>", *options]))
        except (PermanentFailure, OwnFault) as refused:
            if TOO_LARGE.search(str(refused)):
                raise
            # It speaks of us, not of the letter: all would be given up for what one setting mends.
            raise OwnFault(f"the relay refuses our reverse path <{sender}>: {refused}") from refused
        await self._command(client, f"RCPT TO:<{address}>")
        await self._command(client, "DATA", wanted=354)

    async def _command(self, client: aiosmtplib.SMTP, words: str, wanted: int = 250) -> None:
        code, said = await client.execute_command(words.encode())
        if code == wanted or (wanted == 250 and code == 251):  # noqa: PLR2004 - both mean "taken" (RFC 5321 section 4.2.3)
            return
        await self._refused(client, code, said)

    async def _refused(self, client: aiosmtplib.SMTP, code: int, said: str) -> None:
        if code == 421:  # noqa: PLR2004 - the relay closes the connection
            self._drop()
            raise _GoneError(f"the relay said {code} {said}")
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await client.rset(timeout=self._settings.connect_timeout)
        raise failure(code, said)

    async def _dot(self, client: aiosmtplib.SMTP) -> str:
        try:
            code, said = await client.execute_command(b".", timeout=self._settings.timeout_after_dot)
        except aiosmtplib.SMTPException as error:
            self._drop()
            raise UncertainOutcome(f"the link broke after the last byte: {error}") from error
        if not 200 <= code <= 299:  # noqa: PLR2004 - every yes there is (RFC 5321 section 4.2.1)
            if code == 421:  # noqa: PLR2004 - the relay closes the connection
                self._drop()
            raise failure(code, said)
        return f"{code} {said}"

    async def _all_but_the_dot(self, client: aiosmtplib.SMTP, mail: bytes) -> None:
        transport = client.transport
        if client.protocol is None or not isinstance(transport, asyncio.Transport):
            raise aiosmtplib.SMTPServerDisconnected("the connection was lost before the letter")
        client.protocol.write(_stuffed(mail))
        # As long as bytes wait on our side the dot has not gone out, and a loss is certain to be harmless.
        await asyncio.sleep(0)
        async with asyncio.timeout(self._settings.timeout):
            while client.is_connected and transport.get_write_buffer_size():  # noqa: ASYNC110 - the library wakes nobody
                await asyncio.sleep(GLANCE)
        if not client.is_connected:
            raise aiosmtplib.SMTPServerDisconnected("the connection was lost inside the letter")


class _GoneError(TemporaryFailure):
    """The relay closes this connection; another may do."""


def _giving(token: str) -> Callable[[], Awaitable[str]]:
    async def give() -> str:
        return token

    return give


def failure(code: int, said: str) -> DeliveryFailure:
    """Return what an answer other than yes means for the letter (RFC 5321 section 4.2.1)."""
    sentence = f"the relay said {code} {said}"
    if code in OUR_OWN_FAULT or NOT_OURS.search(said):
        return OwnFault(sentence)
    if not 500 <= code <= 599:  # noqa: PLR2004 - the permanent negative answers
        return TemporaryFailure(sentence)
    return PermanentFailure(sentence)


def _stuffed(mail: bytes) -> bytes:
    ended = mail if mail.endswith(b"\r\n") else mail + b"\r\n"
    stuffed = ended.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
