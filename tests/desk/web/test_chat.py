"""Chat at the desk: replies, versions, what was taken back, files, proof of letters; who is the same resident; one matter twice."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from review_desk import fields as hidden
from review_desk import rows, send, words_of
from selectolax.lexbor import LexborHTMLParser

from chats import ADA, photo, update, updates, wrote
from desk.web.readings import Readings
from desks import add_person, client_of, sign_in
from houses import NOON, READER, arrive, mail, settle
from intake.channels.instagram import Settings as Instagram
from intake.channels.messenger import Settings as Messenger
from intake.channels.signed_json import Settings as SignedJson
from promises.looking import everything, later
from store.chat_models import Conversation, IdentityLink, MediaContent, MediaFile
from store.desk_models import DraftLetter
from store.models import Case, Message, OutboxEntry, OutboxState, Party, Task

BEA = "whatsapp:housing:447700900123"
MAIL = "ada@resident.example"
WORDS = "complaint! the boiler in my flat has been broken since March and nobody from the council ever came to mend it"


@pytest.fixture
def house(house_of):
    return house_of()


@pytest.fixture
def olive(house):
    add_person(house, "olive", "officer")
    return sign_in(house, client_of(house), "olive")


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer


def case_page(client, house, case_id=1, query=""):
    return page(client, f"/cases/{rows(house, Case, id=case_id)[0].reference}{query}")


def change(house, table, key, **values):
    with house.store.unit("T6") as unit:
        assert unit.update(table, key, **values)
        unit.commit()


def form(answer, css="form.desk-reply__form"):
    found, told = LexborHTMLParser(answer.text).css_first(css), {}
    for node in found.css("input, textarea"):
        if node.attributes.get("type") in ("radio", "checkbox") and "checked" not in node.attributes:
            continue
        told[node.attributes.get("name")] = (
            node.text().removeprefix("\n") if node.tag == "textarea" else node.attributes["value"]
        )
    return told


def write(client, house, **typed):
    address = f"/cases/{rows(house, Case)[0].reference}/replies"
    told = form(page(client, f"{address}/new")) | {"body": "Dear Ada,\n\nA plumber comes on Friday.\n"} | typed
    answer = client.post(address, data=told | {"press": "preview"})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removesuffix("/preview")


def test_the_reply_begins_on_the_chat_it_came_by_named_as_people_say_it(house, olive):
    wrote(house, WORDS)
    answer = page(olive, f"/cases/{rows(house, Case)[0].reference}/replies/new")
    assert form(answer)["route"] == f"chat:{ADA}"
    assert "Telegram as they wrote" in words_of(answer)
    assert "housing-bot" not in words_of(answer)


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(0), "WhatsApp until 12:00pm tomorrow"),
        (timedelta(hours=20), "WhatsApp until 12:00pm today"),
        (timedelta(hours=24), "WhatsApp as they wrote, but letters are taken there only within 24 hours"),
    ],
)
def test_a_window_is_said_and_past_it_another_way_is_chosen(house, olive, passed, said):
    wrote(house, WORDS, identity=BEA, name="Bea")
    later(house, seconds=passed.total_seconds())
    sign_in(house, olive, "olive")
    with house.store.unit("desk") as unit:  # the sign-in of a day ago has ended
        from store.desk_models import StaffSession

        for session in unit.find(StaffSession):
            unit.update(StaffSession, session.id, started_at=house.clock.now(), seen_at=house.clock.now(), ended_at=None)
        unit.commit()
    answer = page(olive, f"/cases/{rows(house, Case)[0].reference}/replies/new")
    assert said in words_of(answer)
    assert (form(answer)["route"] == f"chat:{BEA}") is (passed < timedelta(hours=24))


def test_where_meta_allows_it_what_a_person_writes_goes_for_a_week(house_of):
    assert house_of().windows == {}
    house = house_of(channels=[settings_of(Messenger, kind="messenger", page_id="77", human_agent=True)])
    assert house.windows == {"messenger:messenger": timedelta(days=7)}


def settings_of(model, **told):
    return {name: "unread" for name in model.model_fields if name.endswith("_file")} | told


def test_a_letter_is_shown_in_as_many_messages_as_the_channel_was_told_to_make_of_it(house_of):
    """A gateway for text messages takes fewer characters at once than another system of the landlord's."""
    texts = settings_of(SignedJson, kind="signed_json", account="texts", base_url="https://x.example", longest=160)
    house = house_of(channels=[texts, texts | {"account": "app", "longest": 1600}])
    assert house.longest == {"signed_json:texts": 160, "signed_json:app": 1600}
    add_person(house, "olive", "officer")
    olive = sign_in(house, client_of(house), "olive")
    wrote(house, WORDS, identity="signed_json:texts:tenant-17")
    address = write(olive, house, body="Dear Ada,\n\n" + "We will come and look at it. " * 20)
    answer = page(olive, f"{address}/preview")
    shown = [part.text() for part in LexborHTMLParser(answer.text).css("h3 ~ pre.desk-letter__text")]
    assert len(shown) > 3 and all(len(part) <= 160 for part in shown)
    assert "Could it be shorter?" in words_of(answer)
    assert "Our own app, tenant-17" in words_of(answer)


