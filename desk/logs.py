"""Logs: JSON on a pipe, words on a terminal; never a resident's words or address (design section 2, 10)."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any

import structlog

WITHHELD = frozenset({"body", "raw", "text", "new_text", "html", "subject", "sender", "recipient", "address", "name"})
"""Keys whose values are residents' own and never reach a log."""
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
OURS = frozenset({"intake", "classifiers", "handlers", "store", "desk"})
"""Packages whose errors are known to speak of no resident; what a library says of an error may quote one."""
CHATTY = ("mail.log", "imapclient", "aiosmtplib", "asyncio", "alembic", "httpx", "httpx2", "httpcore", "httpcore2", "telegram")
"""Libraries that write addresses, bodies, or web addresses with tokens in them at INFO and below."""
SILENT = ("notifications_python_client",)
"""Libraries whose warnings come to us as errors too, and whose words may quote a resident."""
MOST_CAUSES = 10
ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


def withhold(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace residents' words and addresses in a log event."""
    for key, value in event.items():
        if key in WITHHELD:
            event[key] = "(withheld)"
        elif isinstance(value, str) and "@" in value:
            event[key] = ADDRESS.sub("(address)", value)
    return event


def without_words(exc_info: ExcInfo) -> str:
    """Return a traceback: where it happened and what kind of error, but not what a library says of it in a mail's words."""
    return "\n".join(_chain(exc_info[1]))


def _chain(error: BaseException | None) -> Iterator[str]:
    for _ in range(MOST_CAUSES):
        if error is None:
            return
        yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
        yield f"{type(error).__module__}.{type(error).__qualname__}: {_said(error)}"
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions[:MOST_CAUSES]:
                yield from _chain(inner)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _said(error: BaseException) -> str:
    if isinstance(error, OSError):
        # What the operating system says: "Connection refused", "No space left on device".
        return error.strerror or "(withheld)"
    return str(error) if type(error).__module__.partition(".")[0] in OURS else "(withheld)"


def _fell(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """Log an error that nobody caught, for the interpreter would print its words."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), trace)
        return
    structlog.get_logger(__name__).critical("the program fell", exc_info=error)


def _first_words(record: logging.LogRecord) -> bool:
    """Cut what asyncio says to its first words: the rest shows the objects in question, errors and data among them."""
    record.msg, record.args = re.split(r"[\n(]", record.getMessage(), maxsplit=1)[0], ()
    return True


def set_up(*, debug: bool = False) -> None:
    """Send the program's and its libraries' logs to stderr in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(without_words),
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
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for silent in SILENT:
        logging.getLogger(silent).setLevel(logging.CRITICAL + 1)
    logging.getLogger("asyncio").addFilter(_first_words)
    sys.excepthook = _fell
    threading.excepthook = lambda fall: _fell(fall.exc_type, fall.exc_value, fall.exc_traceback)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
