"""What people do on a review card: decide, finish, take, give, undo; each is kept before the answer goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from desk.web import review_bulk
from desk.web.access import NOT_FOUND, open_case_id, open_message, open_task
from desk.web.review import show_task
from desk.web.review_card import card_of
from desk.web.review_conflict import CONFLICT, conflict
from desk.web.review_here import AtWork, TheWorker
from desk.web.review_places import asked_before, back, onwards
from desk.web.review_sending import Sent, decide
from desk.web.row_ids import RowId
from handlers import possible_replies, quarantine, same_case, task_acts
from handlers.case_acts import Acts, Refused
from handlers.same_matter import offered_case
from handlers.undoing import TOGETHER, CannotUndo
from store.act_rows import open_tasks_of
from store.desk_models import StaffAct
from store.models import Task

TYPED = {"outcome": "outcome", "discarding": "reason", "joining_why": "why", "joining_role": "role"}
"""What stays typed on a card that refuses, and the field of the form in which it was."""
router = APIRouter()
router.include_router(review_bulk.router)


@dataclass(frozen=True, kw_only=True, slots=True)
class AtTask:
    """A person at work on a task that is open to them."""

    at: AtWork
    task: Task

    @property
    def acts(self) -> Acts:
        """What acts are done with."""
        return self.at.desk.house.acts

    @property
    def id(self) -> int:
        """The task's number."""
        return self.task.id or 0

    @property
    def by(self) -> str:
        """Who acts."""
        return self.at.person.username

    @property
    def was(self) -> str | None:
        """Who had the task when the person looked, if the form says so."""
        return self.at.typed.line("was") if "was" in self.at.typed.data else None


def _at_task(at: TheWorker, task_id: RowId) -> AtTask:
    return AtTask(at=at, task=open_task(at.desk, at.person, task_id))


TheTask = Annotated[AtTask, Depends(_at_task)]
"""A route's parameter: a person at the task of the address."""


@router.post("/tasks/{task_id}/decide")  # noqa: FAST003  # what stands before the act takes the number
def decide_task(this: TheTask) -> Response:
    """Decide what the task's message is, and go on to the next task."""
    if this.task.message_id is None:
        raise NOT_FOUND
    message = open_message(this.at.desk, this.at.person, this.task.message_id)
    return decide(Sent(at=this.at, message=message, task=this.task))


@router.post("/messages/{message_id}/decide")
def decide_message(at: TheWorker, message_id: RowId) -> Response:
    """Put right what a message is, at any time; then on to where the form says, else to the case."""
    return decide(Sent(at=at, message=open_message(at.desk, at.person, message_id), task=None))


@router.post("/tasks/{task_id}/done")  # noqa: FAST003
def done(this: TheTask) -> Response:
    """Finish a task with its outcome."""
    return _act(this, lambda: task_acts.done(this.acts, this.id, this.by, this.at.typed.line("outcome"), hold=this.at.hold))


@router.post("/tasks/{task_id}/take")  # noqa: FAST003
def take(this: TheTask) -> Response:
    """Take a task."""
    return _act(this, lambda: task_acts.take(this.acts, this.id, this.by, was=this.was, hold=this.at.hold), stay=True)


@router.post("/tasks/{task_id}/assign")  # noqa: FAST003
def assign(this: TheTask) -> Response:
    """Give a task to a colleague, or with it the whole case."""
    to, whole = this.at.typed.line("officer"), this.at.typed.line("whole_case") == "yes"
    told: dict[str, Any] = {"was": this.was, "whole_case": whole, "hold": this.at.hold}
    return _act(this, lambda: task_acts.give(this.acts, this.id, to, this.by, **told))


@router.post("/tasks/{task_id}/read-again")  # noqa: FAST003
def read_again(this: TheTask) -> Response:
    """Have a message that could not be read read again."""
    answer = _act(this, lambda: quarantine.read_again(this.acts, this.id, this.by))
    this.at.desk.house.woken()
    return answer


@router.post("/tasks/{task_id}/discard")  # noqa: FAST003
def discard(this: TheTask) -> Response:
    """Put aside a message that could not be read, for a reason."""
    why = this.at.typed.text("reason")
    return _act(this, lambda: quarantine.discard(this.acts, this.id, this.by, why, hold=this.at.hold))


