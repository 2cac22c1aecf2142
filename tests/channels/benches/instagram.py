"""The bench of ``instagram``: a professional account, whose messages are counted in bytes."""

from __future__ import annotations

from channels.meta_benches import PageBench


class InstagramBench(PageBench):
    """One Instagram professional account."""

    kind = "instagram"
    account = "housing-insta"
    own_id = "17841400000000001"
    named = "instagram_id"
    object = "instagram"
    longest = 1000

    def __init__(self) -> None:
        super().__init__()
        self.meta.longest, self.meta.count = 1000, lambda text: len(text.encode())
