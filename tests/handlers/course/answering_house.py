"""A complaint that is ready to be answered, and what the tests about answers do with it: write, look, issue, promise."""

from __future__ import annotations

from datetime import date

from timing import complaint, one

from desks import add_person
from handlers.course.actions import Agreement
from handlers.course.answer_checks import NO_INTEREST
from handlers.course.answer_points import Said
from handlers.course.answers import Drafted, issue_answer, preview_answer, save_answer
from handlers.course.remedies import Offer, offer_remedy
from handlers.definition import Definition, Point
from store.course_models import Answer
from store.models import Case

TWO = Definition(
    points=(
        Point(words="The lift has been broken for three weeks.", responsibility="ours"),
        Point(words="Nobody tells us anything.", responsibility="ours"),
    ),
    outcomes=("Mend the lift.",),
)
REASON = "You told us on 2 November. We sent nobody until 20 November."
SORRY = Offer(kind="apology", what="We are sorry that you had to walk.", impact="she walked up five floors for three weeks")


def staffed(house):
    """Add an officer, another, a manager and a second manager."""
    add_person(house, "olive", "officer")
    add_person(house, "ben", "officer")
    add_person(house, "mona", "manager")
    add_person(house, "max", "manager")
    return house


def defined(house, definition=TWO, by="olive"):
    """Let a complaint come in and its definition be confirmed; return the case."""
    case = complaint(house)
    house.confirming.confirm(case.id, by, case.definition_version, definition, "two points")
    return one(house, Case, id=case.id)


def said(finding="upheld", reasons=REASON, reference="Our lifts policy, part 4"):
    return Said(finding=finding, reasons=reasons, reference=reference)


def drafted(points=(1, 2), **changes):
    """Return a whole answer, with some of it changed."""
    told = {
        "said": {number: said() for number in points},
        "decision": "We took too long to mend the lift, and we did not keep you informed.",
        "declared": NO_INTEREST,
        "evidence": ("The lift engineer's log", "Your message"),
        "account": "She wrote on 2 November, and we spoke on 10 November.",
    }
    return Drafted(**(told | changes))


def save(house, case, by="olive", what=None, version=0):
    """Save an answer to the definition as it stands."""
    now = one(house, Case, id=case.id)
    return save_answer(house.course, case.id, by, what or drafted(), version=version, defined=now.definition_version)


def issue(house, case, by="olive", **changes):
    """Look at the answer and issue it."""
    seen = preview_answer(house.course, case.id, by)
    told = {"version": seen.answer.version, "seal": seen.seal, "no_interest": True}
    return issue_answer(house.course, case.id, by, **(told | changes))


def ready(house, by="olive"):
    """Return a case with a whole answer that can be issued."""
    case = defined(house, by=by)
    save(house, case, by)
    offer_remedy(house.course, case.id, by, SORRY)
    return case


def answer_of(house, case, stage="1"):
    return one(house, Answer, case_id=case.id, stage=stage)


AGREED = Agreement(agreed=True, how="by telephone on 20 November")
NOT_AGREED = Agreement(agreed=False, how="she wanted it sooner")
SOON = date(2026, 12, 4)
