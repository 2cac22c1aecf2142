"""The web chat: one browser's own conversation, kept before it is shown, answered where it was written."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from resident_house import (
    COMPLAINT,
    ORIGIN,
    Case,
    Message,
    OutboxEntry,
    Task,
    browser,
    case_by_mail,
    once_in,
    press,
    rows,
    say,
    take_away,
    work,
)

from handlers.resident_links import ResidentLinks, new_user
from handlers.resident_talks import LONG, SHORT, lines_of
from houses import house_of
from intake.channel import InboxUnavailable
from intake.public.door import Limits
from store.chat_models import Question

__all__ = ["house_of"]

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4
COOKIE = re.compile(r"chat=(talk\.[a-z2-7]{32}\.[a-z0-9]+\.[a-z2-7]{16});")


@pytest.fixture
def database():
    """Pages are the same on any database; what they ask of the store is tested on both, in tests/handlers."""
    return "sqlite"


@pytest.fixture
def house(house_of):
    return house_of()


@pytest.fixture
def ada(house):
    """Ada's browser."""
    return browser(house)


@pytest.fixture
def ben(house):
    """Ben's browser."""
    return browser(house, "192.0.2.2")


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def lines_in(text):
    """Return who said what, in order."""
    found = re.findall(r'<li class="chat-line(.*?)" id="(\w+)".*?words">(.*?)</div>', text, re.DOTALL)
    return [("us" if "ours" in ours else "you", plain(words).strip()) for ours, _, words in found]


def user_of(client):
    return COOKIE.search(f"chat={client.cookies['chat']};")[1].split(".")[1]


def open_tasks(house):
    return sorted(task.kind for task in rows(house, Task, closed_at=None))


def test_to_look_begins_a_conversation_that_only_this_browser_can_go_on_with(house, ada):
    answer = ada.get("/chat")
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 200
    assert COOKIE.match(cookie)
    for part in ("HttpOnly", "SameSite=lax", "Path=/chat"):
        assert part in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "This chat is automatic." in answer.text
    assert "Talk to a person" in answer.text
    assert not rows(house, Message)


def test_over_https_the_cookie_goes_nowhere_else(house):
    house.settings.public.__dict__["url"] = "https://chat.landlord.example"
    assert "Secure" in browser(house).get("/chat").headers["set-cookie"]


def test_what_is_said_stands_on_the_page_before_anybody_has_read_it(house, ada):
    assert say(ada, "Hello.\r\nIs anybody there?").headers["location"] == "/chat#newest"
    assert lines_in(ada.get("/chat").text) == [("you", "Hello. Is anybody there?")]
    (message,) = rows(house, Message)
    assert (message.channel, message.account, message.act, message.state) == ("webchat", "chat", "message", "waiting")
    assert message.conversation == f"webchat:chat:{user_of(ada)}"
    assert message.due_at - message.received_at == timedelta(seconds=5)


def test_how_long_somebody_must_be_still_is_a_setting_of_the_channel(house_of):
    quick = house_of(channels=[{"kind": "webchat", "account": "chat", "quiet_seconds": 2}])
    say(browser(quick), "Hello.")
    (message,) = rows(quick, Message)
    assert message.due_at - message.received_at == timedelta(seconds=2)


def test_a_complaint_gets_its_reference_where_it_was_written_and_a_page_of_its_own(house, ada):
    say(ada, COMPLAINT)
    work(house)
    (case,) = rows(house, Case)
    text = ada.get("/chat").text
    (_, (who, answer)) = lines_in(text)
    assert who == "us"
    assert f"Your reference is {case.reference}." in answer
    assert case.category == "complaint"
    own = re.search(rf'href="(/case/[^"]+)">{case.reference}</a>', text)[1]
    assert f"Your case {case.reference}" in ada.get(own).text
    assert f'href="{ORIGIN}{own}"' in text, "the address of our own page, in a letter of ours, can be followed"


