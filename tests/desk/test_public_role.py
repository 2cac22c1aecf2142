"""The public door counts what its webhooks refuse: in memory while it serves, and in the store when it ends too."""

import asyncio
import contextlib

from desk.roles import public
from houses import house_in
from store.door_models import RefusedRequests


def test_what_was_refused_last_is_written_down_when_the_door_closes(migrated_url, tmp_path):
    house = house_in(tmp_path, migrated_url, public={"port": 0})

    async def serve_a_while():
        serving = asyncio.create_task(public(house))
        await asyncio.sleep(0)
        house.reception.refused("x", "council")
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    asyncio.run(serve_a_while())
    with house.store.glance() as glance:
        assert [(row.channel, row.account, row.number) for row in glance.find(RefusedRequests)] == [("x", "council", 1)]
    house.store.close()