def test_what_is_previewed_is_what_goes_in_as_many_messages(house_of):
    house = house_of(channels=[settings_of(Instagram, kind="instagram", account="page", instagram_id="77", page_id="78")])
    add_person(house, "olive", "officer")
    olive = sign_in(house, client_of(house), "olive")
    wrote(house, WORDS, identity="instagram:page:77", name="Ada <b>")
    long = "Dear Ada,\n\n" + "\n\n".join(f"{n}. " + "We will come and look at it. " * 9 for n in range(12))
    address = write(olive, house, body=long)
    answer = page(olive, f"{address}/preview")
    shown = [part.text() for part in LexborHTMLParser(answer.text).css("h3 ~ pre.desk-letter__text")]
    assert len(shown) > 3 and all(len(part) <= 1000 for part in shown)
    assert f"in {len(shown)} messages" in words_of(answer) and "Could it be shorter?" in words_of(answer)
    assert "Ada <b> (Instagram, 77)" in words_of(answer)
    told = form(answer, "form.desk-reply__send") | {"checked": "yes"}
    assert olive.post(f"{address}/send", data=told).status_code == 303
    kept = everything(house, OutboxEntry)[-1]
    assert (kept.way, kept.recipient) == ("instagram:page", "instagram:page:77")
    assert " ".join(" ".join(shown).split()) == " ".join(kept.short.split())
    assert "<b>" not in kept.short.replace("Ada <b>", "")


def test_a_draft_on_a_chat_that_closed_meanwhile_cannot_go_and_says_which_way_it_was(house, olive):
    wrote(house, WORDS)
    address = write(olive, house)
    change(house, Conversation, ADA, closed_at=NOON, closed_why="they do not take our messages on telegram any more")
    answer = page(olive, f"{address}/preview")
    assert "Nothing can be sent on Telegram: they do not take our messages" in words_of(answer)
    assert "Choose another way" in words_of(answer)
    told = form(answer, "form.desk-reply__send")
    assert olive.post(f"{address}/send", data=told | {"checked": "yes"}).status_code == 422
    assert everything(house, DraftLetter)[0].finished_at is None


def test_a_chat_is_not_recorded_as_if_somebody_had_carried_it(house, olive):
    wrote(house, WORDS)
    address = write(olive, house)
    assert olive.post(f"{address}/record", data={}).status_code == 404


def act(house, words, kind, about, **more):
    """A later update by chat about an earlier message."""
    first = rows(house, Message, id=about)[0]
    number = wrote(house, words, act=kind, about=first.external_id, **more)
    change(house, Message, number, case_id=first.case_id, disposition="act")
    return number


def test_other_words_stand_under_the_message_as_versions_and_nothing_is_lost(house, olive):
    first = wrote(house, WORDS)
    later(house, minutes=5)
    act(house, "complaint! I meant the heating <script>", "edit", first)
    later(house, minutes=5)
    wrote(house, "complaint! another matter", identity="telegram:housing-bot:999", name="Cid")
    answer = case_page(olive, house)
    told = words_of(answer)
    assert "boiler in my flat" in told
    assert "Changed by the resident on 23 November 2026 at 12:05pm" in told
    assert "I meant the heating <script>" in told
    assert "<script>" not in answer.text.split("<main")[1].split("</main")[0]
    assert "Changed by the resident" not in words_of(case_page(olive, house, rows(house, Case)[-1].id))


