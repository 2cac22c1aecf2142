"""Takes pictures out of html that holds them as letters (``data:`` addresses, RFC 2397): they are files like any other.

A screenshot of the damp that was pasted into the words is evidence (mail rule H4), and no page of ours shows such an address.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from intake.kept import Sorted
from intake.transfer import base64_bytes

MOST = 50
LARGEST = 20_000_000
"""Bytes of letters of one picture."""
_PICTURE = re.compile(rb"(?i)data:image/([a-z0-9.+-]{1,40})(?:;[a-z]+=[\w.-]{1,40}){0,3}+;base64,([A-Za-z0-9+/=_%\s-]{8,})")
_ENDINGS = {"jpeg": "jpg", "svg+xml": "svg", "x-icon": "ico", "vnd.microsoft.icon": "ico"}
_KIND = re.compile(r"[a-z0-9]{1,10}")


def without_pictures(html: bytes, found: Sorted) -> bytes:
    """Return the html with the address of a kept file, ``cid:picture-1``, in place of each picture."""
    # A search for plain letters costs nothing where there is no picture.
    if b";base64," not in html and b";BASE64," not in html:
        return html
    number = 0

    def kept(picture: re.Match[bytes]) -> bytes:
        nonlocal number
        data = base64_bytes(unquote_to_bytes(picture[2]).replace(b"-", b"+").replace(b"_", b"/"))
        if number >= MOST or len(picture[2]) > LARGEST or not data or not found.takes(len(data)):
            found.problems.append("pictures_left_out")
            return b"cid:"
        number += 1
        kind = picture[1].decode().lower()
        ending = _ENDINGS.get(kind, kind)
        name = f"picture-{len(found.files) + 1}.{ending if _KIND.fullmatch(ending) else 'bin'}"
        found.keep(name, f"image/{kind}", data, cid=f"picture-{number}")
        return b"cid:picture-%d" % number

    return _PICTURE.sub(kept, html)
