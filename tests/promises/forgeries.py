"""Mails by which a stranger would get at somebody else's case: each kind is a function of what a stranger may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from handlers import references
from handlers.bounce_addresses import BounceAddresses
from handlers.reply_addresses import ReplyAddresses
from handlers.tokens import TokenKey, message_id_for
from houses import mail

EVE, EVES = "eve@elsewhere.example", "elsewhere.example"
REPLY_DOMAIN = "re.landlord.example"
OURS = {
    "from_address": "housing@landlord.example",
    "from_name": "Housing",
    "trusted_authservs": ("border.example",),
    "border_hosts": ("store.landlord.example",),
    "reply_domain": REPLY_DOMAIN,
}
ANOTHER_KEY = TokenKey(secret=b"guess" * 8)


@dataclass(frozen=True, kw_only=True)
class Victim:
    """A case, and all of it that others may have seen."""

    case_id: int
    address: str
    reference: str
    own_id: str
    letter_id: str
    words: str
    reply_to: str


@dataclass(kw_only=True)
class Forger:
    """Writes mails; each has a number, so that none is taken for another."""

    chance: Random
    victims: list[Victim]
    written: int = 0

    def victim(self) -> Victim:
        return self.chance.choice(self.victims)

    def guess(self) -> str:
        return str(references.new("LBL", 2026, self.chance.randrange))

    def write(self, *, result: str | None = None, words: str | None = None, **headers: str) -> bytes:
        """Write a mail, with what our border found about it."""
        self.written += 1
        found = {"Authentication_Results": f"border.example; {result}"} if result else {}
        given = {"sender": EVE, "message_id": f"<{self.written}@{EVES}>"} | found | headers
        return mail(words or f"service_request! Pay the money to me, number {self.written}.", **given)


KINDS: dict[str, Callable[[Forger], bytes]] = {}
EMPTY_PATHS: set[str] = set()
"""Kinds that come with an empty reverse path, as true reports do: anybody can leave it empty."""


def kind(write: Callable[[Forger], bytes]) -> Callable[[Forger], bytes]:
    KINDS[write.__name__] = write
    return write


def with_empty_path(write: Callable[[Forger], bytes]) -> Callable[[Forger], bytes]:
    EMPTY_PATHS.add(write.__name__)
    return kind(write)


PASSED = f"dmarc=pass header.from={EVES}"
NOTHING = "spf=fail smtp.mailfrom=elsewhere.example; dkim=none; dmarc=none"
FAILED = "dmarc=fail header.from=resident.example"


@kind
def guessed_reference_by_a_stranger(forger):
    return forger.write(subject=f"Re: {forger.guess()}", result=PASSED)


@kind
def guessed_reference_in_a_forged_name(forger):
    return forger.write(subject=f"Re: {forger.guess()}", sender=forger.victim().address)


@kind
def guessed_reference_in_the_words(forger):
    return forger.write(
        words=f"service_request! It is about {forger.guess()}, number {forger.written}.", sender=forger.victim().address
    )


@kind
def true_reference_by_a_stranger(forger):
    return forger.write(subject=f"Re: {forger.victim().reference}", result=PASSED)


@kind
def true_reference_in_a_forged_name(forger):
    victim = forger.victim()
    return forger.write(subject=f"Re: {victim.reference}", sender=victim.address)


@kind
def true_reference_with_anothers_result(forger):
    victim = forger.victim()
    header = "elsewhere.example; dmarc=pass header.from=resident.example"
    return forger.write(subject=f"Re: {victim.reference}", sender=victim.address, Authentication_Results=header)


@kind
def true_reference_with_our_borders_result_below_a_foreign_hop(forger):
    victim = forger.victim()
    forged = forger.write(subject=victim.reference, sender=victim.address, result="dmarc=pass header.from=resident.example")
    hops = b"Received: from border.example by store.landlord.example; now\r\nReceived: from evil by border.example; now\r\n"
    return hops + forged


@kind
def true_reference_with_two_results_of_our_border(forger):
    victim = forger.victim()
    forged = forger.write(subject=victim.reference, sender=victim.address, result=FAILED)
    return b"Authentication-Results: border.example; spf=pass smtp.mailfrom=resident.example\r\n" + forged


@kind
def true_reference_where_our_border_speaks_of_another_sender(forger):
    victim = forger.victim()
    return forger.write(subject=f"Re: {victim.reference}", sender=victim.address, result=PASSED)


@kind
def two_from_lines(forger):
    victim = forger.victim()
    forged = forger.write(subject=victim.reference, sender=victim.address, result="dmarc=pass")
    return forged.replace(b"\nTo:", f"\nFrom: {EVE}\nTo:".encode(), 1)


@kind
def two_names_in_one_from_line(forger):
    victim = forger.victim()
    forged = forger.write(subject=victim.reference, sender=victim.address, result=PASSED)
    return forged.replace(f"<{victim.address}>".encode(), f"<{victim.address}>, {EVE}".encode(), 1)


@kind
def a_victims_address_as_the_name(forger):
    victim = forger.victim()
    forged = forger.write(subject=victim.reference, result=PASSED, In_Reply_To=victim.own_id)
    return forged.replace(b"From: Ada Resident", f'From: "{victim.address}"'.encode(), 1)


@kind
def guessed_message_id_by_a_stranger(forger):
    return forger.write(In_Reply_To=_guessed_id(forger.victim()), result=PASSED)


@kind
def guessed_message_id_in_a_forged_name(forger):
    victim = forger.victim()
    return forger.write(In_Reply_To=_guessed_id(victim), sender=victim.address)


@kind
def message_id_of_our_letter_by_a_stranger(forger):
    return forger.write(References=forger.victim().letter_id, result=PASSED)


@kind
def message_id_of_our_letter_in_a_name_found_forged(forger):
    victim = forger.victim()
    return forger.write(In_Reply_To=victim.letter_id, sender=victim.address, result=FAILED)


@kind
def message_id_of_the_victim_by_a_stranger(forger):
    return forger.write(References=forger.victim().own_id, result=PASSED)


@kind
def message_id_of_the_victim_in_a_forged_name(forger):
    victim = forger.victim()
    return forger.write(In_Reply_To=victim.own_id, sender=victim.address)


@kind
def message_id_of_the_victim_where_spf_failed(forger):
    victim = forger.victim()
    return forger.write(In_Reply_To=victim.own_id, sender=victim.address, result=NOTHING)


@kind
def guessed_address_for_answers(forger):
    victim = forger.victim()
    guessed = ReplyAddresses(key=ANOTHER_KEY, domain=REPLY_DOMAIN).address_for(victim.case_id, victim.address)
    return forger.write(to=guessed, sender=victim.address)


@kind
def address_for_answers_of_the_victim_by_a_stranger(forger):
    return forger.write(to=forger.victim().reply_to, result=PASSED)


@kind
def address_for_answers_of_another_case(forger):
    one, other = forger.chance.sample(forger.victims, 2)
    local, _, domain = one.reply_to.partition("@")
    head, _case, *rest = local.split(".")
    return forger.write(to=f"{'.'.join([head, str(other.case_id), *rest])}@{domain}", sender=other.address)


@kind
def automatic_mail_with_a_true_reference(forger):
    return forger.write(subject=f"Automatic reply: {forger.victim().reference}", Auto_Submitted="auto-replied")


@kind
def automatic_mail_with_a_victims_message_id(forger):
    return forger.write(subject="Out of office", Auto_Submitted="auto-replied", In_Reply_To=forger.victim().own_id)


@kind
def report_with_a_victims_message_id(forger):
    return _report(forger, "a@b.example", In_Reply_To=forger.victim().own_id)


@kind
def report_about_a_victims_address(forger):
    return _report(forger, forger.victim().address, result=PASSED)


@with_empty_path
def report_about_a_victims_address_with_an_empty_reverse_path(forger):
    return _report(forger, forger.victim().address, sender=f"mailer-daemon@{EVES}")


@with_empty_path
def report_about_a_victims_address_that_returns_a_guessed_letter(forger):
    victim = forger.victim()
    returned = f"Message-ID: {_guessed_id(victim)}\nSubject: {victim.reference}\n"
    return _report(forger, victim.address, returned, sender=f"mailer-daemon@{EVES}", In_Reply_To=_guessed_id(victim))


@with_empty_path
def report_about_a_victims_address_to_a_guessed_reverse_path(forger):
    victim = forger.victim()
    guessed = BounceAddresses(key=ANOTHER_KEY, domain=REPLY_DOMAIN, for_machines=True).path_of(1, automatic=True)
    return _report(forger, victim.address, sender=f"mailer-daemon@{EVES}", to=guessed)


@with_empty_path
def plain_words_of_a_mail_server_about_a_victims_address(forger):
    words = (
        f"I could not deliver number {forger.written}; I have given up.\n\n<{forger.victim().address}>:\nno such user 5.1.1\n"
    )
    return forger.write(words=words, sender=f"mailer-daemon@{EVES}", subject="failure notice")


@kind
def the_victims_words_again_in_a_name_found_forged(forger):
    victim = forger.victim()
    return forger.write(words=victim.words, sender=victim.address, result=FAILED)


@kind
def control_headers(forger):
    victim = forger.victim()
    return forger.write(
        sender=victim.address, X_Case_Id=str(victim.case_id), X_Reference=victim.reference, Thread_Topic=victim.reference
    )


@kind
def reply_to_of_the_victim(forger):
    victim = forger.victim()
    return forger.write(subject=f"Re: {victim.reference}", Reply_To=victim.address, Sender=victim.address, result=PASSED)


def _report(forger: Forger, recipient: str, returned: str = "", **headers: str) -> bytes:
    """Write a report that mail to somebody came back, with the header of what came back where one is given."""
    told = forger.write(subject="Undeliverable", words="It could not be delivered.", **headers)
    kind_of = b'multipart/report; report-type=delivery-status; boundary="b"'
    head, _, body = told.replace(b"text/plain", kind_of, 1).partition(b"\n\n")
    status = f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1\n"
    parts = [("text/plain", body.decode()), ("message/delivery-status", status), ("text/rfc822-headers", returned)]
    written = "".join(f"\n--b\nContent-Type: {type_}\n\n{content}" for type_, content in parts if content)
    return head + f"\n{written}\n--b--\n".encode()


def _guessed_id(victim: Victim) -> str:
    return message_id_for(
        ANOTHER_KEY, "complaint_acknowledged", victim.case_id, victim.case_id, domain="letters.landlord.example"
    )
