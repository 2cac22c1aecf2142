"""What is held of a case already is taken out of the new words of an answer to it, before these are judged (mail rule I4).

Only for whoever belongs to the case and proves it: what is left out of anybody else's words could tell them what a case holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from handlers.follow_ups import Parties, by_mailbox, header_claims, reference_claims, weigh
from handlers.understanding import Understood, said_anew
from intake.known_runs import Held, held
from intake.known_words import difference
from store.engine import Store
from store.lookups import cases_by_header_ids, cases_by_references, parties_of, words_of_cases
from store.unit import Glance

LEFT_OUT = "known_words_left_out"
"""Says, among the problems of a message, that words were left out of what was judged."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What is known of the cases that a batch names: enough to say whose a message is, and their words as they are compared."""

    threads: dict[str, tuple[int, bool]]
    references: dict[str, int]
    parties: Parties
    words: dict[int, tuple[Held, Held]] = field(default_factory=dict)

    def case_of(self, message: Understood) -> int | None:
        """Return the case that the message proves to belong to."""
        claim = weigh(message, self.threads, self.references, self.parties, message.answers)
        return claim.case_id if claim is not None and claim.joins == "joins" else None


class EarlierWords:
    """Knows, of each mail, the words of the case that it answers."""

    def __init__(self, store: Store) -> None:
        """Ask this store, in one glance for a whole batch."""
        self._store = store

    def without(self, messages: Sequence[Understood]) -> list[Understood]:
        """Return the messages, of each answer to a case only what is new; nothing is asked where none answers anything."""
        asking = [message for message in messages if _may_hold(message)]
        if not asking:
            return list(messages)
        with self._store.glance() as glance:
            known = _known(glance, asking)
        return [_new(message, known) if any(message is one for one in asking) else message for message in messages]


def _may_hold(message: Understood) -> bool:
    """Tell whether this is mail that answers something, and is to be judged."""
    reading = message.reading
    is_mail = reading.chat is None and reading.contact is None and message.shunted is None and message.no_case is None
    is_fresh = message.arrival.case_id is None  # one that is read again is among the words of its case
    return is_mail and is_fresh and bool(message.answers or header_claims(message) or reference_claims(message))


def _known(glance: Glance, messages: Sequence[Understood]) -> _Known:
    threads = cases_by_header_ids(glance, sorted({header for message in messages for header in header_claims(message)}))
    references = cases_by_references(glance, sorted({name for message in messages for name in reference_claims(message)}))
    cases = {case_id for case_id, _ours in threads.values()} | set(references.values())
    cases |= {case_id for message in messages for case_id in message.answers}
    parties = by_mailbox(parties_of(glance, sorted(cases))) if cases else {}
    known = _Known(threads=threads, references=references, parties=parties)
    proved = {case_id for message in messages if (case_id := known.case_of(message)) is not None}
    words = words_of_cases(glance, proved) if proved else {}
    return replace(known, words={case_id: (held(sent), held(received)) for case_id, (sent, received) in words.items()})


def _new(message: Understood, known: _Known) -> Understood:
    """Return the message with what is new of it; the whole text stays as it was read, and says where the rest stands."""
    case_id, reading = known.case_of(message), message.reading
    if case_id is None:
        return message
    found = difference(reading.text, reading.new_ranges, *known.words[case_id])
    if found is None:
        return message
    quoted = "\n\n".join(filter(None, [reading.quoted, *(reading.text[start:end] for start, end in found.known)]))
    told = replace(reading, new_text=found.new_text, new_ranges=found.new_ranges, quoted=quoted)
    shorter = said_anew(message, replace(told, problems=(*reading.problems, LEFT_OUT)))
    # A mail whose only proof is the reference in our own words keeps them: what joins must still join.
    return replace(shorter, left_out=found.known) if known.case_of(shorter) == case_id else message
