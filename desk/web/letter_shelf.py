"""The letters as files: which version of each is in use, what the landlord replaced, and what differs line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from desk.config import Mistake
from desk.web import words
from desk.web.desk import Desk
from desk.web.letter_differences import Place, differences
from handlers.letter_pages import OUR_FOLDERS, pages_of
from handlers.letters import FILES, LetterBook, LetterError, kinds_of

NAMES_A_PART = re.compile(r'"(_parts/[^"\n]+)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Replaced:
    """A file of the landlord's own; ``ours`` says whether it stands in the place of one of ours."""

    name: str
    ours: bool
    places: tuple[Place, ...]
    lines: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelved:
    """One kind of letter: the version in use, the version that its files make now, or why they make none."""

    kind: str
    in_use: str | None
    on_disk: str | None
    error: str | None
    replaced: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Return whether the files are no longer those that the program began with."""
        return self.on_disk is not None and self.in_use is not None and self.on_disk != self.in_use


def book_in_use(desk: Desk) -> tuple[LetterBook | None, str | None]:
    """Return the letters that the program writes with, or why it can write none."""
    try:
        return desk.house.correspondence.letters, None
    except Mistake as error:
        return None, str(error)


def shelf(desk: Desk) -> list[Shelved]:
    """Return every kind of letter that there are files for."""
    book, _why = book_in_use(desk)
    return [shelved(desk, kind, book) for kind in kinds(desk)]


def kinds(desk: Desk) -> list[str]:
    """Return the kinds of letter: ours in the order in which a case has them, then the landlord's own."""
    found = kinds_of(pages_of(desk.house.landlord, _own_folder(desk)))
    known = [kind for kind in words.LETTERS if kind in found]
    return known + [kind for kind in found if kind not in known]


def shelved(desk: Desk, kind: str, book: LetterBook | None) -> Shelved:
    """Return how it stands with one kind of letter; its files are opened for trial, so that a mistake in them is seen."""
    opened, error = opened_alone(desk, kind)
    return Shelved(
        kind=kind,
        in_use=book.version(kind) if book is not None and kind in book.kinds else None,
        on_disk=opened.version(kind) if opened else None,
        error=error,
        replaced=tuple(name for name in files_of(desk, kind) if _own(desk, name) is not None),
    )


def opened_alone(desk: Desk, kind: str) -> tuple[LetterBook | None, str | None]:
    """Return the letters with this kind alone in them, from the files as they are now; or why it cannot be opened."""
    try:
        return LetterBook(desk.house.landlord, _own_folder(desk), only=kind), None
    except LetterError as error:
        return None, str(error)


def replaced_files(desk: Desk, kind: str) -> list[Replaced]:
    """Return the landlord's own files that this kind of letter is made from, each beside ours."""
    found = []
    for name in files_of(desk, kind):
        own, ours = _own(desk, name), _read(OUR_FOLDERS / name)
        if own is not None:
            differing = tuple(differences(ours, own)) if ours is not None else ()
            found.append(Replaced(name=name, ours=ours is not None, places=differing, lines=len(own.splitlines())))
    return found


def files_of(desk: Desk, kind: str) -> list[str]:
    """Return the names of all files that a kind of letter is made from, its shared parts last."""
    names = [f"{kind}/{name}" for name in FILES]
    # Reasons and the like stand in folders of their own inside the letter's.
    names += sorted({name for name in _listed(desk) if name.startswith(f"{kind}/")} - set(names))
    for name in names:
        text = _own(desk, name) or _read(OUR_FOLDERS / name) or ""
        names += [part for part in NAMES_A_PART.findall(text) if part not in names]
    return names


def _listed(desk: Desk) -> list[str]:
    return pages_of(desk.house.landlord, _own_folder(desk)).list_templates()


def _own_folder(desk: Desk) -> Path | None:
    return desk.house.settings.letters_dir


def _own(desk: Desk, name: str) -> str | None:
    folder = _own_folder(desk)
    return _read(folder / name) if folder is not None else None


def _read(path: Path) -> str | None:
    """Return a file's text, undecodable bytes and all; None where there is no file that could be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
