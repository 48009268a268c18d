"""Which trunk group a call came in on, who may send on it, and how many channels are in use.

Rule of this file: the local listen address names the trunk group; a channel is taken once per leg
and given back once.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from site_agent.adapters.sip_acd.settings import Address, TrunkGroupSettings
from site_agent.sip.source_shares import Buckets

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PEERS_KNOWN_MAX = 1024
"Hosts whose admission is remembered, so that a call costs no address arithmetic."


class TrunkGroup:
    """One trunk group with its channels in use."""

    __slots__ = (
        "_identity_peers",
        "_ivr_peers",
        "_known_peers",
        "_peers",
        "settings",
        "share",
        "used_count",
    )

    def __init__(self, settings: TrunkGroupSettings) -> None:
        self.settings = settings
        self.used_count = 0
        self.share = Buckets(settings.calls_per_s_per_source)
        "New calls of each address."
        self._peers = [ipaddress.ip_network(text) for text in settings.peers]
        self._known_peers: dict[str, bool] = {}
        self._ivr_peers = [ipaddress.ip_network(text) for text in settings.ivr_peers]
        self._identity_peers = [ipaddress.ip_network(text) for text in settings.identity_peers]

    def may_call(self, host: str) -> bool:
        """May this host send calls here?"""
        known = self._known_peers.get(host)
        if known is None:
            if len(self._known_peers) >= PEERS_KNOWN_MAX:
                self._known_peers.clear()
            known = self._known_peers[host] = _among(host, self._peers)
        return known

    def is_ivr(self, host: str) -> bool:
        """Is this host one of the site's own IVRs?"""
        return bool(self._ivr_peers) and _among(host, self._ivr_peers)

    def vouches(self, host: str) -> bool:
        """Is what this host says about a caller's number believed?"""
        return bool(self._identity_peers) and _among(host, self._identity_peers)

    def told(self, status: int) -> int:
        """What this trunk hears for a refusal: carriers do different things with a status."""
        return self.settings.responses.get(status, status)

    def service_of(self, dialed_number: str) -> str | None:
        """The service that this number asks for; None if nobody serves it."""
        numbers = self.settings.numbers
        return numbers.get(dialed_number) or numbers.get("*")


class Trunks:
    """All trunk groups."""

    __slots__ = ("_by_listen", "_by_name", "changed")

    def __init__(self, groups: Iterable[TrunkGroupSettings]) -> None:
        self._by_name = {group.name: TrunkGroup(group) for group in groups}
        self._by_listen = {group.settings.listen: group for group in self._by_name.values()}
        self.changed: set[str] = set(self._by_name)

    def at(self, local: Address) -> TrunkGroup | None:
        """The trunk group that listens here."""
        return self._by_listen.get(local)

    def get(self, name: str) -> TrunkGroup:
        """The trunk group of this name."""
        return self._by_name[name]

    def all(self) -> list[TrunkGroup]:
        """Every trunk group."""
        return list(self._by_name.values())

    def local_of(self, group: TrunkGroup) -> Address:
        """Where the trunk group listens in truth."""
        return next(
            (
                listen
                for listen, one in reversed(self._by_listen.items())
                if one is group and listen[1]
            ),
            group.settings.listen,
        )

    def rebind(self, name: str, listen: Address) -> None:
        """The shell bound port 0: the group listens there in truth."""
        self._by_listen[listen] = self._by_name[name]

    def take(self, group: TrunkGroup) -> bool:
        """Take a channel; False if all are in use."""
        if group.used_count >= group.settings.channels_max:
            return False
        group.used_count += 1
        self.changed.add(group.settings.name)
        return True

    def give_back(self, group: TrunkGroup) -> None:
        """A leg on this group is over."""
        group.used_count -= 1
        self.changed.add(group.settings.name)


def _among(host: str, networks: list[Network]) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address.version == network.version and address in network for network in networks)
