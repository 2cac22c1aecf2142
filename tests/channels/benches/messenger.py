"""The bench of ``messenger``: a page whose messages Meta posts, again and again until it is told 200."""

from __future__ import annotations

from channels.meta_benches import PageBench


class MessengerBench(PageBench):
    """One Facebook page."""

    kind = "messenger"
    account = "housing-page"
    own_id = "100200300400"
    named = "page_id"
    object = "page"
    longest = 2000