def test_an_edit_on_another_account_with_the_same_number_changes_nothing_here(house, olive):
    first = wrote(house, WORDS)
    number = wrote(
        house, "not yours", identity="telegram:other-bot:12345", act="edit", about=rows(house, Message, id=first)[0].external_id
    )
    assert rows(house, Message, id=number)[0].account == "other-bot"
    assert "Changed by the resident" not in words_of(case_page(olive, house))


def test_a_message_that_was_taken_back_is_marked_and_still_read(house, olive):
    first = wrote(house, WORDS)
    change(house, Message, first, withdrawn_at=NOON + timedelta(hours=1))
    told = words_of(case_page(olive, house))
    assert "taken back by the resident" in told and "boiler in my flat" in told
    assert "on 23 November 2026 at 1:00pm. It stays on the record as it came." in told
    assert "boiler in my flat" in words_of(page(olive, f"/messages/{first}/review"))


def test_the_card_names_the_channel_and_the_person_and_no_number(house, olive):
    first = wrote(house, WORDS)
    for address in (
        f"/messages/{first}/review",
        f"/cases/{rows(house, Case)[0].reference}",
        "/queue",
        f"/messages/{first}/original",
    ):
        told = words_of(page(olive, address))
        assert "telegram:housing-bot" not in told
    assert "from Ada Telegram received" in words_of(page(olive, f"/messages/{first}/review"))
    assert "Message by Telegram" in words_of(case_page(olive, house))
    assert "(.json)" in words_of(page(olive, f"/messages/{first}/review"))


def test_somebody_without_a_name_is_told_by_channel_and_number(house, olive):
    first = wrote(house, WORDS, name="")
    assert "from Telegram, 12345" in words_of(page(olive, f"/messages/{first}/review"))
    assert "Chat Telegram, 12345" in words_of(case_page(olive, house))
    assert "Came by Telegram" in words_of(case_page(olive, house))


def test_updates_without_words_are_told_by_events_alone_and_echoes_say_what_they_are(house, olive):
    first = wrote(house, WORDS)
    act(house, "receipt of something", "receipt", first)
    act(house, "we told them ourselves", "echo", first)
    told = words_of(case_page(olive, house))
    assert "receipt of something" not in told
    assert "Written from our account elsewhere" in told and "we told them ourselves" in told
    latest = LexborHTMLParser(case_page(olive, house).text).css_first(".desk-latest").text()
    assert "boiler in my flat" in latest


def test_an_album_is_shown_as_one_message_with_all_its_files(house, olive):
    album = {"media_group_id": "g1"}
    words = update(house, 1, photo=photo("a"), caption=WORDS, **album)
    first, second = updates(house, words, update(house, 2, photo=photo("b"), **album))
    assert [row.disposition for row in rows(house, Message)] == ["case", "part"]
    for number in (first, second):
        fetched(house, number, 1, picture(), "mould.jpg")
    answer = page(olive, f"/messages/{first}/review")
    assert "2 messages in a row, read as one" in words_of(answer)
    for number in (first, second):
        assert f'src="/messages/{number}/files/1/thumbnail"' in answer.text
        assert page(olive, f"/messages/{number}/files/1/thumbnail").headers["content-type"] == "image/jpeg"
    assert f"/messages/{second}/files/1/picture" in page(olive, f"/messages/{first}/files/1/picture").text
    later(house, minutes=5)
    updates(house, update(house, 3, text="It is still as cold as it was"))
    offered = LexborHTMLParser(page(olive, f"/cases/{rows(house, Case)[0].reference}/replies/new").text).css("aside li")
    assert [one.text().strip()[:40] for one in offered] == [
        f"23 November 2026: {WORDS}"[:40]
    ]  # a part is answered with its whole
    with house.store.unit("T6") as unit:
        unit.update(Message, rows(house, Message)[-1].id, disposition="part")
        unit.commit()
    entries = LexborHTMLParser(case_page(olive, house, query="?show=messages").text).css(".desk-line__message")
    assert len(entries) == 1


