"""The templates of all letters: the landlord's own files before ours, shared parts put in place before they are compiled."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    select_autoescape,
)
from jinja2.bccache import Bucket

from handlers.landlord import Landlord
from handlers.letter_words import call, day, link, listed

OUR_FOLDERS = Path(__file__).with_name("letters")
_PART = re.compile(r'^[ \t]*\{% include "([^"]+)" %\}[ \t]*\n?', re.MULTILINE)


class _WithParts(BaseLoader):
    """Gives each page with its fixed parts written into it: an include looked up while a letter is written costs more."""

    def __init__(self, folders: BaseLoader) -> None:
        self._folders = folders

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the page's source, its parts in place; raises ``TemplateError`` where a part is missing or holds itself."""
        return self._whole(environment, template, ()), None, None

    def list_templates(self) -> list[str]:
        """Return the names of all pages and parts."""
        return self._folders.list_templates()

    def _whole(self, environment: Environment, name: str, inside: tuple[str, ...]) -> str:
        if name in inside:
            raise TemplateSyntaxError("a part holds itself", 1, name)
        source = self._folders.get_source(environment, name)[0].removesuffix("\n") + "\n"
        return _PART.sub(lambda part: self._whole(environment, part[1], (*inside, name)), source)


class _Compiled(BytecodeCache):
    """Keeps what each file was compiled to, so that a letter opened anew is compiled only where its words have changed."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:  # of other words, the bucket takes nothing
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@cache
def _compiled() -> _Compiled:
    return _Compiled()


def pages_of(landlord: Landlord, letters_dir: Path | None) -> Environment:
    """Return the letters' templates, strict about what is missing, with HTML escaped and the landlord's facts at hand."""
    folders = [FileSystemLoader(folder) for folder in (letters_dir, OUR_FOLDERS) if folder is not None]
    pages = Environment(
        loader=_WithParts(ChoiceLoader(folders)),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"], default=False),
        finalize=_present,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_compiled(),
    )
    pages.globals["landlord"] = landlord
    pages.filters.update(day=day, listed=listed, call=call, link=link)
    return pages


def _present(value: Any) -> Any:
    """Refuse to print nothing where a fact should stand."""
    if value is None:
        raise TemplateError("a fact that the letter prints is missing")
    return value