def test_short_messages_in_a_row_are_one_matter_and_stand_on_the_page_one_by_one(house, ada):
    for words in ("complaint! The lift is broken.", "Since Friday.", "Please repair it."):
        say(ada, words)
    work(house)
    (case,) = rows(house, Case)
    said = [words for who, words in lines_in(ada.get("/chat").text) if who == "you"]
    assert said == ["complaint! The lift is broken.", "Since Friday.", "Please repair it."]
    own = ada.get(re.search(r'href="(/case/[^"]+)"', ada.get("/chat").text)[1]).text
    wrote = plain(own.split("What you wrote to us")[1])
    assert wrote.count("Since Friday.") == 1
    assert len(rows(house, OutboxEntry, case_id=case.id)) == 1


def test_a_letter_is_delivered_when_the_page_first_shows_it(house, ada, ben):
    say(ada, COMPLAINT)
    work(house)
    (letter,) = rows(house, OutboxEntry)
    assert (letter.way, letter.state, letter.progress) == ("webchat:chat", "sent", None)
    ben.get("/chat")
    assert rows(house, OutboxEntry)[0].progress is None
    house.clock.at += timedelta(minutes=3)
    ada.get("/chat")
    (letter,) = rows(house, OutboxEntry)
    assert (letter.progress, letter.progress_at) == ("delivered", house.clock.now())
    house.clock.at += timedelta(minutes=3)
    ada.get("/chat")
    assert rows(house, OutboxEntry)[0].progress_at == letter.progress_at


def test_a_letter_that_is_still_held_for_an_undo_is_not_shown(house, ada):
    say(ada, COMPLAINT)
    house.clock.at += timedelta(seconds=40)
    house.triage().once()
    assert [who for who, _ in lines_in(ada.get("/chat").text)] == ["you"]


def test_nobody_sees_the_conversation_of_another(house, ada, ben):
    say(ada, COMPLAINT)
    work(house)
    (case,) = rows(house, Case)
    links = ResidentLinks(key=house.key)
    user = user_of(ada)
    mine = {
        "none": {},
        "another": {"chat": links.talk(new_user())},
        "the name that staff see": {"chat": user},
        "the identity": {"chat": f"webchat:chat:{user}"},
        "the link as a cookie": {"chat": links.back(user)},
        "a tag of another": {"chat": f"{links.talk(user).rpartition('.')[0]}.{links.talk(new_user()).rpartition('.')[2]}"},
        "a page's": {"chat": links.page(case.id, f"webchat:chat:{user}")},
    }
    for name, cookies in mine.items():
        ben.cookies.clear()
        for key, value in cookies.items():
            ben.cookies.set(key, value, path="/chat")
        text = ben.get("/chat").text + ben.get("/chat/lines").text
        assert case.reference not in text, name
        assert "lift in our block" not in text, name


def test_a_button_under_a_letter_counts_as_the_residents_answer(house, ada):
    say(ada, "complaint? It is about the lift, I think.")
    work(house)
    (question,) = rows(house, Question, kind="category")
    assert question.answered_at is None
    assert press(ada, "A new problem").status_code == 303
    work(house)
    (case,) = rows(house, Case)
    assert case.category == "service_request"
    assert rows(house, Question, kind="category")[0].answer == "request"
    assert ("you", "A new problem") in lines_in(ada.get("/chat").text)


def test_a_button_pressed_twice_is_pressed_once(house, ada):
    say(ada, "service_request! The tap drips.")
    work(house)
    before = ada.get("/chat").text
    press(ada, "This is a complaint")
    ada.post("/chat/press", data=_pressed_in(before, "This is a complaint"))
    assert [row.act for row in rows(house, Message)] == ["message", "press"]
    work(house)
    assert rows(house, Case)[0].category == "complaint"