@router.post("/tasks/{task_id}/join")  # noqa: FAST003
def join(this: TheTask) -> Response:
    """Join a possible reply to the case that it names, which must be open to the person."""
    if this.task.case_id is not None:
        own = open_case_id(this.at.desk, this.at.person, this.task.case_id).case
        open_case_id(this.at.desk, this.at.person, own.related_case_id or 0)
    role = this.at.typed.line("role") or None
    return _act(this, lambda: possible_replies.join(this.acts, this.id, this.by, role))


@router.post("/tasks/{task_id}/apart")  # noqa: FAST003
def apart(this: TheTask) -> Response:
    """Keep a possible reply as a case of its own."""
    return _act(this, lambda: possible_replies.keep_apart(this.acts, this.id, this.by, hold=this.at.hold))


@router.post("/tasks/{task_id}/own-case")  # noqa: FAST003
def own_case(this: TheTask) -> Response:
    """Log a reply that is a matter of its own as a case of its own."""
    return _act(this, lambda: this.at.desk.house.logging_apart.log(this.id, this.by, this.at.typed.line("category")))


@router.post("/tasks/{task_id}/same")  # noqa: FAST003
def same(this: TheTask) -> Response:
    """Join a case to the earlier one of the same matter, which must be open to the person."""
    with this.at.desk.glance() as glance:
        other = offered_case(glance, this.task.case_id or 0)
    open_case_id(this.at.desk, this.at.person, other or 0)
    role, why, letter = this.at.typed.line("role") or None, this.at.typed.text("why"), this.at.desk.house.joined_letter
    return _act(this, lambda: same_case.join(this.acts, this.id, this.by, role, why=why, letter=letter))


@router.post("/tasks/{task_id}/not-same")  # noqa: FAST003
def not_same(this: TheTask) -> Response:
    """Keep a case apart from the one that may be the same matter."""
    return _act(this, lambda: same_case.keep_apart(this.acts, this.id, this.by, hold=this.at.hold))


@router.post("/acts/{act_id}/undo")
def undo(at: TheWorker, act_id: RowId) -> Response:
    """Put back what the person just did, with all that was done together with it, and show it again."""
    undoing, by = at.desk.house.undoing, at.person.username
    with at.desk.glance() as glance:
        act = glance.get(StaffAct, act_id)
    try:
        if act is not None and act.before.get(TOGETHER):
            return back(f"/queue?{asked_before(at.request).string(after=None)}", undoing.undo_all(act_id, by), "/queue")
        undone = undoing.undo(act_id, by)
    except CannotUndo as error:
        return at.desk.pages.page(at.request, "problem.html", status=CONFLICT, title="This was not undone", detail=str(error))
    return back(_again(at, act), undone.act_id, f"/cases/{undone.reference}")


def _again(at: AtWork, act: StaffAct | None) -> str:
    """Return the address of the card that asks again what the undone act had answered; empty where none does."""
    changed = act.before.get("tasks", {}) if act is not None else {}
    with at.desk.glance() as glance:
        tasks = open_tasks_of(glance, act.case_id, act.message_id) if act is not None and changed else []
    again = next((task for task in tasks if str(task.id) in changed), None)
    return f"/tasks/{again.id}?{asked_before(at.request).string(after=None)}" if again else ""


def _act(this: AtTask, act: Callable[[], int | None], *, stay: bool = False) -> Response:
    """Do an act and go on: to where the form says, else to the next task; what is refused is said on the card."""
    at = this.at
    try:
        number = act()
    except task_acts.Closed as error:
        return conflict(at, card_of(at.desk, at.person, error.task, None), error.task)
    except Refused as error:
        typed = {name: at.typed.text(field) for name, field in TYPED.items()}
        return show_task(at, this.task, errors={error.field or "task-acts": str(error)}, status=422, **typed)
    if at.typed.line("back"):
        return back(at.typed.line("back"), number, "/queue")
    if stay:
        return back(f"/tasks/{this.id}?{at.asked.string(after=None)}", number, "/queue")
    return onwards(at.asked, this.task, number)
