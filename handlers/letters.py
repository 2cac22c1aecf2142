"""Letters as folders: each folder of ``letters/`` is a letter, and the landlord's own folder may replace any file of it.

``LetterError`` is the only error: a letter which cannot be written whole is not written at all. It is permanent: the
templates or the facts have to be mended, so it is raised when the book is opened wherever that can be known.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape, unescape
from pathlib import Path

from jinja2 import Environment, Template, TemplateError

from handlers.landlord import Landlord, Office
from handlers.letter_blocks import blocks
from handlers.letter_facts import LetterFacts, laid_out
from handlers.letter_pages import pages_of
from handlers.letter_rehearsal import rehearsals
from handlers.letter_words import listed

FILES = ("subject.txt", "body.txt", "body.html", "body.short.txt")
OF_AN_OFFICER = "officer_reply"
"""The letter that holds an officer's own words; it is never said to be automatic."""
LONGEST_SHORT = 900
"""Characters of the short form, below every platform's limit (Instagram has 1,000)."""
BLANK, NO_PAGE = "\ue000", "https://\ue001"
"""Stand for the reference and the resident's own page in a letter that many get alike: no template holds such characters."""
ALIKE = 512
"""Letters kept written but for their reference: a few kinds, reasons and flags on a few days."""
_GAPS = re.compile(r"\n{3,}")


class LetterError(Exception):
    """A letter cannot be written: a fact, a file or the Ombudsman's details are missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A letter ready to send; ``template`` is its kind and the hash of the words it was made from."""

    subject: str
    text: str
    html: str
    short: str
    template: str