def _pressed_in(text, label):
    form = re.search(r'<form class="chat-choices".*?</form>', text, re.DOTALL)[0]
    payload = re.search(rf'value="([^"]+)">{re.escape(label)}<', form)[1]
    return {"letter": re.search(r'name="letter" value="(\d+)"', form)[1], "press": payload}


def test_a_button_that_does_not_stand_in_this_conversation_does_nothing(house, ada, ben):
    say(ada, "service_request! The tap drips.")
    work(house)
    hers = _pressed_in(ada.get("/chat").text, "This is a complaint")
    say(ben, "service_request! The door sticks.")
    work(house)
    for data in (
        hers,
        hers | {"letter": "2"},
        hers | {"letter": "99"},
        {"press": hers["press"]},
        {"letter": "1"},
        {"press": "x/y"},
    ):
        assert ben.post("/chat/press", data=data).headers["location"] == "/chat#newest"
    work(house)
    assert {row.act for row in rows(house, Message)} == {"message"}
    assert {case.category for case in rows(house, Case)} == {"service_request"}


def test_a_person_can_be_asked_for_before_a_word_was_said(house, ada):
    press(ada, "Talk to a person")
    work(house)
    (message,) = rows(house, Message)
    assert message.new_text == "I want to talk to a person."
    assert rows(house, Case, id=message.case_id)
    assert open_tasks(house)


def test_a_person_can_be_asked_for_at_any_time_after(house, ada):
    say(ada, "service_request! The tap drips.")
    work(house)
    text = ada.get("/chat").text
    ada.post("/chat/press", data={"press": "person", "once": once_in(text)})
    work(house)
    assert "wants_person" in open_tasks(house)
    assert ("you", "I want to talk to a person.") in lines_in(ada.get("/chat").text)


def test_a_page_that_is_sent_twice_is_one_message_and_with_other_words_another(house, ada):
    once = once_in(ada.get("/chat").text)
    for words in ("The tap drips.", "The tap drips.", "And the door sticks."):
        say(ada, words, once=once)
    assert [words for _, words in lines_in(ada.get("/chat").text)] == ["The tap drips.", "And the door sticks."]


def test_the_same_words_said_again_later_are_said_again(house, ada):
    say(ada, "Any news?")
    say(ada, "Any news?")
    assert len(rows(house, Message)) == 2


def test_photos_come_with_the_words(house, ada):
    say(ada, COMPLAINT, files=[("lift.jpg", JPEG, "image/jpeg"), ("letter.pdf", b"%PDF-1.7 x", "application/pdf")])
    assert "With: lift.jpg, letter.pdf" in plain(ada.get("/chat").text)
    work(house)
    (message,) = rows(house, Message)
    assert message.attachment_names == ["lift.jpg", "letter.pdf"]


def test_a_large_photo_does_not_hide_the_words_that_came_with_it(house, ada):
    say(ada, COMPLAINT, files=[("lift.jpg", JPEG * 400, "image/jpeg")])
    for _ in range(2):
        shown = plain(ada.get("/chat").text)
        assert "The lift in our block is broken" in shown
        assert "With: lift.jpg" in shown
        work(house)


@pytest.mark.parametrize(
    "words", ['"words": "no"', 'x\n "names": []', "\\", "\u00e9" * 20_000, "\U0001f600" * 20_000, "\x01" * 20_000]
)
def test_all_words_that_a_page_takes_stand_there_before_they_were_read(house, ada, words):
    say(ada, words, files=[("lift.jpg", JPEG * 400, "image/jpeg")])
    before = ada.get("/chat").text
    work(house)
    assert lines_in(before)[0] == lines_in(ada.get("/chat").text)[0]


