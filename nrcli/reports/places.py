"""Says at which place of a report each fact counts.

Rule of this file: a place is a tuple of names; a fact that has none in a view (an agent's time has
no queue, for agents serve several) counts nowhere in it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from nrcli.reports.facts import AllBusy, ChannelUse, Promise, Spell, Stay, Work

Place = tuple[str, ...]


class By(Enum):
    """What the rows of a report are."""

    NETWORK = "network"
    TENANT = "tenant"
    SITE = "site"
    QUEUE = "queue"
    SERVICE = "service"
    AGENT = "agent"
    TRUNK = "trunk"


TITLES: dict[By, tuple[str, ...]] = {
    By.NETWORK: (),
    By.TENANT: ("tenant",),
    By.SITE: ("site",),
    By.QUEUE: ("site", "queue"),
    By.SERVICE: ("service",),
    By.AGENT: ("site", "agent"),
    By.TRUNK: ("site", "trunk_group"),
}
"What the names of a place are."
UNNAMED = "(none)"
"Instead of a name that no record told."

CallPlace = Callable[[Stay | Work], Place | None]


def call_place(by: By) -> CallPlace:
    """Where calls and the work on them count."""
    return _CALLS[by]


def promise_place(by: By, one: Promise) -> Place | None:
    """Where a promise to call back counts."""
    return _CALLS[by](one) if by not in (By.AGENT, By.TRUNK) else None  # type: ignore[arg-type]


def spell_place(by: By, one: Spell) -> Place | None:
    """Where an agent's time counts."""
    if by is By.AGENT:
        return one.site, one.agent
    return _of_site(by, one)


def trunk_place(by: By, one: ChannelUse | AllBusy) -> Place | None:
    """Where a trunk group's time counts."""
    if by is By.TRUNK:
        return one.site, one.trunk_group
    return _of_site(by, one)


def _of_site(by: By, one: Spell | ChannelUse | AllBusy) -> Place | None:
    if by is By.NETWORK:
        return ()
    if by is By.SITE:
        return (one.site,)
    return (one.tenant or UNNAMED,) if by is By.TENANT else None


def _agent(one: Stay | Work) -> Place | None:
    return (one.site, one.agent) if one.agent else None


def _trunk(one: Stay | Work) -> Place | None:
    return (one.site, one.trunk_group) if one.trunk_group else None


_CALLS: dict[By, CallPlace] = {
    By.NETWORK: lambda one: (),
    By.TENANT: lambda one: (one.tenant or UNNAMED,),
    By.SITE: lambda one: (one.site,),
    By.QUEUE: lambda one: (one.site, one.queue or UNNAMED),
    By.SERVICE: lambda one: (one.service or UNNAMED,),
    By.AGENT: _agent,
    By.TRUNK: _trunk,
}