class LetterBook:
    """All letters of one landlord, compiled once."""

    def __init__(self, landlord: Landlord, letters_dir: Path | None = None, only: str | None = None) -> None:
        """Open every letter and write it for trial; raises ``LetterError`` for a template or a fact that will not do.

        With ``only`` one kind is opened, whatever is wrong with the others.
        """
        _require_ombudsman(landlord.housing_ombudsman)
        self._landlord = landlord
        self._pages = pages_of(landlord, letters_dir)
        self._alike = lru_cache(maxsize=ALIKE)(self._written)
        kinds = [kind for kind in kinds_of(self._pages) if only in (None, kind)]
        try:
            self._letters = {kind: self._open(kind) for kind in kinds}
        except (TemplateError, OSError, UnicodeError) as error:
            raise LetterError(f"a letter's template cannot be used: {type(error).__name__}: {error}") from error
        self._rehearse()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of letter there are: the names of the folders."""
        return tuple(self._letters)

    def version(self, kind: str) -> str:
        """Return the kind with the hash of the words that it is made from, as it is kept with every letter of the kind."""
        return self._letters[kind][0]

    def draft(self, kind: str, facts: LetterFacts) -> Draft:
        """Write one letter; raises ``LetterError`` rather than leave out a fact, a reference or the Ombudsman.

        A letter without anybody's own words says the same to everybody but for reference and page: it is written once a day.
        """
        if facts.definition is not None or facts.words is not None or facts.more is not None:
            return self._written(kind, facts)
        made, page = self._alike(kind, replace(facts, reference=BLANK, page=facts.page and NO_PAGE)), facts.page or ""
        return Draft(
            subject=made.subject.replace(BLANK, facts.reference),
            text=made.text.replace(BLANK, facts.reference).replace(NO_PAGE, page),
            html=made.html.replace(BLANK, facts.reference).replace(NO_PAGE, escape(page)),
            short=made.short.replace(BLANK, facts.reference).replace(NO_PAGE, page),
            template=made.template,
        )

    def _written(self, kind: str, facts: LetterFacts) -> Draft:
        if kind not in self._letters:
            raise LetterError(f"there is no letter {kind!r}; there are {listed(self.kinds)}")
        version, templates = self._letters[kind]
        names = laid_out(facts, self._landlord)
        try:
            written = {name: template.render(names) for name, template in templates.items()}
        except TemplateError as error:
            raise LetterError(f"{kind} cannot be written: {error}") from error
        except Exception as error:
            # A template of the landlord's own may compute, and fail at it in any way.
            raise LetterError(f"{kind} cannot be written: {type(error).__name__}: {error}") from error
        made = Draft(
            subject=" ".join(written["subject.txt"].split()),
            text=_GAPS.sub("\n\n", written["body.txt"]).strip() + "\n",
            html=written["body.html"].strip() + "\n",
            short=_GAPS.sub("\n\n", written["body.short.txt"]).strip(),
            template=version,
        )
        self._require_duties(kind, made, facts)
        return made

    def _require_duties(self, kind: str, made: Draft, facts: LetterFacts) -> None:
        """See to it that no file, ours or the landlord's own, drops the reference or the Ombudsman (Code 3.7)."""
        if facts.reference not in made.subject:
            raise LetterError(f"{kind}/subject.txt does not give the reference")
        ombudsman = str(self._landlord.housing_ombudsman.phone)
        for name, words in (("body.txt", made.text), ("body.html", made.html), ("body.short.txt", made.short)):
            if facts.reference not in words or ombudsman not in words:
                raise LetterError(f"{kind}/{name} does not give the reference and the Housing Ombudsman's telephone number")
        if kind == OF_AN_OFFICER:
            _require_own_words(kind, made, facts)
        if facts.more is not None:
            _require_said(kind, made, facts.more.must_say())

    def _rehearse(self) -> None:
        """Write every letter once in each variation, so that a mistake is found at the start and not in a resident's case."""
        for kind in self.kinds:
            for facts in rehearsals(self._landlord, kind):
                short = self.draft(kind, facts).short
                if len(short) > LONGEST_SHORT:
                    raise LetterError(
                        f"{kind}/body.short.txt makes {len(short)} characters; a chat message has at most {LONGEST_SHORT}"
                    )

    def _open(self, kind: str) -> tuple[str, Mapping[str, Template]]:
        return f"{kind}@{self._digest(kind)}", {name: self._pages.get_template(f"{kind}/{name}") for name in FILES}

    def _digest(self, kind: str) -> str:
        """Return twelve hexadecimal digits for all the words this letter can be made from, its shared parts included."""
        loader, digest = self._pages.loader, hashlib.sha256()
        assert loader is not None  # set by pages_of
        for name in self._pages.list_templates():
            if name.startswith(("_", f"{kind}/")):
                digest.update(f"{name}\0{loader.get_source(self._pages, name)[0]}\0".encode())
        return digest.hexdigest()[:12]


def kinds_of(pages: Environment) -> list[str]:
    """Return the kinds of letter that there are templates for, in the order of their names."""
    return sorted({name.split("/")[0] for name in pages.list_templates() if "/" in name and not name.startswith("_")})


def _require_own_words(kind: str, made: Draft, facts: LetterFacts) -> None:
    """See to it that no file drops what the officer wrote, or the officer's name."""
    said = [line for block in blocks(facts.words or "") for line in block.lines]
    for name, words in (("body.txt", made.text), ("body.html", unescape(made.html)), ("body.short.txt", made.short)):
        if not all(line in words for line in (*said, facts.officer or "")):
            raise LetterError(f"{kind}/{name} leaves out words of the officer's, or the name")


def _require_said(kind: str, made: Draft, said: tuple[str, ...]) -> None:
    """See to it that no file drops what this kind of letter owes the resident."""
    for name, words in (("body.txt", made.text), ("body.html", unescape(made.html))):
        missing = next((one for one in said if " ".join(one.split()) not in " ".join(words.split())), None)
        if missing is not None:
            raise LetterError(f"{kind}/{name} leaves out what it must say: {missing[:80]}")


def _require_ombudsman(office: Office) -> None:
    missing = [name for name in ("name", "phone", "website", "post") if not str(getattr(office, name) or "").strip()]
    if missing:
        raise LetterError(f"every letter gives the Housing Ombudsman's details (Code 3.7): {listed(missing)} missing")
