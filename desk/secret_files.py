"""Looks at the files that the settings name for secrets: there, readable, and nobody else's to read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_FILE = re.compile(r"_file$|_files\[\d+\]$")
PUBLIC = frozenset({"ca_file", "certificate_file"})
"""Files that hold no secret."""


def wrong_files(tree: Any, name: str = "") -> Iterator[str]:
    """Yield a sentence for each file of the settings, as plain values, that will not serve."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from wrong_files(value, f"{name}.{key}" if name else str(key))
    elif isinstance(tree, list):
        for number, value in enumerate(tree, 1):
            yield from wrong_files(value, f"{name}[{number}]")
    elif isinstance(tree, str) and _FILE.search(name) and (wrong := _wrong(name, Path(tree))):
        yield f"{name}: {wrong}"


def _wrong(name: str, path: Path) -> str | None:
    key = name.rpartition(".")[2]
    if key == "key_file" and "." not in name and not path.exists():
        return None  # the house's own key is made at the first start
    if not path.is_file():
        return f"there is no file {path}"
    if not os.access(path, os.R_OK):
        return f"{path} cannot be read by this user"
    if key not in PUBLIC and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        return f"{path} can be read by others: chmod 600"
    return None
