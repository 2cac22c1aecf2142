"""The settings about mail: which addresses we are, whose word about senders counts, and where answers come to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import Field

from desk.places import Strict

NO_BORDER = (
    "mail.trusted_authservs is empty: nobody says whose a mail is. Residents who answer our letters are known by these; whoever "
    "answers their own mail, or gives a reference, waits for a person, and forged senders are answered like any other"
)
NO_HOSTS = (
    "mail.border_hosts is empty: results of a border that stand below another Received are not believed. Name a filter in front of "
    "Postfix, and every relay of yours behind the one that checks senders"
)
NO_HOSTS_BY_IMAP = (
    "mail.border_hosts is empty: a mail store puts its own Received above the border's results, and these are then not believed. "
    'Name it, such as ".outlook.com"'
)
DOMAIN = r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"


class MailSettings(Strict):
    """The addresses that we are: our letters come from ``from_address`` and mail from any of these is our own."""

    from_address: str
    from_name: str
    own_addresses: tuple[str, ...] = ()
    trusted_authservs: tuple[str, ...] = ()
    border_hosts: tuple[str, ...] = ()
    message_id_domain: str | None = None
    reply_domain: Annotated[str, Field(pattern=DOMAIN)] | None = None
    staff_domains: tuple[Annotated[str, Field(pattern=DOMAIN)], ...] = ()
    forms: tuple[str, ...] = ()
    """From addresses of the landlord's own web forms, whose Reply-To is the resident."""
    spam_marks: dict[str, str] = Field(default_factory=dict)
    """Headers by which the border says that it takes a mail for spam, and the words in them."""
    bounces_of_machines: bool = False
    """Whether letters of machines have a reverse path of their own on ``reply_domain``, as letters of people always have there."""

    @property
    def domain(self) -> str:
        """Return the right-hand side of our Message-IDs, by default a name that no other service of the landlord has."""
        if self.message_id_domain:
            return self.message_id_domain
        mark = hashlib.sha256(self.from_address.strip().lower().encode()).hexdigest()[:6]
        return f"letters-{mark}.{self.from_address.rpartition('@')[2]}"


def notices_about(mail: MailSettings, kinds: Iterable[str]) -> Iterator[str]:
    """Yield what follows for residents from settings that are right but leave something out; ``kinds`` are those of the doors."""
    doors = sorted({"smtp", "imap"}.intersection(kinds))
    if not doors:
        return
    if not mail.trusted_authservs:
        yield NO_BORDER
    elif not mail.border_hosts:
        yield NO_HOSTS_BY_IMAP if "imap" in doors else NO_HOSTS


def check_answers_come_in(mail: MailSettings, doors: Iterable[Any]) -> None:
    """Refuse (``ValueError``) a domain for answers that holds other addresses too, or whose mail one of these doors refuses."""
    domain = (mail.reply_domain or "").lower()
    if domain in {address.rpartition("@")[2].lower() for address in (mail.from_address, *mail.own_addresses)}:
        raise ValueError(f"mail.reply_domain: {domain!r} has other addresses too: give answers a domain of their own")
    for door in doors if domain else ():
        if door.recipients is not None and domain not in {name.strip().lstrip("@").lower() for name in door.recipients}:
            raise ValueError(f"mail.reply_domain: the door {door.account!r} refuses it: add {domain!r} to its recipients")
