"""Large providers of mailboxes: where most residents are, and where no machine gets a new address for every letter."""

from __future__ import annotations

import re

from handlers.addresses import domain_of
from intake.identity import identity_of

NAMES = frozenset({"aol", "gmx", "hotmail", "live", "msn", "outlook", "yahoo", "ymail", "rocketmail"})
"""What stands first in a domain of those who have one in every country: ``hotmail.co.uk``."""
DOMAINS = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "mail.com",
        "email.com",
        "fastmail.com",
        "proton.me",
        "pm.me",
        "protonmail.com",
        "tuta.com",
        "tutanota.com",
        "zoho.com",
        "btinternet.com",
        "btopenworld.com",
        "talk21.com",
        "sky.com",
        "talktalk.net",
        "tiscali.co.uk",
        "lineone.net",
        "virginmedia.com",
        "virgin.net",
        "ntlworld.com",
        "blueyonder.co.uk",
        "plus.com",
        "o2.co.uk",
        "ee.co.uk",
        "orange.net",
        "wanadoo.co.uk",
        "freeserve.co.uk",
        "web.de",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "interia.pl",
        "abv.bg",
        "libero.it",
        "seznam.cz",
        "mail.ru",
        "qq.com",
        "163.com",
        "rediffmail.com",
    }
)
ENDINGS = re.compile(r"com|net|[a-z]{2}|com?\.[a-z]{2}")
"""What stands after such a name: ``.com``, ``.fr``, ``.co.uk``."""


def is_provided(address: str | None) -> bool:
    """Say whether an address is at a large provider; whoever writes by chat has no domain, and counts as being at one."""
    if identity_of(address) is not None:
        return True
    domain = domain_of(address or "")
    name, _, endings = domain.partition(".")
    return domain in DOMAINS or (name in NAMES and ENDINGS.fullmatch(endings) is not None)
