"""Whoever answers our stage 1 answer hears at once that it is taken as a request for stage 2, and how to say otherwise (Code 6.10).

It is no acknowledgement of stage 2: that follows once stage 2 has begun, by the date which this letter names (Code 6.11).
"""

from __future__ import annotations

from dataclasses import replace

from classifiers.taxonomy import Category
from handlers.casework import Pages, letter_event
from handlers.circumstances import Situation
from handlers.correspondence import Addressee, Correspondence
from handlers.deadlines import acknowledge_by
from handlers.decision import Decision, LetterKind
from handlers.rows import task_row
from handlers.understanding import Understood
from store.models import Case

KIND: LetterKind = "stage2_asked"


def tell_of_stage2(case: Case, message: Understood, situation: Situation, pages: Pages, correspondence: Correspondence) -> None:
    """Write that letter to whoever wrote the mail; a chat shows what happens, and whoever logs a contact says it."""
    if message.reading.chat is not None or message.reading.contact is not None:
        return
    manners, case_id = situation.circumstances_of(message).manners, case.id or 0
    due = acknowledge_by(message.arrival.received_at, 2, situation.surroundings.calendar)
    decision = Decision(
        status="open",
        category=Category.COMPLAINT,
        team=case.team,
        letter=KIND,
        stage=1,
        # Letters know the date of an acknowledgement by the rule of the first.
        deadlines=(replace(due, rule="acknowledge_1"),),
    )
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
