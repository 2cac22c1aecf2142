"""Fetches files that Telegram holds: from its servers, or from the folder of a local Bot API server."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from intake.channel import DeliveryFailure, PermanentFailure, TemporaryFailure
from intake.chat import FetchedFile, FileToFetch
from intake.telegram_bot.calls import CallRefused, Calls, NoToken
from intake.telegram_bot.settings import MEBIBYTE, Settings
from intake.telegram_bot.wire import Broken, NotReached, TooLong, Wire

TOO_MANY = 429


class Fetching:
    """Fetches one file at a time for whoever asks."""

    def __init__(self, settings: Settings, wire: Wire) -> None:
        """Ask over this wire."""
        self._settings = settings
        self._calls = Calls(settings, wire)

    async def fetch(self, file: FileToFetch) -> FetchedFile:
        """Return the file, or raise ``TemporaryFailure`` or ``PermanentFailure``."""
        limit = self._settings.file_limit
        if (file.size or 0) > limit:
            raise _too_large(limit)
        try:
            content = await self._content(_file_id(file.reference), limit)
        except CallRefused as error:
            raise _failure(error, limit) from error
        except TooLong as error:
            raise _too_large(limit) from error
        except (NoToken, NotReached, Broken, OSError) as error:
            raise TemporaryFailure("the file could not be fetched from Telegram now") from error
        return FetchedFile(content=content, name=file.name, type=file.type)

    async def _content(self, file_id: str, limit: int) -> bytes:
        found = await self._calls.ask("getFile", {"file_id": file_id})
        told: dict[str, Any] = found if isinstance(found, dict) else {}
        path, size = told.get("file_path"), told.get("file_size")
        if isinstance(size, int) and size > limit:
            raise _too_large(limit)
        if not isinstance(path, str) or not path:
            raise TemporaryFailure("Telegram has the file, but not ready yet")
        if self._settings.local_files is not None and path.startswith("/"):
            return await asyncio.to_thread(_from_disk, self._settings.local_files, Path(path), limit)
        return await self._calls.download(path, limit)


def _file_id(reference: str) -> str:
    try:
        file_id = json.loads(reference)["file_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise PermanentFailure("the file has no id") from error
    if not isinstance(file_id, str):
        raise PermanentFailure("the file has no id")
    return file_id


def _from_disk(folder: Path, path: Path, limit: int) -> bytes:
    """Read what the local server laid down, inside its folder and nowhere else."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise PermanentFailure("the file does not lie in the folder of the local Bot API server")
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise _too_large(limit)
    return content


def _failure(refused: CallRefused, limit: int) -> DeliveryFailure:
    if "too big" in refused.said:
        return _too_large(limit)
    # "wrong file_id or the file is temporarily unavailable" is one sentence of the Bot API for two things.
    if refused.status in {400, 403, 410} and "temporarily" not in refused.said:
        return PermanentFailure("Telegram no longer has the file")
    pause = (refused.retry_after or 1.0) if refused.status == TOO_MANY else None
    return TemporaryFailure(f"Telegram does not give the file now ({refused.status})", retry_after=pause)


def _too_large(limit: int) -> PermanentFailure:
    size = f"{limit / MEBIBYTE:.0f} MB" if limit >= MEBIBYTE else f"{limit} bytes"
    return PermanentFailure(f"the file is larger than the {size} that can be fetched: ask for it by email")
