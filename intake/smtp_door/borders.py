"""Who may speak to the door: the balancer in front of it names the real client, and only listed clients are heard.

Whoever reaches the port could otherwise forge the border's own verdicts, and a balancer's address would stand for everybody
(mail rules E7 and E8).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiosmtpd.proxy_protocol import V2_CMD, ProxyData, get_proxy

ANNOUNCED_WITHIN = 5.0
"""Seconds that a balancer has to name its client."""
Network = IPv4Network | IPv6Network


class Borders:
    """The settings' two lists: balancers that are believed, and clients that are heard."""

    def __init__(self, proxies: Sequence[Network], clients: Sequence[Network]) -> None:
        """Expect the PROXY protocol where there are proxies; hear everybody where there are no clients."""
        self._proxies = proxies
        self._clients = clients

    async def client(self, peer: str, reader: asyncio.StreamReader) -> str | None:
        """Return the real client's address, as the balancer names it; None where this is no balancer of ours, or it does not."""
        if not self._proxies:
            return peer
        if not _within(peer, self._proxies):
            return None
        try:
            async with asyncio.timeout(ANNOUNCED_WITHIN):
                told = await get_proxy(reader)
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            return None
        return _source(told, peer)

    def welcomes(self, address: str) -> bool:
        """Return whether mail of this client is heard."""
        return not self._clients or _within(address, self._clients)


def _source(told: ProxyData, peer: str) -> str | None:
    if not told.valid:
        return None
    # The balancer speaks for itself: it looks whether the door stands.
    if told.command == V2_CMD.LOCAL:
        return peer
    return str(told.src_addr) if isinstance(told.src_addr, (IPv4Address, IPv6Address)) else None


def _within(address: str, networks: Sequence[Network]) -> bool:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    # A listener on both protocols sees IPv4 addresses inside IPv6 ones.
    plain = getattr(found, "ipv4_mapped", None) or found
    return any(plain in network for network in networks)
