"""An officer's reply by chat: on the way the message came, while its platform takes letters, and by the next best after."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from chats import ADA, wrote
from handlers.chat_parts import parts_of
from handlers.reply_orders import Changed, Order, sealed
from handlers.reply_ways import ways_of
from handlers.routes_out import Known, Talk, Trouble, chosen, code_of, routes_out
from handlers.undoing import Undoing
from houses import NOON, Postbag, arrive, mail, settle
from promises.looking import everything, later
from store.chat_models import Conversation, IdentityLink
from store.desk_models import DraftLetter
from store.models import Case, Message, OutboxEntry, OutboxState, Party

WORDS = "Dear Ada,\n\nWe are sorry. A plumber comes on Friday.\n"
BEA = "whatsapp:housing:44.7700900123"


def known(**told):
    return Known(**({"came_by": "telegram", "came_from": ADA, "address": ADA} | told))


@pytest.mark.parametrize(
    ("given", "first"),
    [
        (known(), f"chat:{ADA}"),
        (known(phone="0"), f"chat:{ADA}"),
        (known(talks={ADA: Talk(until=NOON)}), f"chat:{ADA}"),
        (known(talks={ADA: Talk(closed="blocked")}), "in_person"),
        (known(talks={ADA: Talk(closed="blocked")}, phone="0"), "telephone"),
        (known(talks={ADA: Talk(closed="blocked")}, phone="0", linked=["ada@x.example"]), "mail:ada@x.example"),
        (known(talks={ADA: Talk(closed="blocked")}, linked=["ada@x.example"], parties={BEA: "Bea"}), "mail:ada@x.example"),
        (known(talks={ADA: Talk(closed="blocked")}, parties={BEA: "Bea"}), f"chat:{BEA}"),
        (known(came_from=BEA, parties={BEA: "Bea"}), f"chat:{BEA}"),
        (known(came_by="smtp", came_from=None, address="a@x.example", linked=[ADA]), "mail:a@x.example"),
        (known(came_by="smtp", came_from="ben@x.example", parties={"ben@x.example": "Ben"}), "mail:ben@x.example"),
        (known(came_by="telephone", came_from=None, phone="0"), "telephone"),
        (known(came_by="telephone", came_from=None), f"chat:{ADA}"),
        (known(troubles={ADA: Trouble(at=NOON, answer="403")}), "in_person"),
        (known(troubles={ADA: Trouble(at=NOON, answer="403")}, heard={ADA: NOON + timedelta(seconds=1)}), f"chat:{ADA}"),
    ],
)
def test_the_chat_that_the_message_came_by_is_proposed_while_it_is_open(given, first):
    assert routes_out(given)[0].code == first


def test_a_closed_conversation_says_why_and_is_still_shown_and_no_way_is_shown_twice():
    routes = routes_out(known(talks={ADA: Talk(closed="they stopped it")}, parties={ADA: "Ada", "a@x.example": None}))
    (chat,) = [route for route in routes if route.way == "chat"]
    assert (chat.against, chat.closed, chat.works) == ("they stopped it", True, False)
    assert sorted(route.way for route in routes) == ["chat", "in_person", "mail", "post", "telephone"]
    assert chosen(routes, code_of("chat", ADA)) == chat
    assert chosen(routes, code_of("chat", BEA)) is None


@pytest.fixture
def house(house_of):
    house = house_of()
    wrote(house, "complaint! nobody came to mend my boiler")
    with house.store.unit("T6") as unit:  # what the machine wrote has gone, and is no matter of these tests
        for letter in unit.find(OutboxEntry):
            unit.update(OutboxEntry, letter.id, state=OutboxState.SENT, sent_at=NOON)
        unit.commit()
    return house


def the(house, table, **equals):
    (row,) = everything(house, table, **equals)
    return row


def ways(house, message_id=None, **more):
    message = everything(house, Message, **({"id": message_id} if message_id else {}))[0]
    with house.store.glance() as glance:
        return ways_of(glance, everything(house, Case)[0], message, house.own, house.clock.now(), **more)


def test_a_platform_without_a_window_takes_letters_for_ever(house):
    later(house, days=60)
    (first, *_) = ways(house)
    assert (first.code, first.until) == (f"chat:{ADA}", None)


def test_after_the_window_the_next_best_way_is_proposed_until_they_write_again(house_of):
    house = house_of()
    wrote(house, "complaint! nobody came", identity=BEA, name="Bea")
    assert (ways(house)[0].code, ways(house)[0].until) == (f"chat:{BEA}", NOON + timedelta(hours=24))
    later(house, hours=23, minutes=59, seconds=59)
    assert ways(house)[0].code == f"chat:{BEA}"
    later(house, seconds=1)
    first, chat = ways(house)[0], next(way for way in ways(house) if way.way == "chat")
    assert first.way == "in_person"
    assert chat.closed and "24 hours" in chat.against
    assert ways(house, windows={"whatsapp:housing": timedelta(days=7)})[0].code == f"chat:{BEA}"
    with house.store.unit("T1") as unit:
        unit.update(Conversation, BEA, heard_at=house.clock.now())
        unit.commit()
    assert ways(house)[0].code == f"chat:{BEA}"


def test_a_platform_with_a_window_is_closed_where_it_is_not_known_when_they_wrote(house_of):
    house = house_of()
    wrote(house, "complaint! nobody came", identity=BEA)
    assert ways(house)[0].code == f"chat:{BEA}"
    with house.store.unit("T6") as unit:
        unit.update(Conversation, BEA, heard_at=NOON - timedelta(days=30))
        unit.commit()
    assert ways(house)[0].way == "in_person"


def test_who_blocked_us_is_reached_another_way(house):
    with house.store.unit("T6") as unit:
        unit.update(Conversation, ADA, closed_at=house.clock.now(), closed_why="they do not take our messages any more")
        unit.add(Party, [{"case_id": 1, "address": "mum@x.example", "name": "Mum", "role": "household"}])
        unit.commit()
    first, *others = ways(house)
    assert first.code == "mail:mum@x.example"
    assert next(way for way in others if way.way == "chat").against == "they do not take our messages any more"


def linked(house, one, other):
    first, second = sorted((one, other))
    row = {"first": first, "second": second, "linked_at": house.clock.now(), "by": "olive", "how": "staff", "why": "said so"}
    with house.store.unit("T6") as unit:
        (number,) = unit.insert(IdentityLink, [row])
        unit.commit()
    return number


def test_linked_addresses_are_ways_out_and_undone_links_are_none(house):
    number = linked(house, ADA, "ada@x.example")
    linked(house, "ada@x.example", BEA)  # a chain hangs together
    with house.store.unit("T6") as unit:
        unit.add(Conversation, [{"identity": BEA, "heard_at": house.clock.now()}])
        unit.commit()
    assert [way.code for way in ways(house) if way.works][:3] == [f"chat:{ADA}", "mail:ada@x.example", f"chat:{BEA}"]
    with house.store.unit("T6") as unit:
        unit.update(IdentityLink, number, undone_at=house.clock.now(), undone_by="olive", undone_why="a mistake")
        unit.commit()
    assert [way.code for way in ways(house) if way.way in ("mail", "chat")] == [f"chat:{ADA}"]


def drafted(house, *, way="chat", recipient=ADA, body=WORDS, message=None):
    message = message or everything(house, Message)[0].id
    row = {"case_id": 1, "message_id": message, "by": "olive", "at": house.clock.now(), "subject": "Your boiler"}
    with house.store.unit("T6") as unit:
        (draft_id,) = unit.insert(DraftLetter, [row | {"way": way, "recipient": recipient, "body": body}])
        unit.commit()
    return draft_id


def letter_of(house, draft):
    return house.replying.letter(
        everything(house, Case)[0], the(house, Message, id=draft.message_id), draft, "Olive Officer", house.clock.now()
    )


def order(house, draft_id, **changes):
    draft = the(house, DraftLetter, id=draft_id)
    told = {"case_id": 1, "draft_id": draft_id, "version": draft.version, "seal": sealed(draft, letter_of(house, draft))}
    return Order(**(told | {"by": "olive", "officer": "Olive Officer"} | changes))


def reply_of(house):
    return next(letter for letter in everything(house, OutboxEntry) if letter.kind.startswith("officer_reply-"))


def test_a_reply_by_chat_leaves_on_its_account_with_the_short_form_and_the_whole_letter_beside(house):
    house.replying.send(order(house, drafted(house)))
    kept = reply_of(house)
    assert (kept.way, kept.recipient, kept.state) == ("telegram:housing-bot", ADA, OutboxState.DUE)
    assert kept.next_at == NOON + timedelta(seconds=10)
    assert kept.short and "A plumber comes on Friday." in kept.short and "<" not in kept.short
    assert len(kept.short) < len(kept.text) and kept.html.startswith("<!")
    assert kept.references == []
    assert kept.automatic is False


def test_the_notice_names_the_person_and_never_the_platforms_number(house):
    from store.desk_models import StaffAct

    act = house.replying.send(order(house, drafted(house)))
    assert the(house, StaffAct, id=act).said == "Reply to Ada goes in 10 seconds."


def test_a_short_form_that_was_not_looked_at_does_not_go(house):
    asked = order(house, drafted(house))
    draft = the(house, DraftLetter)
    made = letter_of(house, draft)
    without = sealed(draft.model_copy(update={"way": "mail"}), made)
    with pytest.raises(Changed):
        house.replying.send(order(house, draft.id, seal=without))
    assert everything(house, DraftLetter)[0].finished_at is None
    house.replying.send(asked)


def test_the_seal_is_over_what_goes(house):
    draft = the(house, DraftLetter, id=drafted(house))
    made = letter_of(house, draft)
    other, by_mail = replace(made, short="other words"), draft.model_copy(update={"way": "mail", "recipient": "a@x.example"})
    assert sealed(draft, made) != sealed(draft, other)
    assert sealed(by_mail, made) == sealed(by_mail, other)


def test_a_reply_by_chat_that_went_is_not_taken_back_and_one_that_waits_is(house):
    act = house.replying.send(order(house, drafted(house)))
    Undoing(house.store, house.clock).undo(act, "olive")
    assert reply_of(house).state is OutboxState.SUPPRESSED
    again = house.replying.send(order(house, drafted(house)))
    last = everything(house, OutboxEntry)[-1]
    with house.store.unit("T5") as unit:
        unit.update(OutboxEntry, last.id, state=OutboxState.SENT, attempts=1, sent_at=house.clock.now())
        unit.commit()
    with pytest.raises(Exception, match="on its way"):
        Undoing(house.store, house.clock).undo(again, "olive")
    assert everything(house, OutboxEntry)[-1].state is OutboxState.SENT


def test_mail_that_answers_a_chat_names_no_platforms_id_and_the_other_way_round(house):
    linked(house, ADA, "ada@x.example")
    with house.store.unit("T6") as unit:
        unit.update(Message, everything(house, Message)[0].id, header_id="12345:67")
        unit.commit()
    house.replying.send(order(house, drafted(house, way="mail", recipient="ada@x.example")))
    by_mail = reply_of(house)
    assert (by_mail.way, by_mail.in_reply_to, by_mail.references, by_mail.short) == ("mail", None, [], None)
    later(house, hours=1)
    house.replying.send(order(house, drafted(house)))
    assert everything(house, OutboxEntry)[-1].in_reply_to == "12345:67"


def test_the_letter_reaches_the_way_that_its_row_names(house):
    house.replying.send(order(house, drafted(house)))
    later(house, seconds=11)
    bag = Postbag()
    outbox = house.outbox(bag)
    outbox._ways = {"telegram:housing-bot": bag}
    asyncio.run(outbox.once())
    (gone,) = bag.sent
    assert gone.recipient == ADA
    assert reply_of(house).state is OutboxState.SENT


LONG = "\n\n".join(f"{number}. " + "We will come and look at it. " * 10 for number in range(30))


@pytest.mark.parametrize(
    ("recipient", "most"), [(ADA, 4096), ("instagram:page:1", 1000), ("messenger:page:1", 2000), ("webchat:site:x1", None)]
)
def test_a_letter_is_cut_where_a_reader_pauses_and_loses_no_word(recipient, most):
    longest = {"telegram:housing-bot": 4096, "instagram:page": 1000, "instagram:other": 99, "messenger:page": 2000}
    parts = parts_of(recipient, LONG, longest)
    assert " ".join(" ".join(parts).split()) == " ".join(LONG.split())
    assert all(len(part) <= most for part in parts) if most else len(parts) == 1


def test_a_mail_case_keeps_its_mail_way_though_the_resident_is_linked_by_chat(house_of):
    house = house_of()
    arrive(house, mail("complaint! nobody came"))
    settle(house)
    linked(house, ADA, "ada@resident.example")
    assert [way.code for way in ways(house)][:2] == ["mail:ada@resident.example", f"chat:{ADA}"]
