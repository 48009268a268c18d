"""Decides which member gets a new call or a log-in, and which members are there.

Rule of this file: pure. Calls go round by weight, one after another; an agent's telephone goes
where its name leads (highest random weight), so that it comes back to the same member for as long
as that one is there. Sources: Nginx's smooth weighted round robin; Thaler and Ravishankar, "Using
Name-Based Mappings to Increase Hit Rates", IEEE/ACM Transactions on Networking 6(1), 1998.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from enum import Enum
from hashlib import sha256

from site_agent.balancer.settings import Address, BalancerSettings, MemberSettings

HASH_SPAN = float(1 << 64)


class Standing(Enum):
    """What is known of a member."""

    UNKNOWN = "unknown"
    "It has answered nothing yet: used only if no other is up."
    UP = "up"
    BUSY = "busy"
    "It answers that it takes no calls (503): it is draining, or overloaded."
    DOWN = "down"


class Member:
    """One member and what is known of it."""

    __slots__ = (
        "calls_count",
        "current",
        "logins_count",
        "missed_count",
        "settings",
        "standing",
        "strikes_count",
    )

    def __init__(self, settings: MemberSettings) -> None:
        self.settings = settings
        self.standing = Standing.UNKNOWN
        self.missed_count = 0
        self.strikes_count = 0
        self.current = 0
        "Credit in the round."
        self.calls_count = 0
        self.logins_count = 0

    def may_get(self, door: str) -> bool:
        """Does it take anything new from this door?"""
        return not self.settings.draining and door in self.settings.addresses


class Members:
    """All members, in the order of the file."""

    def __init__(self, settings: BalancerSettings, members: Iterable[MemberSettings]) -> None:
        self._settings = settings
        self._members = {one.name: Member(one) for one in members}

    def __iter__(self) -> Iterator[Member]:
        return iter(self._members.values())

    def get(self, name: str) -> Member | None:
        """The member of this name."""
        return self._members.get(name)

    def speaks(self, transport: str, address: Address) -> bool:
        """Is it a member that sends from there? Over UDP it does from where it listens, else from
        any port of that host."""
        listening = (at for one in self for at in one.settings.addresses.values())
        if transport == "udp":
            return address in listening
        return any(address[0] == at[0] for at in listening)

    def by_address(self, door: str, address: Address) -> Member | None:
        """The member that listens there, behind this door."""
        return next((one for one in self if one.settings.addresses.get(door) == address), None)

    def use(self, members: Iterable[MemberSettings]) -> list[str]:
        """From now on these are the members; what is known of those that stay is kept. Returns the
        names of those that are gone."""
        before = self._members
        self._members = {}
        for settings in members:
            member = before.pop(settings.name, None) or Member(settings)
            member.settings = settings
            self._members[settings.name] = member
        return list(before)

    # ---- who gets it -----------------------------------------------------------------------

    def for_call(self, door: str, but: str = "") -> Member | None:
        """The next in the round; never `but`, unless there is no other."""
        found = self._fit(door)
        others = [one for one in found if one.settings.name != but] or found
        if not others:
            return None
        for one in others:
            one.current += one.settings.weight
        chosen = max(others, key=lambda one: one.current)
        chosen.current -= sum(one.settings.weight for one in others)
        chosen.calls_count += 1
        return chosen

    def for_agent(self, door: str, name: str) -> Member | None:
        """The member that this name leads to, of those that are there."""
        found = self._fit(door)
        if not found:
            return None
        chosen = max(found, key=lambda one: _score(one, name))
        chosen.logins_count += 1
        return chosen

    def _fit(self, door: str) -> list[Member]:
        able = [one for one in self if one.may_get(door)]
        for standing in (Standing.UP, Standing.UNKNOWN):
            found = [one for one in able if one.standing is standing]
            if found:
                return found
        return []

    # ---- what is known of them -------------------------------------------------------------

    def answered(self, member: Member, status: int) -> None:
        """It answered a probe."""
        member.missed_count = member.strikes_count = 0
        member.standing = Standing.BUSY if status == 503 else Standing.UP

    def not_answered(self, member: Member) -> None:
        """It did not answer a probe in time."""
        member.missed_count += 1
        if member.missed_count >= self._settings.probes_missed_max:
            member.standing = Standing.DOWN

    def said(self, member: Member) -> None:
        """It answered a call."""
        member.strikes_count = 0

    def kept_silent(self, member: Member) -> None:
        """It answered a call with nothing at all."""
        member.strikes_count += 1
        if member.strikes_count >= self._settings.strikes_max:
            member.standing = Standing.DOWN


def _score(member: Member, name: str) -> float:
    """Weighted rendezvous hashing: the higher, the better."""
    found = sha256(f"{member.settings.name}\0{name}".encode()).digest()
    share = (int.from_bytes(found[:8], "big") + 0.5) / HASH_SPAN
    return -member.settings.weight / math.log(share)
