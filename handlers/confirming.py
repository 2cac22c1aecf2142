"""A person confirms the definition; where the landlord waits for that, the acknowledgement goes now (Code 5.6, 6.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from classifiers.taxonomy import Category
from handlers.case_acts import Act, Acts, Refused
from handlers.casework import Pages, letter_event
from handlers.circumstances import Surroundings
from handlers.complaint import decide as complaint
from handlers.correspondence import Addressee, Correspondence, Written
from handlers.course.people import require_person
from handlers.course.posting import Posting
from handlers.course.speaking import not_to_be_told
from handlers.course.stage2_acknowledging import acknowledge
from handlers.course.stages import record_of, worked
from handlers.defining import require, write
from handlers.definition import Definition, for_letter
from handlers.delivery import ACKNOWLEDGES
from handlers.relogging import put_letter
from handlers.remembering import decided, remembered
from handlers.rows import definition_of, due_of, task_row
from store.casefile import first_message, latest_verdicting, letter_kinds
from store.course_models import StageRecord
from store.marks import close_tasks
from store.models import Case, Deadline, Message, Stage

WHY = "a person confirmed the definition (Code 5.6)"
TASK = "confirm_definition"


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirming:
    """Confirms definitions, and writes the acknowledgement where none was written yet."""

    acts: Acts
    surroundings: Surroundings
    correspondence: Correspondence
    posting: Posting

    def confirm(self, case_id: int, by: str, version: int, definition: Definition | None = None, why: str = "") -> int:
        """Confirm the definition of this version, or a corrected one in the same act; no machine does."""
        require_person(by)
        with self.acts.on(case_id, by) as act:
            require(act, version)
            if definition is not None and definition != definition_of(act.case.definition):
                version = write(act, definition, why)
            elif act.case.defined_at is not None:
                raise Refused("It is confirmed already, and nothing was changed")
            confirmed = definition or definition_of(act.case.definition)
            close_tasks(act.unit, case_id, (TASK,), at=act.now, by=by, outcome=WHY)
            changed = {"defined_at": act.case.defined_at or act.now, "looked_at": act.now, "looked_by": by}
            act.unit.update(Case, case_id, **changed)
            self._at_its_stage(act)
            act.tell("definition_confirmed", WHY, version=version)
            return act.done(f"Definition confirmed.{self._acknowledge(act, confirmed) if confirmed else ''}")

    def _at_its_stage(self, act: Act) -> None:
        """Keep who confirmed it at which stage, and when: nobody does so at both (Code 6.13)."""
        stage = act.case.stage or Stage.ONE
        worked(act, stage, "confirmed the definition")
        record = record_of(act.unit, act.case_id, stage)
        if record is not None and record.defined_at is None:
            act.unit.update(StageRecord, record.id, defined_at=act.now)

    def _acknowledge(self, act: Act, definition: Definition) -> str:
        """Write the acknowledgement unless one stands on the case, sent or held back (mail rule A11); say what came of it."""
        if act.case.stage is Stage.TWO:
            record = record_of(act.unit, act.case_id, Stage.TWO)
            if record is None or record.letter_id is not None:
                return ""
            return f" {acknowledge(self.posting, act, self.acts.calendar).said}"
        first = first_message(act.unit, act.case_id)
        if first is None or act.case.acknowledged_at or ACKNOWLEDGES & letter_kinds(act.unit, act.case_id):
            return ""
        letter = self._letter(act, definition, first)
        if letter is None:
            return " No acknowledgement was sent, as it is in doubt who wrote to us: reach the resident another way."
        pages = Pages(now=act.now, by=act.by)
        put_letter(act.unit, letter.row, pages)
        pages.events.append(letter_event(act.case_id, letter.row, act.now, act.by))
        pages.tasks += [task_row(task, act.case.team, act.now, act.case_id, first.id) for task in letter.tasks]
        pages.write(act.unit)
        if letter.row["rule"]:
            return " The acknowledgement was held back: a task says why, and how to reach the resident."
        return " The acknowledgement is on its way."

    def _letter(self, act: Act, definition: Definition, first: Message) -> Written | None:
        """Return the acknowledgement of the definition as it stands, with the dates that stand on the case."""
        message = remembered(first, latest_verdicting(act.unit, first.id or 0))
        verdict = decided(message.verdict, Category.COMPLAINT, WHY, by=act.by)
        message = replace(message, verdict=verdict)
        situation = self.surroundings.look(act.unit, [message], act.now)
        circumstances = situation.circumstances_of(message, person=act.by)
        decision = complaint(message.reading, verdict, circumstances)
        if decision.letter not in ACKNOWLEDGES:
            return None
        standing = {row.rule: due_of(row) for row in act.unit.find(Deadline, case_id=act.case_id, superseded_at=None)}
        dues = tuple(standing.get(due.rule, due) for due in decision.deadlines)
        decision = replace(decision, definition=for_letter(definition), team=act.case.team, deadlines=dues)
        if (first.sender_address or "").lower() in not_to_be_told(act.unit, act.case_id) and act.case.definition_version:
            # What people wrote into it may be others' words: not for whoever speaks without authority (Code 3.6).
            decision = replace(decision, repeat_words=False)
        to = Addressee(case_id=act.case_id, reference=act.case.reference, message=message, manners=circumstances.manners)
        return self.correspondence.letter(to, decision, act.now)
