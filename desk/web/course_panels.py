"""The panels of the case page, joined: what it shows of a complaint's course and of its resident, each part in a file of its own."""

from __future__ import annotations

from desk.web import (
    panel_answers,
    panel_handover,
    panel_hazards,
    panel_people,
    panel_refusals,
    panel_stage2,
    panel_time,
    panel_who,
)
from desk.web.case_panels import Panel, PanelOf, Seen

PANELS: tuple[PanelOf, ...] = (
    panel_people.panel,
    panel_hazards.panel,
    panel_handover.panel,
    panel_who.who,
    panel_time.panel,
    panel_answers.panel,
    panel_stage2.panel,
    panel_refusals.panel,
)
"""In the order in which they stand on the page: what was agreed with the resident comes first."""


def panels(seen: Seen) -> list[Panel]:
    """Return the panels that have something to say about a case."""
    return [panel for of in PANELS if (panel := of(seen)) is not None]