def picture(colour="green"):
    made = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(made, "JPEG")
    return made.getvalue()


def fetched(house, message_id, number, body, name, **more):
    """Let a file of a message be fetched, or be missing with a reason."""
    (file,) = rows(house, MediaFile, message_id=message_id, number=number)
    with house.store.unit("T6") as unit:
        unit.update(MediaFile, file.id, **{"name": name, "type": "image/jpeg", "state": "kept" if body else "missing"} | more)
        unit.update(MediaFile, file.id, size=len(body or b""), sha256=hashlib.sha256(body or b"").hexdigest())
        if body:
            unit.add(MediaContent, [{"media_id": file.id, "body": body}])
        unit.commit()


def test_files_that_were_fetched_are_shown_like_those_of_mail_and_the_others_say_why_not(house, olive):
    first, second, third = (updates(house, update(house, n, photo=photo(str(n)), caption=WORDS))[0] for n in (1, 2, 3))
    fetched(house, first, 1, picture(), "mould.jpg")
    fetched(house, second, 1, None, "film.mp4", problem="larger than 20 MB, which is the most that Telegram gives out")
    fetched(house, third, 1, None, "late.jpg", state="waiting")
    answer = page(olive, f"/messages/{first}/review")
    assert f'src="/messages/{first}/files/1/thumbnail"' in answer.text
    assert page(olive, f"/messages/{first}/files/1").content == picture()
    assert page(olive, f"/messages/{first}/files/1/thumbnail").headers["content-type"] == "image/jpeg"
    assert "film.mp4 is not here: larger than 20 MB" in words_of(page(olive, f"/messages/{second}/review"))
    assert "late.jpg is not here: it is still being fetched" in words_of(page(olive, f"/messages/{third}/review"))
    assert page(olive, f"/messages/{second}/files/1", 404)


def test_a_file_that_comes_later_is_seen_though_the_message_was_looked_at_before(house, olive):
    (first,) = updates(house, update(house, 1, photo=photo("a"), caption=WORDS))
    assert "files/1/thumbnail" not in page(olive, f"/messages/{first}/review").text
    fetched(house, first, 1, picture(), "late.jpg")
    assert "files/1/thumbnail" in page(olive, f"/messages/{first}/review").text


def test_a_file_keeps_its_number_and_its_picture_whenever_the_others_of_its_message_come(house, olive):
    (first,) = updates(house, update(house, 1, photo=photo("a"), caption=WORDS))
    with house.store.unit("T6") as unit:
        (file,) = unit.find(MediaFile, message_id=first)
        told = {"way": file.way, "reference": file.reference, "next_at": file.next_at, "message_id": first, "number": 2}
        unit.add(MediaFile, [told])
        unit.commit()
    fetched(house, first, 2, picture("red"), "stairs.jpg")
    assert page(olive, f"/messages/{first}/files/2").content == picture("red")
    red = page(olive, f"/messages/{first}/files/2/thumbnail").content
    assert page(olive, f"/messages/{first}/files/1/thumbnail", 404)
    fetched(house, first, 1, picture("green"), "mould.jpg")
    assert page(olive, f"/messages/{first}/files/2/thumbnail").content == red
    assert page(olive, f"/messages/{first}/files/1/thumbnail").content not in (red, b"")
    assert [page(olive, f"/messages/{first}/files/{n}").content for n in (1, 2)] == [picture("green"), picture("red")]


def test_a_large_file_is_told_by_its_beginning_and_its_end_and_given_whole(house, olive):
    (first,) = updates(house, update(house, 1, photo=photo("a"), caption=WORDS))
    large = b"PK\x03\x04word/document.xml" + b"\0" * 1_000_000 + b"word/vbaProject.bin"
    fetched(house, first, 1, large, "letter.docx")
    answer = page(olive, f"/messages/{first}/review")
    assert "letter.docx" in words_of(answer) and "macros" in words_of(answer)
    assert page(olive, f"/messages/{first}/files/1").content == large
    with house.store.glance() as glance:
        (kept,) = house_readings(glance, rows(house, Message, id=first)[0])
    assert len(kept.content) < 300_000 < kept.size == len(large)


def house_readings(glance, message):
    return Readings(READER).of(glance, message).attachments


