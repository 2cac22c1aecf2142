"""Small readers of structured header values; they take any text and never take long."""

from __future__ import annotations

from intake.message import Reading


def first(reading: Reading, name: str) -> str | None:
    """Return the topmost value of a header, or nothing."""
    values = reading.headers.get(name, ())
    return values[0] if values else None


def without_comments(value: str) -> str:
    """Return the value with its comments, nested ones too, made into blanks (RFC 5322 section 3.2.2)."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for character in value:
        if not escaped and not quoted and character == "(":
            depth += 1
        if depth == 0:
            kept.append(character)
        if escaped:
            escaped = False
            continue
        escaped = character == "\\"
        if depth == 0 and character == '"':
            quoted = not quoted
        elif depth and character == ")":
            depth -= 1
            kept.append(" " if depth == 0 else "")
    return "".join(kept)


def keyword(value: str) -> str:
    """Return the first word in small letters, without comments and parameters (RFC 3834 section 5)."""
    return without_comments(value).partition(";")[0].strip().casefold()
