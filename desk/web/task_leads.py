"""Where the work of a task is done: tasks that an act of the case answers lead to it, from the case and from the review card."""

from __future__ import annotations

from dataclasses import dataclass

from store.models import Task


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """An act of the case that answers a task, in words; ``with_message`` carries along which message the task is about."""

    words: str
    act: str = ""
    part: str = "#panel-people"
    with_message: bool = False

    def address(self, reference: str, task: Task) -> str:
        """Return the address that the task leads to: a form, or the part of the case page where what to do is chosen."""
        if not self.act:
            return f"/cases/{reference}{self.part}"
        asked = f"?message={task.message_id}" if self.with_message and task.message_id else ""
        return f"/cases/{reference}/acts/{self.act}{asked}"


LEADS: dict[str, Lead] = {
    "adjustment": Lead(act="adjust", words="Keep what was agreed", with_message=True),
    "adjustment_review": Lead(words="Choose the adjustment to look at again"),
    "restriction_proposed": Lead(words="Choose the restriction to check"),
    "restriction_review": Lead(words="Choose the restriction to review"),
    "letter_by_hand": Lead(words="Print it, or say when and how it went", part="?show=letters"),
    "stage2_request": Lead(act="stage2", words="Begin stage 2", with_message=True),
    "stage2": Lead(act="stage2", words="Begin stage 2", with_message=True),
    "give_stage2": Lead(act="officer", words="Give the complaint to somebody"),
    "contribution": Lead(words="Say that your part is right", part="#panel-stage2"),
    "action_late": Lead(words="Say that it is done, or give it another day", part="#panel-answer"),
    "action_late_still": Lead(words="Say that it is done, or give it another day", part="#panel-answer"),
    "remedy_approval": Lead(words="Choose the remedy to approve", part="#panel-answer"),
    "handover_check": Lead(words="Say what you found", part="#panel-handover"),
    "handover_news": Lead(words="Read what they said", part="#panel-handover"),
    "handover_tell": Lead(words="See what they were told", part="#panel-handover"),
    "handover_silent": Lead(words="Say what they told you", part="#panel-handover"),
    "handover_by_hand": Lead(act="hand-over", words="Say what is missing, and hand it over"),
    "call_resident": Lead(act="rang", words="Say what came of the call"),
}
"""By the kind of task."""