def test_what_telegram_tells_of_an_edit_and_a_press_is_shown_as_the_resident_meant_it(house, olive):
    (first,) = updates(house, update(house, 1, text=WORDS))
    updates(house, update(house, 1, "edited_message", text=f"{WORDS}. Sorry, since May!"))
    reference = rows(house, Case)[0].reference
    letter = {"message_id": 9, "chat": {"id": 12345, "type": "private"}, "date": 0}
    keys = {"inline_keyboard": [[{"text": "Talk to a person", "callback_data": f"person/{reference}"}]]}
    who = {"id": 12345, "is_bot": False, "first_name": "Ada"}
    pressed = {"id": "77", "from": who, "data": f"person/{reference}", "message": letter | {"reply_markup": keys}}
    updates(house, {"update_id": 20_000, "callback_query": pressed})
    told = words_of(case_page(olive, house))
    assert "Changed by the resident on 23 November 2026" in words_of(page(olive, f"/messages/{first}/review"))
    assert "Sorry, since May!" in told
    assert "What they chose" in told and "The resident chose an answer" in told and "Talk to a person" in told
    assert "Asks for a person" in told
    assert len(rows(house, Case)) == 1


def test_content_that_we_cannot_show_says_to_open_the_app(house, olive):
    first = wrote(house, WORDS, reading_problems=["unsupported:live_location"])
    assert "Unsupported content: open it in the app." in words_of(page(olive, f"/messages/{first}/review"))


def test_a_letter_by_chat_is_shown_as_it_went_with_its_buttons_and_the_platforms_proof(house, olive):
    wrote(house, WORDS)
    letter = everything(house, OutboxEntry)[0]
    told = {"way": "telegram:housing-bot", "recipient": ADA, "short": "We have your message.", "state": OutboxState.SENT}
    proof = {"buttons": [["A new problem", "request/x"]], "progress": "read", "progress_at": NOON + timedelta(minutes=4)}
    change(house, OutboxEntry, letter.id, **told, sent_at=NOON, **proof)
    said = words_of(case_page(olive, house))
    assert "Telegram to Telegram, 12345" in said
    assert "Read, says the platform, on 23 November 2026 at 12:04pm" in said
    assert "We have your message." in said and "“A new problem”" in said
    assert letter.text[:60] not in said


def link(client, house, case_id, **typed):
    reference = rows(house, Case, id=case_id)[0].reference
    told = {"one": ADA, "other": MAIL, "why": "she said so on the telephone"} | typed
    return client.post(f"/cases/{reference}/acts/link-resident", data=told)


def both_ways(house):
    arrive(house, mail(WORDS))
    settle(house)
    wrote(house, "service_request! a tap drips in the kitchen")


def test_two_addresses_are_linked_from_the_case_page_and_both_show_the_other_case(house, olive):
    both_ways(house)
    first, second = rows(house, Case)
    asked = page(olive, f"/cases/{second.reference}/acts/link-resident")
    assert "Ada (Telegram, 12345)" in words_of(asked)
    assert link(olive, house, 2, other=first.reference.lower()).status_code == 303
    (row,) = rows(house, IdentityLink)
    assert (row.first, row.second, row.by, row.how) == (MAIL, ADA, "olive", "staff")
    for here, there in ((first, second), (second, first)):
        told = words_of(page(olive, f"/cases/{here.reference}"))
        assert f"{MAIL} and Telegram, 12345" in told and there.reference in told
        assert "she said so on the telephone (Olive" in told
        assert "Two addresses linked as one resident's" in words_of(page(olive, f"/cases/{here.reference}?show=history"))
    answer = page(olive, f"/cases/{second.reference}/replies/new")
    assert f"Email: {MAIL} linked with it as the same person's" in words_of(answer)


