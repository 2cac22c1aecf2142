"""What Notify is asked: to take a letter, whether it has one, what became of it, and how our template looks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from intake.channel import PermanentFailure, Reply, Sent, UncertainOutcome
from intake.notify.calls import Calls, Json, all_of
from intake.notify.outcomes import NeedsMending, Refused
from intake.notify.receipts import reference_of
from intake.notify.settings import Settings
from intake.notify.template import trouble_with
from intake.notify.words import SANITISED, personalisation


class Line:
    """Speaks with one service at Notify."""

    def __init__(self, settings: Settings) -> None:
        """Say nothing yet."""
        self._settings = settings
        self._calls = Calls(settings)

    async def hand_over(self, reply: Reply) -> Sent:
        """Send the letter once; raise a ``DeliveryFailure``."""
        filled, settings = personalisation(reply), self._settings

        def job(client: NotificationsAPIClient) -> Any:
            return client.send_email_notification(
                email_address=reply.recipient,
                template_id=str(settings.template_id),
                personalisation=filled,
                reference=reference_of(reply.message_id),
                email_reply_to_id=str(settings.reply_to_id) if settings.reply_to_id else None,
                sanitise_content_for=list(SANITISED),
            )

        try:
            return _sent(all_of(await self._calls.call(job)))
        except Refused as failure:
            await self._whose_fault(failure)
            raise

    async def found(self, reply: Reply) -> Sent | None:
        """Say whether Notify has the letter already; raise a ``DeliveryFailure`` where it cannot be asked."""
        reference = reference_of(reply.message_id)
        answer = await self._calls.call(lambda client: client.get_all_notifications(reference=reference))
        listed = all_of(answer).get("notifications")
        theirs = reply.recipient.lower()
        known = [one for one in listed if _is(one, reference, theirs)] if isinstance(listed, list) else []
        return _sent(known[0], "found to have taken it") if known else None

    async def state_of(self, provider_id: str) -> Json | None:
        """Return what Notify says of a letter; None where it knows it no longer (it keeps letters for seven days)."""

        def job(client: NotificationsAPIClient) -> Any:
            try:
                return client.get_notification_by_id(provider_id)
            except HTTPError as error:
                if error.status_code == HTTPStatus.NOT_FOUND:
                    return None
                raise

        answer = await self._calls.call(job)
        return None if answer is None else all_of(answer)

    async def trouble(self) -> str | None:
        """Look at the template, by which key and template are tried at once; return what must be mended, or None."""
        try:
            template = await self._calls.call(lambda client: client.get_template(str(self._settings.template_id)))
        except NeedsMending as failure:
            return str(failure)
        except PermanentFailure:
            return "the template cannot be seen: look at template_id"
        return trouble_with(all_of(template))

    def close(self) -> None:
        """Begin nothing more."""
        self._calls.close()

    async def _whose_fault(self, failure: Refused) -> None:
        # The same status is given for an address that cannot be and for a template that is gone: a look at it tells which.
        trouble = await self.trouble()
        if trouble is not None:
            raise NeedsMending(f"{failure}: {trouble}") from failure


def _is(one: object, reference: str, recipient: str) -> bool:
    if not isinstance(one, dict) or one.get("reference") != reference:
        return False
    # The same letter may have gone to somebody else before it was sent this way.
    return str(one.get("email_address", recipient)).lower() == recipient


def _sent(answer: Json, how: str = "took it") -> Sent:
    name, told = answer.get("id"), answer.get("template")
    if not isinstance(name, str) or not name:
        raise UncertainOutcome("GOV.UK Notify answered without an id for the letter")
    template: Json = told if isinstance(told, dict) else {}
    made_by = f"template {template.get('id')} version {template.get('version')}"
    return Sent(answer=f"GOV.UK Notify {how}: {name}, {made_by}"[:300], provider_id=name)
