"""Colleagues who pass on what residents told them, web forms of ours, and what the border takes for spam."""

import pytest

from handlers.senders import Senders, original_sender
from houses import arrive, mail, settle
from intake.message import Attachment, Inside, Reading, Sender
from promises.looking import everything, must_hold, send
from store.models import Case, OutboxEntry, OutboxState, Party, Task

SENDERS = Senders(
    staff_domains=("council.example",),
    forms=("noreply@forms.council.example",),
    spam_marks=(("X-Spam-Flag", "yes"), ("x-forefront-antispam-report", "SFV:SPM")),
)
ADA, FORM = Sender(address="ada@resident.example"), Sender(address="NoReply@forms.council.example")


def reading(address="ada@resident.example", **fields):
    return Reading(**({"sender": Sender(address=address), "text": "Damp."} | fields))


RULES = [
    ("by-staff", reading("officer@council.example")),
    ("by-staff", reading("Officer@HOUSING.Council.example")),
    ("border-spam", reading(headers={"x-spam-flag": ("YES",)})),
    ("border-spam", reading(headers={"x-forefront-antispam-report": ("CIP:1.2.3.4;SFV:SPM;SCL:9;",)})),
    (None, reading()),
    (None, reading("ada@notcouncil.example")),
    (None, reading("ada@council.example.org")),
    (None, reading(None)),
    (None, reading(headers={"x-spam-flag": ("NO",)})),
    (None, reading(headers={"x-spam-status": ("yes",)})),
    (None, reading("officer@council.example", channel_kind="chat")),
]


@pytest.mark.parametrize(("rule", "read"), RULES)
def test_what_the_settings_say_of_a_sender(rule, read):
    assert SENDERS.rule(read) == rule


def test_a_house_without_such_settings_holds_nobody_back():
    assert all(Senders().rule(read) is None for _rule, read in RULES)


NO_FORMS = [
    ("unknown", {"reply_to": (ADA,)}),
    ("failed", {"reply_to": (ADA,)}),
    ("authentic", {"reply_to": (ADA,), "sender": Sender(address="noreply@forms.example")}),
    ("authentic", {"reply_to": ()}),
    ("authentic", {"reply_to": (ADA, ADA)}),
    ("authentic", {"reply_to": (Sender(address="nobody"),)}),
    ("authentic", {"reply_to": (Sender(address="officer@council.example"),)}),
]


def test_a_listed_form_that_is_authentic_has_its_resident_in_reply_to():
    headers = {"auto-submitted": ("auto-generated",), "x-loop": ("x",)}
    found = SENDERS.of_form(reading(sender=FORM, reply_to=(ADA,), headers=headers), "authentic")
    assert (found.sender, found.reply_to, found.headers) == (ADA, (), {"x-loop": ("x",)})


@pytest.mark.parametrize(("trust", "fields"), NO_FORMS)
def test_no_other_mail_is_taken_for_its_reply_to(trust, fields):
    assert SENDERS.of_form(reading(**({"sender": FORM} | fields)), trust) is None


def attached():
    inside = Inside(sender=ADA)
    return Attachment(name="a.eml", type="message/rfc822", size=1, sha256="0" * 64, inline=False, content=b"", inside=inside)


@pytest.mark.parametrize(
    ("text", "files", "found"),
    [
        ("See below.\n\nFrom: Ada <ada@resident.example>\nSent: Monday\n\nDamp.", (), "ada@resident.example"),
        ("> From: ada@resident.example\n> Damp", (), "ada@resident.example"),
        ("*From:* Ada Resident [mailto:ada@resident.example]\n", (), "ada@resident.example"),
        ("She rang me.", (attached(),), "ada@resident.example"),
        ("I heard from: nobody", (), None),
        ("From: Ada\nSent: today", (), None),
        ("From: " + "<" * 50_000, (), None),
    ],
)
def test_who_wrote_what_is_passed_on_is_offered(text, files, found):
    wrote = original_sender(reading(text=text, attachments=files))
    assert (wrote.address if wrote else None) == found


OURS = {"from_address": "housing@landlord.example", "from_name": "Housing", "trusted_authservs": ["mx.landlord.example"]}


def test_a_colleague_gets_no_letter_and_a_person_says_who_the_resident_is(house_of):
    house = house_of(mail=OURS | {"staff_domains": ["landlord.example"]})
    words = "complaint! Please log this.\n\nFrom: Ada <ada@resident.example>\nSent: Monday\nSubject: Damp\n\nThe damp is back."
    officer = "officer@landlord.example"
    arrive(house, mail(words, sender=officer, subject="FW: Damp"), sender=officer)
    settle(house)
    (case,), (letter,) = everything(house, Case), everything(house, OutboxEntry)
    assert (letter.state, letter.rule) == (OutboxState.SUPPRESSED, "by-staff")
    assert (case.resident_address, case.resident_name) == (None, None)
    assert [(party.address, party.role) for party in everything(house, Party)] == [(officer, "representative")]
    (task,) = everything(house, Task, kind="unsent_letter")
    assert "say who the resident is (it passes on a mail of ada@resident.example)" in task.why
    house.sweep().once()
    assert send(house).sent == []
    must_hold(house)


@pytest.mark.parametrize(("verdict", "answered"), [("pass", True), ("fail", False)])
def test_a_form_of_ours_is_answered_to_its_resident_where_the_border_finds_it_authentic(house_of, verdict, answered):
    form = "noreply@forms.landlord.example"
    house = house_of(mail=OURS | {"forms": [form]})
    result = f"mx.landlord.example; dmarc={verdict} header.from=forms.landlord.example"
    headers = {"Authentication_Results": result, "Reply_To": "ada@resident.example", "Auto_Submitted": "auto-generated"}
    arrive(house, mail("complaint! The damp is back.", sender=form, **headers), sender="")
    settle(house)
    (case,) = everything(house, Case)
    assert [reply.recipient for reply in send(house).sent] == (["ada@resident.example"] if answered else [])
    assert case.resident_address == ("ada@resident.example" if answered else form)
    must_hold(house)


def test_f23_what_the_border_takes_for_spam_opens_a_case_and_is_a_persons(house_of):
    house = house_of(mail=OURS | {"spam_marks": {"X-Spam-Flag": "yes"}})
    arrive(house, mail("complaint! The damp is back.", X_Spam_Flag="YES"))
    settle(house)
    (letter,) = everything(house, OutboxEntry)
    assert (letter.state, letter.rule) == (OutboxState.SUPPRESSED, "border-spam")
    must_hold(house)