def test_a_link_is_undone_for_a_reason_and_leaves_both_histories(house, olive):
    both_ways(house)
    first = rows(house, Case)[0]
    link(olive, house, 2)
    address = f"/cases/{first.reference}/acts/unlink-resident?of=1"
    assert "she said so on the telephone" in words_of(page(olive, address))
    assert olive.post(address, data={"of": "1", "why": ""}).status_code == 422
    assert olive.post(address, data={"of": "1", "why": "it was her sister"}).status_code == 303
    assert rows(house, IdentityLink)[0].undone_why == "it was her sister"
    assert rows(house, Case)[1].reference not in words_of(page(olive, f"/cases/{first.reference}")).split("What happened")[0]
    assert page(olive, address, 404)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"why": ""}, "Say why"),
        ({"other": "LBL-26-000000-00"}, "reference of a case that you can open"),
        ({"other": "not@all"}, "correct format"),
        ({"one": "eve@x.example"}, "Choose an address of this case"),
    ],
)
def test_what_cannot_be_linked_is_asked_again_with_all_that_was_typed(house, olive, typed, said):
    both_ways(house)
    answer = link(olive, house, 2, **typed)
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert rows(house, IdentityLink) == []


def test_a_restricted_case_lends_its_address_to_nobody_who_may_not_open_it(house, olive):
    both_ways(house)
    change(house, Case, 1, restricted=True)
    answer = link(olive, house, 2, other=rows(house, Case)[0].reference)
    assert answer.status_code == 422 and MAIL not in answer.text
    link(olive, house, 2)
    told = case_page(olive, house, 2).text
    assert rows(house, Case)[0].reference not in told


def test_a_link_made_on_a_restricted_case_says_nothing_on_an_open_one(house, olive):
    both_ways(house)
    first, second = rows(house, Case)
    change(house, Case, 2, restricted=True)
    add_person(house, "mara", "manager")
    mara = sign_in(house, client_of(house), "mara")
    assert link(mara, house, 2, why="her safe account since she left him").status_code == 303
    page_of = f"/cases/{first.reference}"
    for asked in (page_of, f"{page_of}?show=history", f"{page_of}/replies/new"):
        told = page(olive, asked).text
        assert not any(secret in told for secret in ("safe account", ADA, "Telegram", second.reference)), asked
    assert page(olive, f"{page_of}/acts/unlink-resident?of=1", 404)
    assert "her safe account" in words_of(page(mara, page_of))


def twice(house):
    arrive(house, mail(WORDS))
    settle(house)
    later(house, minutes=30)
    wrote(house, WORDS)
    return rows(house, Task, kind="same_matter")[0]


def test_the_same_matter_is_compared_on_its_card_joined_and_taken_apart_on_the_case_page(house, olive):
    task = twice(house)
    first, second = rows(house, Case)
    assert "Compare the two" in words_of(page(olive, f"/cases/{second.reference}"))
    answer = page(olive, f"/tasks/{task.id}")
    told = words_of(answer)
    assert "May be the same matter" in told and f"The same case as {first.reference}" in told
    assert "broken since March" in LexborHTMLParser(answer.text).css_first(".desk-reply__quote").text()
    assert send(olive, answer, f"/tasks/{task.id}/same", role="resident", why="one boiler").status_code == 303
    assert [message.case_id for message in rows(house, Message)] == [1, 1]
    assert ADA in {party.address for party in rows(house, Party, case_id=1)}
    assert f"{second.reference} is the same matter and goes on here" in words_of(page(olive, f"/cases/{first.reference}"))
    assert f"It goes on in {first.reference}" in words_of(page(olive, f"/cases/{second.reference}"))
    found = re.search(r'href="(/cases/[^"]+/acts/take-apart\?of=2)"', page(olive, f"/cases/{first.reference}").text)
    asked = page(olive, found[1])
    assert "its own dates" in words_of(asked)
    done = olive.post(found[1], data={"of": "2", "why": "they are two boilers"})
    assert done.status_code == 303
    assert [message.case_id for message in rows(house, Message)] == [1, 2]
    assert "Taken apart again" in words_of(page(olive, f"/cases/{second.reference}?show=history"))
    assert page(olive, found[1], 404)


def test_the_later_case_can_be_taken_out_from_its_own_page_too(house, olive):
    task = twice(house)
    send(olive, page(olive, f"/tasks/{task.id}"), f"/tasks/{task.id}/same", role="resident", why="one boiler")
    address = f"/cases/{rows(house, Case)[1].reference}/acts/take-apart"
    assert page(olive, address)
    assert olive.post(address, data={"of": "", "why": "two matters"}).status_code == 303
    assert rows(house, Case)[1].status == "open"