def test_a_page_reads_the_beginning_of_what_was_said_and_no_more(house, ada):
    asked = []

    class Counting:
        def __init__(self, glance):
            self._glance = glance

        def run(self, statement, values=None):
            asked.append((str(statement), values))
            return self._glance.run(statement, values)

        def __getattr__(self, name):
            return getattr(self._glance, name)

    for number in range(12):
        say(ada, f"And {number}.", files=[("lift.jpg", JPEG * 40, "image/jpeg")])
    for longs in (8, 0):
        asked.clear()
        with house.store.glance() as glance:
            lines = lines_of(Counting(glance), f"webchat:chat:{user_of(ada)}")
        said = [(line.words, line.files) for line in lines if not line.ours]
        assert said == [(f"And {number}.", ("lift.jpg",)) for number in range(12)]
        heads = {values["size"]: len(values["ids"]) for statement, values in asked if "raw_content" in statement}
        assert heads == ({SHORT: 12 - longs, LONG: longs} if longs else {SHORT: 12})
        work(house)


def test_a_file_that_cannot_be_taken_is_told_and_the_words_are_kept(house, ada):
    answer = say(ada, "See the photo.", files=[("game.exe", b"MZ" + bytes(99), "image/jpeg")])
    assert "We cannot take game.exe" in answer.text
    assert lines_in(answer.text) == [("you", "See the photo.")]


@pytest.mark.parametrize(
    ("words", "told"), [("  ", "Write what you want to tell us"), ("x" * 20_001, "20,000 characters or fewer")]
)
def test_what_cannot_be_taken_is_told_and_stands_in_the_form_again(house, ada, words, told):
    answer = say(ada, words)
    assert answer.status_code == 422
    assert told in answer.text
    assert words.strip() in answer.text
    assert not rows(house, Message)


def test_a_store_that_is_away_costs_nothing_that_was_typed(house, ada):
    once = once_in(ada.get("/chat").text)

    class Away:
        def put(self, messages):
            raise InboxUnavailable("away")

    ada.app.state.door.__dict__["inbox"] = Away()
    answer = say(ada, "Do not lose this.", once=once, files=[("lift.jpg", JPEG, "image/jpeg")])
    assert answer.status_code == 503
    assert "Do not lose this." in answer.text
    assert "leave out lift.jpg" in answer.text


def test_a_browser_without_cookies_is_heard_all_the_same(house, ada):
    text = ada.get("/chat").text
    talk = re.search(r'name="talk" value="([^"]+)"', text)[1]
    for words in ("Hello?", "Hello again."):
        ada.cookies.clear()
        ada.post("/chat", data={"words": words, "once": once_in(text), "talk": talk})
    first, second = rows(house, Message)
    assert first.conversation == second.conversation


def test_once_there_is_a_cookie_no_script_finds_it_in_the_page(house, ada):
    ada.get("/chat")
    assert ada.cookies["chat"] not in ada.get("/chat").text


def test_there_is_news_only_when_there_is_some(house, ada):
    assert ada.get("/chat/lines").status_code == 204
    say(ada, COMPLAINT)
    stamp = re.search(r'data-stamp="([^"]+)"', ada.get("/chat").text)[1]
    assert ada.get(f"/chat/lines?stamp={stamp}").status_code == 204
    work(house)
    news = ada.get(f"/chat/lines?stamp={stamp}")
    assert news.status_code == 200
    assert [who for who, _ in lines_in(news.text)] == ["you", "us"]
    assert "<html" not in news.text
    assert rows(house, OutboxEntry)[0].progress == "delivered"
    newer = re.search(r'data-stamp="([^"]+)"', news.text)[1]
    assert newer != stamp
    assert ada.get(f"/chat/lines?stamp={newer}").status_code == 204


def test_the_page_says_that_what_was_written_is_kept_until_it_is_answered(house, ada):
    waits, is_with_the_case = "Our answer with your reference stands here in a moment.", "it is with your case."
    assert waits not in ada.get("/chat").text
    say(ada, COMPLAINT)
    assert waits in ada.get("/chat").text
    work(house)
    text = ada.get("/chat").text
    assert waits not in text
    assert is_with_the_case not in text
    house.clock.at += timedelta(minutes=1)
    say(ada, "Any news?")
    assert is_with_the_case in ada.get("/chat").text


