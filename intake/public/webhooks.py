"""Where platforms tell of messages: the raw body goes to the account's webhook, and its answer back, with nothing between."""

from __future__ import annotations

import logging

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from intake.channel import InboxUnavailable, Webhook, WebhookAnswer, WebhookRequest
from intake.public.door import TheDoor

router = APIRouter()
log = logging.getLogger(__name__)
NOT_FOUND, TOO_LARGE, NOT_NOW = 404, 413, 503


@router.get("/hooks/{account}")
async def challenge(request: Request, door: TheDoor, account: str) -> Response:
    """Answer a platform that asks whether this address is ours."""
    return await _answer(request, door.webhooks.get(account), b"")


@router.post("/hooks/{account}")
async def tell(request: Request, door: TheDoor, account: str) -> Response:
    """Take in what a platform tells; 200 says that it is kept."""
    hook = door.webhooks.get(account)
    if hook is None:
        raise HTTPException(NOT_FOUND)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > door.limits.webhook_bytes:
            log.warning("a webhook was told more than it takes", extra={"account": account})
            return PlainTextResponse("too large\n", TOO_LARGE)
    return await _answer(request, hook, bytes(body))


async def _answer(request: Request, hook: Webhook | None, body: bytes) -> Response:
    if hook is None:
        raise HTTPException(NOT_FOUND)
    told = WebhookRequest(
        method="POST" if request.method == "POST" else "GET",
        query=tuple(request.query_params.multi_items()),
        headers=tuple(request.headers.items()),
        body=body,
    )
    answer = await run_in_threadpool(_asked, hook, told)
    return Response(answer.body, answer.status, media_type=answer.media_type)


def _asked(hook: Webhook, told: WebhookRequest) -> WebhookAnswer:
    try:
        return hook.answer(told)
    except InboxUnavailable:
        log.warning("what a webhook was told could not be kept: the platform tells it again", extra={"account": hook.account})
    except Exception as fault:  # noqa: BLE001  # the edge: whatever broke, the platform is told to come again
        # Only the kind: a fault's own text may hold a resident's words.
        log.error("a webhook failed", extra={"account": hook.account, "kind": type(fault).__name__})  # noqa: TRY400
    return WebhookAnswer(status=NOT_NOW, body="not now\n")