def test_it_is_kept_apart_with_one_press(house, olive):
    task = twice(house)
    send(olive, page(olive, f"/tasks/{task.id}"), f"/tasks/{task.id}/not-same")
    assert rows(house, Task, id=task.id)[0].outcome == "it is a matter of its own"
    assert [message.case_id for message in rows(house, Message)] == [1, 2]


def test_linked_senders_are_taken_for_the_resident_unless_told_otherwise(house, olive):
    task = twice(house)
    assert "selected" not in page(olive, f"/tasks/{task.id}").text.split('id="role"')[1].split("</select>")[0]
    link(olive, house, 2)
    assert 'value="resident" selected' in page(olive, f"/tasks/{task.id}").text


def test_a_case_that_is_closed_to_the_person_is_not_told_by_the_offer(house, olive):
    task = twice(house)
    first = rows(house, Case)[0]
    change(house, Case, 1, restricted=True)
    answer = page(olive, f"/tasks/{task.id}")
    assert first.reference not in answer.text
    assert "closed to you" in words_of(answer)
    assert olive.post(f"/tasks/{task.id}/same", data={"role": ""}).status_code == 404
    assert hidden(answer, f"/tasks/{task.id}/not-same")
    assert first.reference not in case_page(olive, house, 2, "?show=history").text


def test_an_offer_beside_a_restricted_case_is_seen_by_those_alone_who_may_open_it(house, olive):
    arrive(house, mail(WORDS))
    settle(house)
    change(house, Case, 1, restricted=True)
    later(house, minutes=30)
    wrote(house, WORDS)
    first, second = rows(house, Case)
    task = rows(house, Task, kind="same_matter")[0]
    assert page(olive, f"/tasks/{task.id}", 404)
    assert "same matter" not in case_page(olive, house, 2, "?show=history").text
    add_person(house, "mara", "manager")
    mara = sign_in(house, client_of(house), "mara")
    told = words_of(page(mara, f"/tasks/{task.id}"))
    assert f"{second.reference} is closed and linked" in told and f"the dates of {first.reference} stand" in told
    assert "It is restricted from then on" in told
    assert (
        send(mara, page(mara, f"/tasks/{task.id}"), f"/tasks/{task.id}/same", role="resident", why="one boiler").status_code
        == 303
    )
    assert page(olive, f"/cases/{second.reference}", 404)


def test_a_restricted_case_is_compared_on_its_own_page_where_reading_it_is_noted(house, olive):
    task = twice(house)
    for case_id in (1, 2):
        change(house, Case, case_id, restricted=True)
    add_person(house, "mara", "manager")
    mara = sign_in(house, client_of(house), "mara")
    answer = page(mara, f"/tasks/{task.id}")
    assert rows(house, Case)[0].reference in answer.text
    assert LexborHTMLParser(answer.text).css_first(".desk-reply__quote") is None
    assert "open it to compare the two" in words_of(answer)


def test_a_person_known_by_chat_is_changed_without_losing_their_identity(house, olive):
    wrote(house, WORDS)
    (case,) = rows(house, Case)
    party = next(row for row in rows(house, Party) if row.address == ADA)
    address = f"/cases/{case.reference}/acts/change-person?of={party.id}"
    asked = page(olive, address)
    assert "Telegram, 12345, as the system keeps it" in words_of(asked)
    told = form(asked, "form#form") | {"name": "Ada Resident", "role": "resident", "why": "she said so"}
    assert olive.post(address, data=told).status_code == 303
    changed = rows(house, Party, id=party.id)[0]
    assert (changed.address, changed.name) == (ADA, "Ada Resident")


def test_a_reference_of_a_linked_case_is_one_of_the_same_residents(house, olive):
    both_ways(house)
    first, second = rows(house, Case)
    words = f"Dear Ada,\n\nYour other case {second.reference} goes on.\n"
    address = write(olive, house, body=words)
    assert f"{second.reference} is not a case of this resident" in words_of(page(olive, f"{address}/preview"))
    link(olive, house, 2)
    assert f"{second.reference} is another case of the same resident" in words_of(page(olive, f"{address}/preview"))
    assert first.reference != second.reference
