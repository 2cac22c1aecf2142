"""What Meta posts for a page that nobody has set up here: words wait for a person, and all that only tells of letters ends."""

import pytest

from channels.benches.messenger import MessengerBench
from channels.benches.whatsapp import WhatsAppBench
from channels.meta_benches import Update
from houses import settle
from standins.meta import Meta
from store.models import Case, Disposition, Message, Task


@pytest.fixture
def tell(house_of, tmp_path):
    """Return a function that lets updates come for a stranger's account, and gives messages, cases and tasks."""

    def told(bench, *updates):
        bench.meta.port = 9
        house = house_of()
        channel = bench.channel(tmp_path, house.reception, house.clock)
        batch = bench.batch(updates)
        if bench.kind == "whatsapp":
            batch["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "888"
        else:
            batch["entry"][0]["id"] = "888"
        assert channel.answer(Meta.request(Meta.body(batch))).status == 200
        for minutes in (1, 10, 20):
            house.clock.at = house.clock.now().replace(minute=minutes)
            settle(house)
        with house.store.glance() as glance:
            return glance.find(Message), glance.find(Case), glance.find(Task)

    return told


def test_receipts_and_echoes_of_anothers_letters_open_no_case(tell):
    bench = MessengerBench()
    told = (
        {"delivery": {"mids": ["m_x"], "watermark": 1}},
        {"read": {"watermark": 1}},
        {"reaction": {"mid": "m_x", "emoji": "x"}},
    )
    receipts = [Update(external_id="", body=bench.event(1, **one)) for one in told]
    messages, cases, tasks = tell(bench, *receipts, bench.echo(1, "complaint! Your loan is due at the library"))
    assert [message.disposition for message in messages] == [Disposition.ACT] * 4
    assert (cases, tasks) == ([], [])


def test_a_status_of_anothers_letter_by_whatsapp_opens_no_case(tell):
    status = {"id": "wamid.x", "status": "delivered", "timestamp": "1", "recipient_id": "447700900001"}
    messages, cases, tasks = tell(WhatsAppBench(), Update(external_id="", body={"statuses": [status]}))
    assert [message.disposition for message in messages] == [Disposition.ACT]
    assert (cases, tasks) == ([], [])


def test_words_for_another_account_wait_for_a_person_and_nobody_is_answered(tell):
    bench = MessengerBench()
    messages, cases, tasks = tell(bench, bench.words(1, "complaint! My flat is damp"))
    assert [message.case_id for message in messages] == [case.id for case in cases]
    assert len(cases) == 1 and cases[0].resident_address is None
    assert tasks
