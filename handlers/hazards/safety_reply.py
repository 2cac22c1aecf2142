"""A reply that tells of an emergency is answered at once with what to do: to whom to phone, and that it came in.

A message that opens a case has that in its own letter; one that joins a case would else be answered by nobody until a person reads it.
"""

from __future__ import annotations

from classifiers.taxonomy import Flag
from handlers.casework import Pages, letter_event
from handlers.circumstances import Situation
from handlers.correspondence import Addressee, Correspondence
from handlers.decision import Decision
from handlers.rows import task_row
from handlers.understanding import Understood
from store.models import Case


def tell_to_phone(case: Case, message: Understood, situation: Situation, pages: Pages, correspondence: Correspondence) -> None:
    """Write the receipt with its warning to whoever wrote, unless another letter answers this very message already."""
    verdict, case_id = message.verdict, case.id or 0
    if verdict is None or Flag.EMERGENCY not in verdict.flags:
        return
    if any(row["message_id"] == message.arrival.id for row in pages.letters):
        return
    manners = situation.circumstances_of(message).manners
    decision = Decision(status="open", category=case.category, team=case.team, letter="receipt")
    to = Addressee(case_id=case_id, reference=case.reference, message=message, manners=manners)
    letter = correspondence.letter(to, decision, pages.now)
    if letter is None:
        return
    pages.letters.append(letter.row)
    pages.questions += letter.questions
    pages.events.append(letter_event(case_id, letter.row, pages.now))
    pages.tasks += [task_row(task, case.team, pages.now, case_id, message.arrival.id) for task in letter.tasks]
    if manners.answer:
        situation.will_answer(message)
