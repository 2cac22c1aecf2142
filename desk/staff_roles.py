"""What a person may be at the desk: known to the pages, and to commands that show none."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is at the desk; one person may be several."""

    OFFICER = "officer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
