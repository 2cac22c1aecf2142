"""Letters ask to be answered at an address that only we can have made: it joins an answer to its case, for its parties alone."""

from __future__ import annotations

import pytest
from desk_house import came, open_tasks, rows, send
from hypothesis import given
from hypothesis import strategies as st

from desk.config import Mistake
from handlers.reply_addresses import ReplyAddresses
from handlers.tokens import TokenKey
from houses import arrive, mail, settings_in, settle
from intake.message import Envelope, Reading, Sender
from store.models import Case, Message, OutboxEntry, Party

OURS = {
    "from_address": "housing@landlord.example",
    "from_name": "Housing",
    "trusted_authservs": ("border.example",),
    "reply_domain": "re.landlord.example",
}
KEY = TokenKey(secret=b"k" * 32)
MADE = ReplyAddresses(key=KEY, domain="re.landlord.example")
OTHERS = ReplyAddresses(key=TokenKey(secret=b"x" * 32), domain="re.landlord.example")
DAMP, THANKS = "complaint! Damp in the bedroom.", "service_request! Thank you, Tuesday is fine."


@pytest.fixture
def house(house_of):
    return house_of(mail=OURS)


def asked(house, **headers):
    """A case, and the address at which its letter asks to be answered."""
    came(house, DAMP, message_id="<1@r.example>", **headers)
    (sent,) = send(house)
    return sent.reply_to


def answered(house, raw, to="housing@landlord.example"):
    """The case to which a mail comes that is delivered to this address."""
    number = arrive(house, raw, to=to)
    settle(house)
    return rows(house, Message, id=number)[0].case_id


def by_envelope(address):
    return mail(THANKS, message_id="<2@r.example>"), address


def by_header(name):
    def made(address):
        return mail(THANKS, message_id="<2@r.example>", **{name: address}), "housing@landlord.example"

    return made


def in_to(address):
    return mail(THANKS, message_id="<2@r.example>", to=f"Housing <{address}>"), "housing@landlord.example"


def shouted(address):
    return mail(THANKS, message_id="<2@r.example>", to=address.upper()), "housing@landlord.example"


WAYS = [by_envelope, by_header("Delivered_To"), by_header("X_Original_To"), by_header("Cc"), in_to, shouted]


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_to_the_address_in_our_letter_joins_its_case_whatever_became_of_its_ids(house, way):
    raw, to = way(asked(house))
    assert answered(house, raw, to) == 1
    assert {party.address for party in rows(house, Party)} == {"ada@resident.example"}


def test_everybody_gets_an_address_of_their_own_for_each_case_and_it_fits_in_a_mail_address():
    made = {MADE.address_for(case_id, who) for case_id in (1, 2, 10**15) for who in ("a@b.example", "c@d.example")}
    assert len(made) == 6
    assert max(len(address.partition("@")[0]) for address in made) <= 64
    assert MADE.address_for(1, "A@b.example") == MADE.address_for(1, "a@b.example")


def test_a_stranger_who_holds_the_address_is_put_before_a_person(house):
    address = asked(house)
    raw = mail(THANKS, sender="sol@law.example", Authentication_Results="border.example; dmarc=pass header.from=law.example")
    assert answered(house, raw, address) == 2
    assert rows(house, Case, id=2)[0].related_case_id == 1
    assert "possible_reply" in open_tasks(house, case_id=2)


def test_a_forged_name_joins_nothing_though_it_holds_the_address(house):
    raw = mail(THANKS, message_id="<2@r.example>", Authentication_Results="border.example; dmarc=fail")
    assert answered(house, raw, asked(house)) == 2


def test_an_address_that_we_did_not_make_names_no_case(house):
    asked(house)
    for number, address in enumerate((OTHERS.address_for(1, "ada@resident.example"), "re.1.aaaa.1.bbbb@re.landlord.example")):
        assert answered(house, mail(f"{THANKS} {number}", message_id=f"<n{number}@r.example>"), address) == 2 + number
    assert all(case.related_case_id is None for case in rows(house, Case))


def test_a_letter_goes_to_no_address_of_ours(house):
    address = asked(house)
    number = arrive(house, mail(THANKS, sender=address, message_id="<2@r.example>"), sender=address)
    settle(house)
    held = [letter for letter in rows(house, OutboxEntry) if letter.message_id == number]
    assert all(letter.rule for letter in held)


def test_without_a_domain_letters_ask_for_no_such_address(house_of):
    house = house_of(mail={key: value for key, value in OURS.items() if key != "reply_domain"})
    assert asked(house) is None


def test_a_letter_of_earlier_years_is_still_answered_after_the_key_was_changed():
    envelope = Envelope(mail_from="a@b.example", rcpt_to=(OTHERS.address_for(7, "a@b.example"),))
    renewed = ReplyAddresses(key=TokenKey(secret=b"n" * 32, name="2"), domain="re.landlord.example", old_keys=(OTHERS.key,))
    assert renewed.cases(Reading(), envelope) == (7,)
    assert MADE.cases(Reading(), envelope) == ()


@given(st.text(max_size=200), st.sampled_from(["", "re.1.", "re.99999999999999999999.", MADE.address_for(3, "a@b")[:-3]]))
def test_no_address_does_harm(words, head):
    assert MADE.cases(Reading(to=(Sender(address=head + words),)), None) in {(), (3,)}


def test_many_addresses_cost_little_and_the_first_counts():
    address = MADE.address_for(3, "a@b.example")
    reading = Reading(to=tuple(Sender(address=OTHERS.address_for(number, "x")) for number in range(10_000)))
    assert MADE.cases(reading, Envelope(mail_from="", rcpt_to=(address,))) == (3,)


DOOR = {"kind": "smtp", "account": "a", "recipients": ["housing@landlord.example"]}


@pytest.mark.parametrize(
    ("mail_settings", "doors", "word"),
    [
        (OURS | {"reply_domain": "landlord.example"}, (), "other addresses"),
        (OURS, (DOOR,), "recipients"),
        (OURS | {"reply_domain": "not a domain"}, (), "reply_domain"),
    ],
)
def test_a_domain_to_which_no_answer_could_come_is_refused(tmp_path, mail_settings, doors, word):
    with pytest.raises((Mistake, ValueError), match=word):
        settings_in(tmp_path, "sqlite://", mail=mail_settings, channels=doors)
    open_door = DOOR | {"recipients": ["housing@landlord.example", "re.landlord.example"]}
    assert settings_in(tmp_path, "sqlite://", mail=OURS, channels=(open_door,)).mail.reply_domain == "re.landlord.example"
