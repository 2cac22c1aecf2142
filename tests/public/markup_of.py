"""The desk's own rules of sound markup, for answers of the public door."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "pages"))

from crawl import Answer
from markup import faults


def faults_of(response, address: str = "") -> list[str]:
    """Return a sentence for everything that is wrong with the markup of a page."""
    kind = response.headers.get("content-type", "")
    return list(faults(Answer(address=address, route=address, status=response.status_code, kind=kind, text=response.text)))
