"""What Meta's updates say: every kind of event of Messenger and Instagram, and every type of message of WhatsApp."""

import json
from datetime import UTC, datetime

import pytest

from channels.meta_fakes import NOON, Box
from handlers.clock import FixedClock
from intake.channels import instagram, messenger, whatsapp
from intake.reading import read
from standins.meta import Meta

AT = 1795435200000
"""NOON in milliseconds."""
USER, OURS = {"id": "7001"}, {"id": "100200300400"}
BSUID = "GB.AbC123"


def page(tmp_path, *events, kind="messenger", key="messaging"):
    """Return what was kept of events of a page, and how each reads."""
    module, named = {"messenger": (messenger, "page_id"), "instagram": (instagram, "instagram_id")}[kind]
    entry = {
        "id": OURS["id"],
        "time": AT,
        key: [{"sender": USER, "recipient": OURS, "timestamp": AT, **each} for each in events],
    }
    batch = {"object": "page" if kind == "messenger" else kind, "entry": [entry]}
    return taken(module, {named: OURS["id"], "account": "ours"}, batch, tmp_path)


def phone(tmp_path, *, contacts=None, field="messages", **lists):
    """Return what was kept of the lists of a change, and how each reads."""
    people = [{"profile": {"name": "Ada Day"}, "wa_id": "447700900001", "user_id": BSUID}] if contacts is None else contacts
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "106"}, "contacts": people, **lists}
    batch = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}]}
    return taken(whatsapp, {"phone_number_id": "106", "account": "ours"}, batch, tmp_path)


def taken(module, settings, batch, tmp_path):
    box = Box()
    (tmp_path / "secret").write_text("s")
    files = dict.fromkeys(("app_secret_file", "verify_token_file", "access_token_file"), tmp_path / "secret")
    channel = module.build(module.Settings(**settings, **files), box, FixedClock(NOON))
    assert channel.answer(Meta.request(Meta.body(batch), secret="s")).status == 200
    readings = [read(message.raw, message.media_type, message.received_at) for message in box.messages]
    for message, reading in zip(box.messages, readings, strict=True):
        if message.problem is None:
            assert (reading.message_id, reading.chat.act) == (message.external_id, message.act)
            assert reading.chat.conversation == message.conversation == reading.sender.address
            assert reading.channel_kind == "dm"
    return list(zip(box.messages, readings, strict=True))


