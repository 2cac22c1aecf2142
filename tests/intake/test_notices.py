"""What a gateway or a list adds goes, and no sentence of a resident's goes with it."""

from __future__ import annotations

import pytest

from intake.notices import footer_length
from intake.quoting import new_words

LIFT = "The lift is broken again, and my mother cannot leave her flat."
OWN = [
    "Warning: this message is about gas. There is a smell of gas in the hall.",
    "IMPORTANT: the sender of this is in hospital, the ceiling fell on her.",
    "External: the wall outside is cracked and falling on the children.",
    "This is an external wall problem, outside our flat.\nIt has fallen on my son.",
    "Warning: external lights are all dead\nmy mother fell in the dark yesterday",
    "CAUTION: the external door hangs loose. Do not open the door, it falls on the stairs.",
    "[External] the wall fell down on the path",
    "This message is confidential: my husband beats me and I need to move.",
    "This email is confidential because we have to move away from here.",
    "You are receiving this message because you did not mend my boiler and my baby is cold.",
    "You are receiving this message because you never mended the boiler.",
    "Please print this email and take it to the lift engineer, my mother is stuck.",
    "Please print this email and take it to the lift engineer.",
    "The water was checked for viruses and it made the children sick.",
    "I received this message in error from your repairs team and my boiler is dead.",
    "If you are not the correct recipient please pass it on: my ceiling has fallen in.",
    "Take me off the mailing list.",
]


@pytest.mark.parametrize("said", OWN)
def test_what_a_resident_says_in_the_words_of_a_notice_stays(said):
    for text in (f"{said}\n\n{LIFT}", f"{LIFT}\n\n{said}"):
        assert new_words(text) == text


BANNERS = [
    "CAUTION: This email originated from outside of the organisation. Do not click links or open attachments.",
    (
        "CAUTION: This email originated from\noutside of the organisation. Do not click links or open\nattachments unless you recognise the"
        " sender and know the content is\nsafe."
    ),
    "[EXTERNAL EMAIL] DO NOT CLICK links or attachments unless you recognize the sender.",
    "EXTERNAL SENDER",
    "This message was sent from outside the council.",
    "You don't often get email from ann@resident.example. Learn why this is important",
]


@pytest.mark.parametrize("banner", BANNERS)
def test_a_banner_goes_at_the_head_of_a_mail_and_only_to_its_own_end(banner):
    assert new_words(f"{banner}\n\n{LIFT}") == LIFT
    assert new_words(f"{banner}\n{LIFT}") == LIFT
    assert new_words(f"{banner}\nThe ceiling fell on the baby.") == "The ceiling fell on the baby."
    assert new_words(f"EXTERNAL EMAIL\n\n{banner}\n\n{LIFT}") == LIFT
    # Further down no gateway writes, but a resident may copy what stood on a mail.
    assert banner in new_words(f"{LIFT}\n\n{banner}\n\nThat is what your mail says.")


def test_a_banner_goes_from_what_is_forwarded_too():
    block = "---------- Forwarded message ---------\nFrom: H <h@c.example>\nDate: Mon, 2 Nov 2026\nSubject: x\nTo: Ann"
    assert "CAUTION" not in new_words(f"{LIFT}\n\n{block}\n\n{BANNERS[0]}\n\nWe will come.")


FOOTERS = [
    (
        "This email and any files are confidential and intended solely for the use of the\nindividual to whom they are addressed."
        " If you have received this email in error please notify us\nimmediately and delete it. We do not accept liability for any virus."
    ),
    "Please consider the environment before printing this email",
    "You are receiving this message because you are subscribed to the group.\nTo unsubscribe from this group, visit https://x.example",
    "You received this message because you have subscribed to our newsletter list.",
    "The original of this email was scanned for viruses by the Government Secure Intranet.",
    "_______________________________________________\nTenants mailing list\nTenants@lists.example",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_a_footer_goes(footer):
    assert new_words(f"{LIFT}\n\n{footer}") == LIFT


@pytest.mark.parametrize("said", ["Also my ceiling fell on the baby.", "The ceiling fell on the baby.", "We have no water."])
def test_a_footer_ends_where_the_writer_speaks(said):
    footer = "This email is confidential and intended solely for the addressee."
    assert new_words(f"{LIFT}\n\n{footer}\n{said}") == f"{LIFT}\n\n{said}"
    assert said in new_words(f"{LIFT}\n\n{footer} {said}")
    assert said in new_words(f"{LIFT}\n\nThis email is confidential\n{said}")


def test_a_line_below_a_drawn_one_is_no_list_unless_it_says_so():
    text = f"{LIFT}\n\n{'_' * 30}\nThe door is broken too."
    assert new_words(text) == text


def test_a_footer_is_read_a_sentence_at_a_time():
    assert footer_length(["This email is confidential. It was sent in error.", "The ceiling fell down."]) == 1
    assert footer_length(["This email is confidential. The ceiling fell down.", "It was sent in error."]) == 0
    assert footer_length([]) == 0


TOLD = [
    "The smell is terrible too and the children are sick",
    "PS the alarm is dead as well",
    "I have been ill from the damp since Monday",
    "there was water coming through the ceiling again today",
]


@pytest.mark.parametrize("said", TOLD)
def test_a_line_that_the_writer_tells_below_the_signature_stays(said):
    assert new_words(f"{LIFT}\n-- \nAnn Smith\n{said}") == f"{LIFT}\n{said}"


CARD = [
    "Head of the Office for Housing and Repairs of the Borough",
    "Working together we make the city better for everybody here",
    "12 High Road, the flat at the back of the yard",
    "The office is open from nine, telephone 020 7946 0000",
    "The information in this email is confidential and may be privileged",
    "The people are our strength and our pride every day",
    "There is no contract made by this message or its sender",
    "The Home That Is Yours Was Built By The People",
]


@pytest.mark.parametrize("line", CARD)
def test_what_stands_on_a_card_goes_with_the_signature(line):
    assert new_words(f"{LIFT}\n-- \nAnn Smith\n{line}") == LIFT
