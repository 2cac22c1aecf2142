"""What the landlord's settings say of some senders: colleagues, forms that write for residents, and what the border takes for spam.

Colleagues pass on what residents told them (mail rule A12); a form of the landlord's has the resident in Reply-To (B3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from handlers.addresses import domain_of, folded, usable
from handlers.authenticity import Trust
from intake.message import Reading, Sender

BY_STAFF = "by-staff"
BORDER_SPAM = "border-spam"
KEPT_OF_FORMS = frozenset({"received", "x-loop"})
"""Headers of a form's mail that still count when it is weighed as the resident's: by all others it is a machine's, as it says."""
PASSED_ON = re.compile(
    r"^[ \t>]*\*?(?:From|Sender)\*?[ \t]*:[^\n<]{0,200}?<?(?:mailto:)?([^\s<>:,;]{1,64}@[^\s<>:,;\]]{1,190})", re.MULTILINE
)
LONGEST = 20_000
"""Characters of a mail in which the head of what it passes on is looked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Senders:
    """``staff_domains``: colleagues', and those below them. ``forms``: From addresses of web forms. ``spam_marks``: header and words.

    The border must take the headers of ``spam_marks`` out of what comes in: whoever writes one keeps only their own letter away.
    """

    staff_domains: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    spam_marks: tuple[tuple[str, str], ...] = ()

    def rule(self, reading: Reading) -> str | None:
        """Return why no machine answers a mail whose sender is no machine, or nothing."""
        if reading.chat is not None or reading.contact is not None or reading.channel_kind != "email":
            return None
        if self.is_staff(reading.sender.address):
            return BY_STAFF
        return BORDER_SPAM if self._is_spam(reading) else None

    def is_staff(self, address: str | None) -> bool:
        """Say whether an address is a colleague's."""
        domain = domain_of(address or "")
        return any(
            domain == ours or domain.endswith(f".{ours}") for ours in map(domain_of, (f"@{one}" for one in self.staff_domains))
        )

    def _is_spam(self, reading: Reading) -> bool:
        return any(
            words.casefold() in value.casefold()
            for name, words in self.spam_marks
            for value in reading.headers.get(name.lower(), ())
        )

    def of_form(self, reading: Reading, trust: Trust) -> Reading | None:
        """Return a form's mail as the resident's who filled it in, or nothing for every other mail.

        Only where our border found the form's own From authentic: else anybody could have us write to a third person.
        """
        wrote = reading.sender.address
        if trust != "authentic" or not wrote or folded(wrote) not in map(folded, self.forms):
            return None
        if len(reading.reply_to) != 1 or not usable(reading.reply_to[0].address) or self.is_staff(reading.reply_to[0].address):
            return None
        headers = {name: values for name, values in reading.headers.items() if name in KEPT_OF_FORMS}
        return replace(reading, sender=reading.reply_to[0], reply_to=(), headers=headers)


def original_sender(reading: Reading) -> Sender | None:
    """Return who wrote what a mail passes on: told to a person, believed by nobody."""
    if reading.enclosed:
        return reading.enclosed[0]
    found = PASSED_ON.search(reading.text[:LONGEST])
    return Sender(address=found[1].rstrip(".")) if found and usable(found[1]) else None
