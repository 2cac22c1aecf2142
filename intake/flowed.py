"""Joins the soft line ends of format=flowed (RFC 3676) and brings line ends to one form."""

from __future__ import annotations


def one_form(text: str) -> str:
    """Return the text with LF alone at line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def unflowed(text: str, *, delete_space: bool) -> str:
    """Join each line that ends in a blank with the next of the same quote depth; text uses LF."""
    done: list[list[str]] = []
    depth_before = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ") if depth or line.startswith(" ") else line
        flows = words.endswith(" ") and words != "-- "
        rest = words[:-1] if flows and delete_space else words
        if depth == depth_before and words != "-- ":
            done[-1].append(rest)
        else:
            done.append([">" * depth + (" " if depth and rest else ""), rest])
        depth_before = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in done)
