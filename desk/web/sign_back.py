"""Where to go after a sign-in: back to the page that was asked for, and never to another site."""

from __future__ import annotations

from urllib.parse import urlsplit

from desk.web.rights import LOGGERS, READERS, WORKERS, Role

NEVER = ("/sign-in", "/sign-out")
LONGEST = 2000


def own_path(text: str) -> str | None:
    r"""Return the text where it is the path of a page of ours, or None.

    Browsers take ``//host``, ``/\host`` and such with tabs or line breaks inside for other sites (WHATWG URL 4.4).
    """
    if not text.startswith("/") or text.startswith("//") or len(text) > LONGEST:
        return None
    if "\\" in text or any(character.isspace() or not character.isprintable() for character in text):
        return None
    parts = urlsplit(text)
    return None if parts.scheme or parts.netloc or parts.path.startswith(NEVER) else text


def landing(roles: frozenset[Role], back: str) -> str:
    """Return where somebody with these roles goes first: back, or to their work."""
    if not roles.isdisjoint(READERS):
        return own_path(back) or ("/" if not roles.isdisjoint(WORKERS) else "/queue")
    return own_path(back) or ("/contacts/new" if not roles.isdisjoint(LOGGERS) else "/users")


def with_word(address: str, told: str) -> str:
    """Return the address of a page that also says this, by its code in ``notices.TOLD``."""
    return f"{address}{'&' if '?' in address else '?'}told={told}"
