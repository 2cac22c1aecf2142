"""What the public door may tell a resident: their own page of a case, and their own web chat.

Every answer begins with a proof: a link or a cookie that our key has made. The store is asked what holds now, so that a link
stops working as soon as its party does not belong to the case any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time

import structlog

from handlers.clock import LONDON, Clock, london_day
from handlers.course.speaking import not_to_be_told
from handlers.course.updates import open_updates
from handlers.going_on import goes_on_in
from handlers.identities import standing
from handlers.identity_proof import NotProven, Proving, claim_of
from handlers.landlord import Landlord
from handlers.resident_links import PageLink, ResidentLinks, new_user
from handlers.resident_page_facts import Kept, laid
from handlers.resident_talks import lines_of
from handlers.rows import event_row
from handlers.stage2_requests import is_asked
from intake.identity import Identity, identity_of
from intake.loading import name_of
from intake.public.residents import CasePage, Chat, Claimed, GoesOn, Posted, ResidentsUnavailable, Talk
from store.casefile import first_message
from store.chain import append_events
from store.engine import Store
from store.errors import StoreError
from store.identity_rows import links_between
from store.lookups import hold_case
from store.models import Case, Deadline, Disposition, Message, MessageState, OutboxEntry, OutboxState, Party
from store.resident_rows import cases_of_party, letters_delivered, opened_since, talk_numbers
from store.unit import Glance

log = structlog.get_logger(__name__)

OPENED = "page_opened"
WEBCHAT = "webchat"


@dataclass(frozen=True, kw_only=True, slots=True)
class ResidentPages:
    """Answers the public door, which has shown nothing but what a browser sent."""

    store: Store
    clock: Clock
    links: ResidentLinks
    landlord: Landlord

    def posted(self, channel: str, account: str, external_id: str) -> Posted | None:
        """Say what became of a message; its page is named to whoever opened the case with it, and to nobody else."""
        with self._glance() as glance:
            found = glance.find(Message, channel=channel, account=account, external_id=external_id)
            if not found:
                return None
            (message,) = found
            case = glance.get(Case, message.case_id) if message.case_id is not None else None
            if case is None:
                return Posted(for_a_person=message.state is not MessageState.WAITING)
            case, page = self._page_of(glance, message, case)
        return Posted(reference=case.reference, own_page=page, for_a_person=message.state is MessageState.SHUNTED)

    def page(self, link: str) -> CasePage | None:
        """Return the page that a link opens; None for a link that is none of ours, or of somebody who belongs no more."""
        proven = self.links.page_link(link)
        if proven is None:
            return None
        with self._glance() as glance:
            case = glance.get(Case, proven.case_id)
            party = self._party(glance, proven)
            if case is None or party is None:
                return None
            onwards = goes_on_in(glance, case)
            return laid(_kept(glance, case, party, onwards, self._goes_on(glance, onwards, party)), link, self.landlord)

    def opened(self, page: CasePage) -> None:
        """Note on the case that its party opened the page, once a day at most; a store that is away keeps nobody from reading."""
        proven = self.links.page_link(page.link)
        if proven is None:
            return
        try:
            if not self._told_today(proven, page.party):
                self._tell(proven, page.party)
        except StoreError as error:
            log.warning("that a page was opened could not be noted", error=type(error).__name__)

    def new_chat(self, account: str) -> Chat:
        """Return a web chat that nobody has begun yet."""
        return self._chat(account, new_user())

    def chat(self, account: str, cookie: str) -> Chat | None:
        """Return the web chat of a browser; None where its cookie is none of ours."""
        user = self.links.talk_user(cookie)
        return None if user is None else self._chat(account, user)

    def chat_again(self, account: str, link: str) -> Chat | None:
        """Return the web chat that a link leads back to, if it is one of ours."""
        user = self.links.back_user(link)
        return None if user is None else self._chat(account, user)

    def claimed(self, token: str) -> Claimed | None:
        """Return what a link of proof asks; None for one that is none of ours, or is too old."""
        claim = claim_of(token, self.links.keys, self.clock.now())
        identity = identity_of(claim.one) if claim is not None else None
        if claim is None or identity is None:
            return None
        with self._glance() as glance:
            stands = standing(links_between(glance, claim.one, claim.other)) is not None
        return Claimed(way=name_of(identity.channel) or "chat", address=claim.other, stands=stands)

    def prove(self, token: str) -> bool:
        """Take a pressed button as the proof that both are the same resident; say whether it counts."""
        proving = Proving(store=self.store, clock=self.clock, keys=self.links.keys)
        try:
            proving.prove(token)
        except NotProven:
            return False
        except StoreError as error:
            raise ResidentsUnavailable from error
        return True

    def talk(self, chat: Chat) -> Talk:
        """Return what was said in a web chat, and the cases that came of it."""
        who = str(chat.identity)
        with self._glance() as glance:
            cases = [(reference, self.links.page(id_, who)) for id_, reference in cases_of_party(glance, who)]
            return Talk(lines=lines_of(glance, who), cases=tuple(cases))

    def begun(self, chat: Chat) -> bool:
        """Say whether anything was said in a web chat yet."""
        with self._glance() as glance:
            return any(talk_numbers(glance, str(chat.identity)))

    def stamp(self, chat: Chat) -> str:
        """Return what changes whenever there is something new in a web chat."""
        with self._glance() as glance:
            return "-".join(map(str, talk_numbers(glance, str(chat.identity))))

    def shown(self, chat: Chat, letters: tuple[int, ...]) -> None:
        """Note that the page showed these letters of the chat for the first time: they are delivered."""
        if not letters:
            return
        try:
            with self.store.unit("T5") as unit:
                if letters_delivered(unit, str(chat.identity), letters, self.clock.now()):
                    unit.commit()
        except StoreError as error:
            log.warning("that a letter was shown could not be noted", error=type(error).__name__)

    @contextmanager
    def _glance(self) -> Iterator[Glance]:
        """Yield a look at the store; the door knows nothing of stores, and is told in its own words that it is away."""
        try:
            with self.store.glance() as glance:
                yield glance
        except StoreError as error:
            raise ResidentsUnavailable from error

    def _chat(self, account: str, user: str) -> Chat:
        identity = Identity(channel=WEBCHAT, account=account, user=user)
        return Chat(identity=identity, cookie=self.links.talk(user), back=self.links.back(user))

    def _page_of(self, glance: Glance, message: Message, case: Case) -> tuple[Case, str | None]:
        """Return the case of a message, or the one that it had opened, with the path of its sender's page there.

        Words sent again join the case of the first: who repeats them has not shown that the case is theirs. But a name that
        belongs to one form alone has, wherever a colleague has moved the message since.
        """
        address = message.sender_address
        if identity_of(address) is None:
            opened = message.disposition in (Disposition.CASE, Disposition.QUARANTINED)
            return case, self._path(glance, case, address) if opened else None
        theirs = {party.case_id for party in glance.find(Party, address=address)}
        own = case if case.id in theirs or not theirs else glance.get(Case, max(theirs)) or case
        return own, self._path(glance, own, address)

    def _path(self, glance: Glance, case: Case, address: str | None) -> str | None:
        belongs = bool(address) and bool(glance.find(Party, case_id=case.id, address=address))
        return f"/case/{self.links.page(case.id or 0, address or '')}" if belongs else None

    def _goes_on(self, glance: Glance, case: Case | None, party: Party) -> GoesOn | None:
        """Return where a case goes on; its reference and its page are told only to whoever belongs there too."""
        link = self._path(glance, case, party.address) if case is not None else None
        return None if case is None else GoesOn(reference=case.reference if link else None, page=link)

    def _party(self, glance: Glance, proven: PageLink) -> Party | None:
        parties = glance.find(Party, case_id=proven.case_id)
        return next((party for party in parties if self.links.is_for(proven, party.address)), None)

    def _told_today(self, proven: PageLink, party: str) -> bool:
        with self.store.glance() as glance:
            return _is_told(glance, proven.case_id, party, self._midnight())

    def _tell(self, proven: PageLink, party: str) -> None:
        with self.store.unit("T6") as unit:
            # Asked again once the case is held: of two who open it at the same moment, one is noted.
            if hold_case(unit, proven.case_id) is None or _is_told(unit, proven.case_id, party, self._midnight()):
                return
            why = "somebody with the link opened this party's page of the case"
            append_events(unit, [event_row(proven.case_id, OPENED, why, self.clock.now(), party=party)])
            unit.commit()

    def _midnight(self) -> datetime:
        return datetime.combine(london_day(self.clock.now()), time(), LONDON)


def _is_told(glance: Glance, case_id: int, party: str, since: datetime) -> bool:
    return any(json.loads(told).get("party") == party for told in opened_since(glance, case_id, OPENED, since))


def _kept(glance: Glance, case: Case, party: Party, onwards: Case | None, goes_on: GoesOn | None) -> Kept:
    case_id, address = case.id or 0, party.address
    # What they wrote went along; of a restricted case nothing is repeated, wherever it is read.
    cases = [case_id, *([onwards.id] if onwards is not None and not onwards.restricted else [])]
    first = first_message(glance, case_id)
    return Kept(
        case=case,
        party=party,
        deadlines=glance.find(Deadline, case_id=case_id, superseded_at=None),
        letters=glance.find(OutboxEntry, case_id=case_id, recipient=address, state=OutboxState.SENT),
        messages=glance.find(Message, case_id=cases, sender_address=address),
        goes_on=goes_on,
        updates=open_updates(glance, case_id),
        asked_stage2=is_asked(glance, case_id),
        may_be_told=address not in not_to_be_told(glance, case_id),
        trusted=first is None or first.trust != "failed",
    )
