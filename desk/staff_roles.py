"""What a person may be at the desk: known to the pages, and to commands that show none."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is at the desk; one person may be several.

    A liaison works on cases as an officer does, and gets what an ombudsman tells us to do (Code 4.1). A Building Safety Manager
    passes on what residents tell them, and opens no case (policy 8.2.1).
    """

    OFFICER = "officer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    LIAISON = "liaison"
    BUILDING_SAFETY = "building_safety"
