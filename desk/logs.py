"""Logs: JSON on a pipe, words on a terminal; never a resident's words or address (design section 2, 10)."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

WITHHELD = frozenset({"body", "raw", "text", "new_text", "html", "subject", "sender", "recipient", "address", "name"})
"""Keys whose values are residents' own and never reach a log."""
ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


def withhold(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace residents' words and addresses in a log event; a traceback's last lines may hold them too."""
    for key, value in event.items():
        if key in WITHHELD:
            event[key] = "(withheld)"
        elif isinstance(value, str) and "@" in value:
            event[key] = ADDRESS.sub("(address)", value)
    return event


def set_up(*, debug: bool = False) -> None:
    """Send the program's and its libraries' logs to stderr in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        withhold,
    ]
    terminal = sys.stderr.isatty()
    last: Any = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    logging.basicConfig(level=logging.DEBUG if debug else logging.INFO, handlers=[handler], force=True)
    # These libraries write addresses and bodies at INFO and below.
    for chatty in ("mail.log", "imapclient", "aiosmtplib", "asyncio", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