def wa(kind, body, **more):
    return {"id": "wamid.1=", "from": "447700900001", "timestamp": str(AT // 1000), "type": kind, kind: body, **more}


@pytest.mark.parametrize(
    ("event", "name", "expected"),
    [
        ({"message": {"mid": "m1", "text": "Damp again"}}, "m1", {"act": "message"}),
        ({"message": {"mid": "m1", "text": "yes", "reply_to": {"mid": "m0"}}}, "m1", {"act": "message", "about": "m0"}),
        ({"message": {"mid": "m1", "text": "B", "quick_reply": {"payload": "b:1"}}}, "m1", {"act": "press", "pressed": "b:1"}),
        ({"postback": {"mid": "m2", "title": "Start", "payload": "start"}}, "m2", {"act": "press", "pressed": "start"}),
        ({"postback": {"title": "Start"}}, f"postback:7001:{AT}", {"act": "press", "pressed": "Start"}),
        ({"message_edit": {"mid": "m1", "text": "x", "num_edit": 2}}, "m1:edit:2", {"act": "edit", "about": "m1"}),
        ({"message_edit": {"mid": "m1", "text": "x", "num_edit": "2"}}, "m1:edit:2", {"act": "edit", "about": "m1"}),
        ({"message": {"mid": "m1", "is_deleted": True}}, "m1:withdrawn", {"act": "withdrawal", "about": "m1"}),
        ({"delivery": {"mids": ["o1"], "watermark": AT}}, "receipt:o1:delivered",
         {"act": "receipt", "about": "o1", "progress": "delivered"}),
        ({"delivery": {"watermark": AT}}, f"receipt:7001:{AT}:delivered", {"act": "receipt", "about": None}),
        ({"read": {"watermark": AT}}, f"receipt:7001:{AT}:read", {"act": "receipt", "about": None, "progress": "read"}),
        ({"read": {"mid": "o1"}}, "receipt:o1:read", {"act": "receipt", "about": "o1", "progress": "read"}),
        ({"reaction": {"mid": "o1", "action": "react", "emoji": "❤"}}, f"reaction:o1:7001:{AT}",
         {"act": "receipt", "about": "o1", "progress": None}),
        ({"referral": {"source": "SHORTLINK"}}, None, {"act": "receipt", "progress": None}),
        ({"pass_thread_control": {"new_owner_app_id": "1"}}, None, {"act": "receipt"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["messenger", "instagram"])
def test_each_kind_of_event_of_a_page_is_known_for_what_it_is(tmp_path, event, name, expected, kind):
    [(message, reading)] = page(tmp_path, event, kind=kind)
    assert message.problem is None
    assert name in (None, message.external_id)
    assert {key: getattr(reading.chat, key) for key in expected} == expected
    assert reading.chat.conversation == f"{kind}:ours:7001"
    assert not reading.unreadable
    assert reading.date == NOON


def test_a_receipt_for_several_letters_is_one_for_each(tmp_path):
    found = page(tmp_path, {"delivery": {"mids": ["o1", "o2", "o3"], "watermark": AT}})
    assert [reading.chat.about for _, reading in found] == ["o1", "o2", "o3"]


@pytest.mark.parametrize(("metadata", "ours"), [("council-intake:0123", True), ("other", False), (None, False)])
def test_an_echo_is_told_to_the_resident_who_got_it_and_whether_we_wrote_it(tmp_path, metadata, ours):
    message = {"is_echo": True, "mid": "o9", "text": "We will call", "metadata": metadata}
    [(kept, reading)] = page(tmp_path, {"sender": OURS, "recipient": USER, "message": message})
    assert (kept.external_id, kept.conversation) == ("echo:o9", "messenger:ours:7001")
    assert (reading.chat.act, reading.chat.about, reading.chat.machine) == ("echo", "o9", ours)
    assert reading.text == "We will call"


def test_what_came_while_another_app_had_the_conversation_is_kept_all_the_same(tmp_path):
    [(message, reading)] = page(tmp_path, {"message": {"mid": "m1", "text": "No heating"}}, key="standby")
    assert (message.act, reading.new_text) == ("message", "No heating")


@pytest.mark.parametrize(
    ("attachment", "text", "files"),
    [
        ({"type": "image", "payload": {"url": "https://x.fbcdn.net/1"}}, "", [{"url": "https://x.fbcdn.net/1"}]),
        ({"type": "audio", "payload": {"url": "https://x.fbcdn.net/2"}}, "", [{"url": "https://x.fbcdn.net/2"}]),
        ({"type": "story_mention", "payload": {"url": "https://x.fbcdn.net/3"}}, "", [{"url": "https://x.fbcdn.net/3"}]),
        ({"type": "image", "payload": {"url": "https://x.fbcdn.net/4", "sticker_id": 369}}, "[sticker]", []),
        ({"type": "location", "payload": {"coordinates": {"lat": 51.4, "long": -0.02}}}, "[location: 51.4, -0.02]", []),
        ({"type": "fallback", "title": "A page", "url": "https://a.example"}, "[fallback: A page https://a.example]", []),
        (
            {"type": "ig_post", "payload": {"title": "Post", "url": "https://b.example"}},
            "[ig_post: Post https://b.example]",
            [],
        ),
        ({"type": "hologram", "payload": {}}, "[hologram: open it in the app]", []),
        ({"type": "image"}, "[image: open it in the app]", []),
    ],
)
def test_an_attachment_is_a_file_or_becomes_words(tmp_path, attachment, text, files):
    [(message, reading)] = page(tmp_path, {"message": {"mid": "m1", "attachments": [attachment]}})
    assert reading.new_text == text
    assert [json.loads(file.reference) for file in message.files] == files
    assert not reading.unreadable


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ({"message": {"mid": "m1"}}, "unsupported:message"),
        ({"message": {"mid": "m1", "is_unsupported": True}}, "unsupported:message"),
        ({"hologram": {"of": "a boiler"}}, "unsupported:hologram"),
        ({"<b>": 1}, "unsupported:event"),
        ({}, "unsupported:event"),
    ],
)
def test_an_event_that_nobody_here_knows_waits_for_a_person(tmp_path, event, problem):
    [(message, reading)] = page(tmp_path, event)
    assert (message.act, message.conversation) == ("message", "messenger:ours:7001")
    assert reading.unreadable
    assert reading.problems == (problem,)


@pytest.mark.parametrize(
    "event",
    [
        {"message": 7},
        {"message": {"text": "without an id"}},
        {"message": {"mid": ""}},
        {"message": {"mid": "a b"}},
        {"message": {"mid": "\u0000"}},
        {"message": {"mid": "x" * 500}},
        {"message": {"mid": True}},
        {"message": {"mid": "m1", "attachments": {}}},
        {"message": {"mid": "m1", "attachments": [7]}},
        {"sender": {}, "message": {"mid": "m1", "text": "from nobody"}},
        {"sender": {"id": "^"}, "message": {"mid": "m1", "text": "whose name could not be told apart"}},
        {"delivery": {}},
        {"message_edit": {"mid": "m1"}, "timestamp": None},
    ],
)
def test_an_event_of_no_known_shape_is_kept_and_waits_for_a_person(tmp_path, event):
    [(message, reading)] = page(tmp_path, event)
    assert message.problem == "not_understood"
    assert message.external_id.startswith("unread:")
    assert reading.unreadable


def said(field, **value):
    return {"field": field, "value": {"from": {"id": "55", "name": "Bo"}, "created_time": AT // 1000, **value}}


@pytest.mark.parametrize(
    ("kind", "change", "name", "expected"),
    [
        ("instagram", said("comments", id="c1", text="No heating!"), "comment.c1", ("public", "No heating!")),
        ("messenger", said("feed", item="comment", verb="add", comment_id="1_2", message="Damp"), "comment.1_2", ("public", "Damp")),
        ("messenger", said("feed", item="post", verb="add", post_id="9_8", message="Rats"), "post.9_8", ("public", "Rats")),
        ("messenger", said("feed", item="comment", verb="edited", comment_id="1_2", message="Damp, and mould"),
         None, ("edit", "Damp, and mould")),
        ("messenger", said("feed", item="share", verb="add", post_id="9_1", message="No lift", link="https://a.example"), "post.9_1",
         ("public", "No lift")),
        ("messenger", said("feed", item="album", verb="add", post_id="9_2", message="Our damp"), "post.9_2", ("public", "Our damp")),
        ("messenger", said("feed", item="kind-yet-to-come", verb="add", post_id="9_3", message="Rats"), "post.9_3", ("public", "Rats")),
        ("messenger", said("feed", item="post", verb="edit", post_id="9_8", message="Mice"), None, ("edit", "Mice")),
        ("messenger", said("feed", item="post", verb="delete", post_id="9_8"), "post.9_8:withdrawn", ("withdrawal", "")),
        ("messenger", said("feed", item="comment", verb="hide", comment_id="1_2"), None, ("receipt", "")),
        ("messenger", said("feed", item="share", verb="add", post_id="9_4", **{"from": OURS}), None, ("receipt", "")),
        ("messenger", said("feed", item="comment", verb="remove", comment_id="1_2"), "comment.1_2:withdrawn", ("withdrawal", "")),
        ("messenger", said("feed", item="comment", verb="add", comment_id="1_2"), "comment.1_2",
         ("public", "[a comment without words: look at it there]")),
        ("messenger", said("feed", item="like", verb="add"), None, ("receipt", "")),
        ("messenger", said("feed", item="comment", verb="add", comment_id="1_3", **{"from": OURS}), None, ("receipt", "")),
    ],
)  # fmt: skip
def test_what_is_said_in_public_is_known_by_the_comment(tmp_path, kind, change, name, expected):
    [(kept, reading)] = public(tmp_path, change, kind)
    assert name in (None, kept.external_id)
    assert (kept.act, reading.new_text) == expected
    if expected[0] == "public":
        assert kept.conversation == f"{kind}:ours:{name}"


def test_each_edit_of_a_comment_is_kept_and_one_told_twice_is_kept_once(tmp_path):
    told = {"item": "comment", "verb": "edited", "comment_id": "1_2"}
    edits = [said("feed", **told, message=words) for words in ("Damp", "Damp and rats", "Damp")]
    names = [public(tmp_path, edit, "messenger")[0][0].external_id for edit in edits]
    assert names[0] == names[2] != names[1]
    assert all(name.startswith("comment.1_2:edit:") for name in names)


@pytest.mark.parametrize(
    "change",
    [
        *(7, {}, {"field": "mention", "value": {}}, {"field": "feed", "value": 7}, said("comments")),
        said("feed", item="post", verb="transmogrify", post_id="9_1", message="No lift"),
        said("feed", item="share", verb="add", message="a post without its id"),
    ],
)
def test_a_change_that_is_no_comment_waits_for_a_person(tmp_path, change):
    [(kept, reading)] = public(tmp_path, change, "messenger")
    assert (kept.problem, reading.unreadable) == ("not_understood", True)


def public(tmp_path, change, kind):
    module, named = {"messenger": (messenger, "page_id"), "instagram": (instagram, "instagram_id")}[kind]
    batch = {"object": "page", "entry": [{"id": OURS["id"], "time": AT // 1000, "changes": [change]}]}
    return taken(module, {named: OURS["id"], "account": "ours"}, batch, tmp_path)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (wa("text", {"body": "Damp again"}), {"text": "Damp again"}),
        (wa("location", {"latitude": 51.4, "longitude": -0.02, "name": "Bus stop"}), {"text": "[location: 51.4, -0.02, Bus stop]"}),
        (wa("contacts", [{"name": {"formatted_name": "Bo"}, "phones": [{"phone": "+44 1"}]}]), {"text": "[contact: Bo, +44 1]"}),
        (wa("sticker", {"id": "9"}), {"text": "[sticker]"}),
        (wa("order", {"text": "two"}), {"text": "[order: two]"}),
        (wa("interactive", {"type": "button_reply", "button_reply": {"id": "b:1", "title": "New"}}), {"pressed": "b:1", "text": "New"}),
        (wa("interactive", {"type": "list_reply", "list_reply": {"id": "b:2", "title": "Old"}}), {"pressed": "b:2", "text": "Old"}),
        (wa("button", {"payload": "b:3", "text": "Yes"}), {"pressed": "b:3", "text": "Yes", "act": "press"}),
        (wa("text", {"body": "yes"}, context={"from": "106", "id": "wamid.0="}), {"about": "wamid.0=", "act": "message"}),
        (wa("edit", {"original_message_id": "wamid.0=", "message": {"type": "text", "text": {"body": "new"}}}),
         {"act": "edit", "about": "wamid.0=", "text": "new"}),
        (wa("edit", {"original_message_id": "wamid.0=", "message": {"type": "image", "image": {"id": "1", "caption": "cap"}}}),
         {"act": "edit", "about": "wamid.0=", "text": "cap"}),
        (wa("revoke", {"original_message_id": "wamid.0="}), {"act": "withdrawal", "about": "wamid.0="}),
        (wa("reaction", {"message_id": "wamid.0=", "emoji": "👍"}), {"act": "receipt", "progress": None, "text": "[reaction: 👍]"}),
        (wa("system", {"type": "user_changed_number", "body": "User changed", "wa_id": "4477"}), {"act": "blocked", "code": "gone"}),
        (wa("system", {"type": "customer_identity_changed", "body": "New phone"}), {"act": "receipt", "progress": None}),
    ],
)  # fmt: skip
def test_each_type_of_whatsapp_message_is_known_for_what_it_is(tmp_path, message, expected):
    [(kept, reading)] = phone(tmp_path, messages=[message])
    assert kept.problem is None
    found = {key: reading.new_text if key == "text" else getattr(reading.chat, key) for key in expected}
    assert found == expected
    assert reading.chat.conversation == "whatsapp:ours:^g^b.^ab^c123"
    assert not reading.unreadable


@pytest.mark.parametrize("kind", ["image", "video", "audio", "document"])
def test_a_file_of_whatsapp_is_fetched_by_its_id_and_its_caption_is_text(tmp_path, kind):
    body = {"id": "123", "mime_type": "image/jpeg", "caption": "the mould", "filename": "../../mould\n.jpg"}
    [(message, reading)] = phone(tmp_path, messages=[wa(kind, body)])
    [file] = message.files
    assert json.loads(file.reference) == {"id": "123"}
    assert (file.type, file.name, reading.new_text) == ("image/jpeg", "../../mould .jpg", "the mould")


def test_who_has_a_username_is_known_by_the_scoped_id_without_a_number(tmp_path):
    message = {"id": "wamid.1=", "from_user_id": BSUID, "timestamp": str(AT // 1000), "type": "text", "text": {"body": "hi"}}
    [(kept, reading)] = phone(
        tmp_path, messages=[message], contacts=[{"profile": {"name": "Ada", "username": "ada"}, "user_id": BSUID}]
    )
    assert kept.conversation == "whatsapp:ours:^g^b.^ab^c123"
    assert reading.sender.name == "Ada"


def test_who_has_no_scoped_id_yet_is_known_by_the_number(tmp_path):
    [(kept, _)] = phone(tmp_path, messages=[wa("text", {"body": "hi"})], contacts=[{"wa_id": "447700900001"}])
    assert kept.conversation == "whatsapp:ours:447700900001"


def test_each_message_of_a_batch_has_its_own_persons_name(tmp_path):
    people = [{"profile": {"name": f"P{n}"}, "wa_id": f"44{n}", "user_id": f"GB.{n}"} for n in range(3)]
    messages = [wa("text", {"body": "hi"}) | {"id": f"wamid.{n}=", "from": f"44{n}"} for n in (2, 0, 1)]
    found = phone(tmp_path, messages=messages, contacts=people)
    assert [reading.sender.name for _, reading in found] == ["P2", "P0", "P1"]
    assert [kept.conversation for kept, _ in found] == [f"whatsapp:ours:^g^b.{n}" for n in (2, 0, 1)]
    assert b"P0" not in found[0][0].raw


@pytest.mark.parametrize(
    ("status", "progress", "code"),
    [
        ({"status": "sent"}, "sent", None),
        ({"status": "delivered"}, "delivered", None),
        ({"status": "read"}, "read", None),
        ({"status": "played"}, "read", None),
        ({"status": "failed", "errors": [{"code": 131047, "title": "Re-engagement message"}]}, "failed", "window"),
        ({"status": "failed", "errors": [{"code": 131026}]}, "failed", "gone"),
        ({"status": "failed", "errors": [{"code": 131053}]}, "failed", "131053"),
        ({"status": "warped"}, None, None),
    ],
)
def test_a_status_says_how_far_our_letter_came(tmp_path, status, progress, code):
    told = {"id": "wamid.out1", "timestamp": str(AT // 1000), "recipient_id": "447700900001", **status}
    [(kept, reading)] = phone(tmp_path, statuses=[told])
    assert kept.external_id == f"receipt:wamid.out1:{status['status']}"
    assert (reading.chat.act, reading.chat.about) == ("receipt", "wamid.out1")
    assert (reading.chat.progress, reading.chat.code) == (progress, code)
    assert reading.chat.happened_at == NOON


def test_a_failed_status_that_names_nobody_but_the_scoped_id_is_still_read(tmp_path):
    told = {"id": "wamid.out1", "timestamp": "1", "status": "failed", "recipient_user_id": BSUID}
    [(kept, _)] = phone(tmp_path, statuses=[told], contacts=[])
    assert kept.conversation == "whatsapp:ours:^g^b.^ab^c123"


def test_a_new_scoped_id_ends_the_old_way_and_names_the_new_one(tmp_path):
    moved = {"wa_id": "447700900001", "user_id": {"previous": "GB.Old", "current": "GB.New"}, "timestamp": str(AT // 1000)}
    [(kept, reading)] = phone(tmp_path, field="user_id_update", user_id_update=[moved])
    assert (kept.act, kept.conversation) == ("blocked", "whatsapp:ours:^g^b.^old")
    assert (reading.chat.code, "GB.New" in reading.text) == ("gone", True)


def test_what_a_colleague_wrote_in_the_app_is_an_echo(tmp_path):
    echo = {
        "id": "wamid.e=",
        "from": "15550001111",
        "to": "447700900001",
        "timestamp": "1",
        "type": "text",
        "text": {"body": "Hello"},
    }
    [(kept, reading)] = phone(tmp_path, field="smb_message_echoes", message_echoes=[echo], contacts=[])
    assert (kept.external_id, kept.conversation) == ("echo:wamid.e=", "whatsapp:ours:447700900001")
    assert (reading.chat.about, reading.text) == ("wamid.e=", "Hello")


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (wa("hologram", {"of": "a boiler"}), "unsupported:hologram"),
        (wa("unsupported", {}, errors=[{"code": 131051}]), "unsupported:unsupported"),
        (wa("<script>", {}), "unsupported:message"),
        (wa("text", {"body": ""}), "unsupported:text"),
        (wa("image", {}), "unsupported:image"),
        (wa("interactive", {"type": "nfm_reply"}), "unsupported:interactive"),
    ],
)
def test_a_type_that_nobody_here_knows_waits_for_a_person(tmp_path, message, problem):
    [(kept, reading)] = phone(tmp_path, messages=[message])
    assert (kept.act, reading.unreadable, reading.problems) == ("message", True, (problem,))


@pytest.mark.parametrize(
    "lists",
    [
        {"messages": [7]},
        {"messages": [{"type": "text"}]},
        {"messages": [wa("text", {"body": "x"}) | {"id": "a b"}]},
        {"messages": [wa("revoke", {})]},
        {"statuses": [{"id": "x", "status": "a b"}]},
        {"statuses": [{"status": "sent"}]},
        {"messages": {}},
        {"errors": [{"code": 131051}]},
        {"metadata": None, "messages": [wa("text", {"body": "x"}), wa("text", {"body": "y"})]},
        {"user_id_update": [{"user_id": "GB.x"}]},
    ],
)
def test_a_change_of_no_known_shape_is_kept_and_waits_for_a_person(tmp_path, lists):
    [(kept, reading)] = phone(tmp_path, **({"contacts": []} | lists))
    assert (kept.problem, reading.unreadable) == ("not_understood", True)


@pytest.mark.parametrize("broken", ["contacts", "statuses", "message_echoes"])
@pytest.mark.parametrize("what", [{}, "nobody", 7])
def test_something_that_is_no_list_does_not_keep_the_messages_beside_it_out(tmp_path, broken, what):
    messages = [wa("text", {"body": f"No heating {n}"}) | {"id": f"wamid.{n}="} for n in range(3)]
    found = phone(tmp_path, messages=messages, **{broken: what})
    good = [(kept, reading) for kept, reading in found if kept.problem is None]
    assert [reading.new_text for _, reading in good] == ["No heating 0", "No heating 1", "No heating 2"]
    assert [kept.problem for kept, _ in found if kept.problem] == ([] if broken == "contacts" else ["not_understood"])
    assert all(b"No heating" not in kept.raw for kept, _ in found if kept.problem)


@pytest.mark.parametrize("broken", ["standby", "changes"])
def test_something_that_is_no_list_does_not_keep_a_pages_messages_out(tmp_path, broken):
    event = {"sender": USER, "recipient": OURS, "timestamp": AT, "message": {"mid": "m1", "text": "No heating"}}
    batch = {"object": "page", "entry": [{"id": OURS["id"], "time": AT, "messaging": [event], broken: {"odd": 1}}]}
    found = taken(messenger, {"page_id": OURS["id"], "account": "ours"}, batch, tmp_path)
    assert sorted(kept.problem or reading.new_text for kept, reading in found) == ["No heating", "not_understood"]


def test_of_a_change_that_names_no_number_the_words_are_shown_and_nobody_is_answered(tmp_path):
    [(kept, reading)] = phone(tmp_path, metadata=None, messages=[wa("text", {"body": "No heating"})])
    assert (kept.problem, kept.conversation) == ("not_understood", None)
    assert (reading.new_text, reading.sender.address, reading.chat) == ("No heating", None, None)


def test_half_a_character_and_a_nul_are_kept_as_they_came_and_read_storably(tmp_path):
    [(kept, reading)] = phone(tmp_path, messages=[wa("text", {"body": "a\ud83d b\u0000c \U0001f600"})])
    assert b"\\ud83d b\\u0000" in kept.raw
    assert reading.new_text == "a\ufffd bc \U0001f600"


def test_sizes_and_times_beyond_all_bounds_do_no_harm(tmp_path):
    message = wa("text", {"body": "x"}) | {"timestamp": "9" * 40}
    [(kept, reading)] = phone(tmp_path, messages=[message])
    assert kept.received_at == NOON
    assert reading.date == datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_same_id_on_two_accounts_has_two_keys(tmp_path):
    [(_, first)] = page(tmp_path, {"message": {"mid": "m1", "text": "x"}})
    [(_, second)] = page(tmp_path, {"message": {"mid": "m1", "text": "x"}}, kind="instagram")
    assert first.content_key != second.content_key


@pytest.mark.parametrize("module", [messenger, instagram, whatsapp])
@pytest.mark.parametrize(
    "raw", [b"", b"x", b"{}", b"[]", b'{"account": "a", "entry": []}', b'{"entry": [{"messaging": [{}]}]}']
)
def test_bytes_that_are_no_update_raise_a_value_error(module, raw):
    with pytest.raises(ValueError):
        module.read(raw, NOON)
