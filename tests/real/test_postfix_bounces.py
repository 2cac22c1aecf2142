"""A real Postfix that fails behind its yes: what bounces comes back to the letter's own reverse path, and to no empty one."""

import asyncio

import pytest

from houses import arrive, house_in, mail, settle
from promises.looking import everything
from store.models import Case, Message, OutboxEntry, OutboxState, Task
from store.schema import migrate

pytestmark = [pytest.mark.real("postfix"), pytest.mark.slow]
OURS = {"from_address": "housing@landlord.example", "from_name": "Housing", "reply_domain": "re.landlord.example"}


async def until(condition, seconds=60):
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.05)


def house_behind(postfix, folder, *, for_machines):
    """A house whose door is the relay's next hop: it takes its own addresses, and refuses the resident's, who is gone."""
    url = f"sqlite:///{folder}/house.db"
    migrate(url)
    door = {"kind": "smtp", "port": postfix.next_hop, "recipients": ["housing@landlord.example", "re.landlord.example"]}
    out = {"kind": "smtp", "host": "127.0.0.1", "port": postfix.port, "tls": "none", "hostname": "us.example"}
    return house_in(folder, url, mail=OURS | {"bounces_of_machines": for_machines}, channels=[door], outgoing=out)


async def letter_goes(house, postfix):
    """Send what is due, with the door open, until Postfix has given it up and all it has to say of it has been taken."""
    (door,) = house.doors()
    listening = asyncio.create_task(door.listen())
    await door.opened.wait()
    relay = house.outgoing()
    assert await house.outbox(relay).once() == 1
    await relay.close()
    assert everything(house, OutboxEntry)[0].state is OutboxState.SENT
    await until(lambda: "status=bounced" in postfix.log())
    notices = 1 if house.settings.mail.bounces_of_machines else 0
    await until(lambda: postfix.log().count("status=sent") >= notices and postfix.log().count(": removed") >= 1 + notices)
    listening.cancel()
    await asyncio.wait([listening])


@pytest.mark.parametrize("for_machines", [True, False])
def test_what_bounces_behind_the_relay_is_told_only_to_a_reverse_path(postfix, tmp_path, for_machines):
    house = house_behind(postfix, tmp_path, for_machines=for_machines)
    arrive(house, mail("complaint! The boiler is broken."))
    settle(house)
    asyncio.run(letter_goes(house, postfix))
    settle(house)
    (letter,), (case,) = everything(house, OutboxEntry), everything(house, Case)
    assert len(everything(house, Message)) == (2 if for_machines else 1)
    assert letter.state is (OutboxState.FAILED if for_machines else OutboxState.SENT)
    assert (case.acknowledged_at is None) is for_machines
    assert len(everything(house, Task, kind="undelivered_letter", case_id=case.id)) == int(for_machines)
    house.store.close()
