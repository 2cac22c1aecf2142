"""aiosmtpd's hooks for the commands that need the door's say; their names and arguments are aiosmtpd's."""
# ruff: noqa: N802, ARG002 - the names and unused arguments are the library's

from __future__ import annotations

import logging
from typing import Protocol

from aiosmtpd.smtp import SMTP, Envelope, Session, TLSSetupException

from intake.smtp_door import answers

log = logging.getLogger(__name__)


class Judge(Protocol):
    """Who decides what is taken."""

    def may_begin(self) -> str | None:
        """Return why no mail can be taken at all now, as an answer, or ``None``."""
        ...

    def may_receive(self, address: str, already: int) -> str | None:
        """Return why this recipient is not taken, as an answer, or ``None``."""
        ...


class Hooks:
    """aiosmtpd's hooks for the commands that need our say."""

    def __init__(self, judge: Judge) -> None:
        """Ask this judge."""
        self._judge = judge

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[bytes]:
        """Announce what there is: PIPELINING and ENHANCEDSTATUSCODES, but neither AUTH nor HELP."""
        session.host_name = hostname
        kept = [line[4:] for line in lines if not line[4:].startswith(("AUTH", "HELP"))]
        said = [*kept, "PIPELINING", "ENHANCEDSTATUSCODES"]
        return [f"250{' ' if line is said[-1] else '-'}{line}".encode("ascii") for line in said]

    async def handle_HELO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str) -> bytes:
        """Answer a client of the old kind."""
        session.host_name = hostname
        return f"250 {server.hostname}".encode("ascii")

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Take the reverse path, unless no mail can be kept now."""
        refusal = self._judge.may_begin()
        if refusal is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return refusal or answers.SENDER_OK

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Take a recipient that is served."""
        refusal = self._judge.may_receive(address, len(envelope.rcpt_tos))
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or answers.RECIPIENT_OK

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Forget the mail begun."""
        return answers.OK

    async def handle_NOOP(self, server: SMTP, session: Session, envelope: Envelope, argument: str) -> str:
        """Show that the door lives."""
        return answers.OK

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Say goodbye."""
        return answers.BYE

    async def handle_exception(self, error: Exception) -> str:
        """Turn a fault of ours into "not now", without a word of its detail."""
        if isinstance(error, TLSSetupException):
            log.info("a client began TLS and could not finish it")  # every scanner does
        else:
            log.error("fault in an SMTP conversation", exc_info=error)
        return answers.TRY_LATER
