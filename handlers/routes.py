"""From verdict to decision: one row a category, and doubt before all of them."""

from __future__ import annotations

from classifiers.taxonomy import Category
from classifiers.verdict import Verdict
from handlers.asb_report import decide as asb_report
from handlers.complaint import decide as complaint
from handlers.decision import Circumstances, Decision, Handler
from handlers.doubt import decide as doubt
from handlers.not_read import why_not_read
from handlers.out_of_scope import decide as out_of_scope
from handlers.service_request import decide as service_request
from intake.message import Reading

HANDLERS: dict[Category, Handler] = {
    Category.COMPLAINT: complaint,
    Category.ASB_REPORT: asb_report,
    Category.SERVICE_REQUEST: service_request,
    Category.OUT_OF_SCOPE: out_of_scope,
}


def route(reading: Reading, verdict: Verdict | None, circumstances: Circumstances) -> Decision:
    """Decide about one message that opens a case.

    No verdict (the classifier is down, or nothing could be read), one on a part of the words and an unsure one go the same
    way: a receipt, a place in the triage queue and the complaint's clock running, for doubt counts for the resident (design section 2, 5).
    """
    if circumstances.decided_by_person is None and (unread := why_not_read(reading)) is not None:
        return doubt(reading, verdict, circumstances, unread)
    if verdict is None or (verdict.route == "triage" and circumstances.decided_by_person is None):
        return doubt(reading, verdict, circumstances)
    return HANDLERS[verdict.category](reading, verdict, circumstances)