def back_link(client):
    return re.search(rf'href="{ORIGIN}(/chat/back/[^"]+)"', client.get("/chat").text)[1]


def test_a_kept_link_leads_back_from_another_device_once_somebody_says_so(house, ada, ben):
    say(ada, COMPLAINT)
    link = back_link(ada)
    asked = ben.get(link)
    assert asked.status_code == 200
    assert "set-cookie" not in asked.headers
    assert "lift" not in asked.text
    assert ben.post(link).headers["location"] == "/chat"
    assert lines_in(ben.get("/chat").text) == lines_in(ada.get("/chat").text)


def test_a_kept_link_warns_whoever_has_another_conversation_on_this_device(house, ada, ben):
    say(ben, "Mine.")
    assert "There is another chat on this device." in ben.get(back_link(ada)).text


@pytest.mark.parametrize("link", ["x", "talk", "cut", "page"])
def test_a_link_that_leads_nowhere_is_not_found(house, ada, link):
    links, user = ResidentLinks(key=house.key), new_user()
    made = {"x": "x", "talk": links.talk(user), "cut": links.back(user)[:-1], "page": links.page(1, "a@b.example")}[link]
    assert ada.get(f"/chat/back/{made}").status_code == 404
    assert ada.post(f"/chat/back/{made}").status_code == 404


def test_the_chat_can_be_closed_on_a_device_that_others_use(house, ada):
    say(ada, COMPLAINT)
    ada.post("/chat/leave")
    assert "lift" not in ada.get("/chat").text
    assert len(rows(house, Message)) == 1


def test_hostile_words_stay_words_and_lead_nowhere(house, ada):
    say(ada, f"<script>alert(1)</script> {ORIGIN}/case/page.1.a.1.b https://evil.example")
    text = ada.get("/chat").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
    assert f'href="{ORIGIN}/case/page' not in text
    assert 'href="https://evil.example' not in text


def test_the_letters_of_a_case_by_mail_do_not_show_in_any_chat(house, ada):
    case = case_by_mail(house)
    assert case.reference not in ada.get("/chat").text


def test_where_there_is_no_chat_there_is_no_page_of_one(house):
    client = browser(house)
    client.app.state.door.__dict__["chat_account"] = None
    for method, path in (
        ("GET", "/chat"),
        ("GET", "/chat/lines"),
        ("POST", "/chat"),
        ("POST", "/chat/press"),
        ("POST", "/chat/leave"),
    ):
        assert client.request(method, path).status_code == 404, path


def test_nothing_is_taken_that_another_site_asked_for(house, ada):
    text = ada.get("/chat").text
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert ada.post("/chat", data={"words": "forged", "once": once_in(text)}, headers=headers).status_code == 403
    assert not rows(house, Message)


def test_who_sends_more_than_any_household_is_asked_to_wait(house, ada):
    answers = [ada.post("/chat/press", data={"press": "x"}) for _ in range(ada.app.state.door.limits.refusals + 1)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    assert ada.get("/chat").status_code == 200


def test_a_house_that_is_away_costs_nothing_that_was_typed_and_what_is_sent_again_is_one_message(house, ada):
    say(ada, "Hello.")
    once = once_in(ada.get("/chat").text)
    door = ada.app.state.door
    inbox, residents = door.inbox, door.residents
    take_away(ada)
    answer = say(ada, "Do not lose this.", once=once, files=[("lift.jpg", JPEG, "image/jpeg")])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "Do not lose this." in answer.text
    assert "leave out lift.jpg" in answer.text
    assert "We cannot show our conversation at this moment." in answer.text
    assert once_in(answer.text) == once, "it may have been kept in spite of all: sent again, it is the same"
    shown = ada.get("/chat")
    assert shown.status_code == 503
    assert "Your message" in shown.text
    pressed = ada.post("/chat/press", data={"press": "person", "once": once})
    assert pressed.status_code == 503
    assert "We cannot keep your message at this moment" in pressed.text
    door.__dict__.update(inbox=inbox, residents=residents)
    for _ in range(2):
        assert say(ada, "Do not lose this.", once=once_in(answer.text)).status_code == 303
    assert [words for _, words in lines_in(ada.get("/chat").text)] == ["Hello.", "Do not lose this."]


class Forgetful:
    """A browser that keeps no cookies, and does what its page offers."""

    def __init__(self, client):
        self.client, self.page = client, client.get("/chat")

    def send(self, path, **fields):
        talk = re.search(r'name="talk" value="([^"]+)"', self.page.text)[1]
        self.client.cookies.clear()
        self.page = self.client.post(path, data=fields | {"talk": talk, "once": once_in(self.page.text)}, follow_redirects=True)
        return self.page.text


def test_a_browser_that_keeps_no_cookies_finds_its_conversation_and_its_answer(house, ada):
    browser_without = Forgetful(ada)
    assert lines_in(browser_without.send("/chat", words="service_request! The tap drips.")) == [
        ("you", "service_request! The tap drips.")
    ]
    work(house)
    text = browser_without.send("/chat/look")
    assert [who for who, _ in lines_in(text)] == ["you", "us"]
    assert "This browser does not remember our conversation." in text
    assert '<details class="govuk-details" open>' in text
    form = re.search(r'<form class="chat-choices".*?</form>', text, re.DOTALL)[0]
    assert 'name="talk"' in form
    browser_without.send("/chat/press", **_pressed_in(text, "This is a complaint"))
    work(house)
    (case,) = rows(house, Case)
    assert case.category == "complaint"
    assert len({message.conversation for message in rows(house, Message)}) == 1


def test_first_words_from_no_page_of_ours_or_in_the_hidden_field_wait_for_a_person(house, ada):
    ada.post("/chat", data={"words": "complaint! BUY NOW"})
    ada.cookies.clear()
    once = once_in(ada.get("/chat").text)
    ada.post("/chat", data={"words": "complaint! BUY AGAIN", "once": once, "more": "http://buy.example"})
    ada.cookies.clear()
    say(ada, COMPLAINT)
    ada.post("/chat", data={"words": "It is worse now."})
    work(house)
    unsigned, trapped, first, more = rows(house, Message)
    assert "no page that we gave out" in unsigned.disposition_why
    assert "hidden field" in trapped.disposition_why
    assert {unsigned.state, trapped.state} == {"shunted"}
    assert {first.state, more.state} == {"handled"}, "whoever is in a conversation already is believed"
    assert [case.category for case in rows(house, Case)] == [None, None, "complaint"], (
        "what may be a machine's is no complaint yet"
    )


def test_conversations_are_begun_as_often_as_forms_are_handed_in_and_no_words_are_lost(house, ada):
    ada.app.state.door.__dict__["limits"] = Limits(posts=2, lines=3)
    for _ in range(2):
        ada.cookies.clear()
        assert say(ada, "Hello.").status_code == 303
    ada.cookies.clear()
    refused = say(ada, "Hello once more.")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "Many messages came from your network." in refused.text
    assert "Hello once more." in refused.text
    assert len(rows(house, Message)) == 2


def test_a_conversation_goes_on_faster_than_it_is_begun_and_not_without_end(house, ada):
    ada.app.state.door.__dict__["limits"] = Limits(posts=1, lines=3)
    answers = [say(ada, f"And {number}.").status_code for number in range(5)]
    assert answers == [303, 303, 303, 303, 429]
    assert press(ada, "Talk to a person").status_code == 429


def test_nobody_looks_at_whole_conversations_without_end(house, ada):
    ada.app.state.door.__dict__["limits"] = Limits(looks=2)
    refused = [ada.get("/chat") for _ in range(3)][-1]
    assert refused.status_code == 429
    assert "What you sent last" not in refused.text
