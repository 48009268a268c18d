"""A model with other numbers of agents or channels: what a capacity search tries.

Rule of this file: agents are taken from a site's own, in one order that keeps their mix of skills
and shifts even however many there are, so that a plan with more agents has all agents of a plan
with fewer. Numbers are of agents present: nobody is away as shrinkage would have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.model.network import AgentModel, NetworkModel, SiteModel, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Numbers to try; what is not given stays as it is."""

    agents: tuple[tuple[int, ...], ...] = ()
    """By site: a number for each interval of the run; one number alone: agents with the shifts that
    the site's have; none: as it is."""
    channels: tuple[tuple[int, ...], ...] = ()
    "By site: channels of each trunk group."


def with_capacity(model: NetworkModel, capacity: Capacity) -> NetworkModel:
    """The model with these numbers."""
    sites = list(model.sites)
    for s, counts in enumerate(capacity.agents):
        if len(counts) == 1:
            sites[s] = replace(sites[s], agents=_chosen(sites[s], counts[0]))
        elif counts:
            sites[s] = replace(sites[s], agents=_by_interval(sites[s], counts, model.interval_us))
    for s, channels in enumerate(capacity.channels):
        trunks = tuple(
            replace(trunk, channels_max=count, min_free=min(trunk.min_free, count))
            for trunk, count in zip(sites[s].trunks, channels, strict=True)
        )
        sites[s] = replace(sites[s], trunks=trunks)
    return replace(model, sites=tuple(sites))


def order_of(count: int) -> list[int]:
    """Numbers below `count` such that the first few of them are spread evenly (van der Corput).

    >>> order_of(6)
    [0, 4, 2, 1, 5, 3]
    """
    width = max(1, (count - 1).bit_length())
    turned = (int(format(n, f"0{width}b")[::-1], 2) for n in range(1 << width))
    return [n for n in turned if n < count]


def _chosen(site: SiteModel, count: int) -> tuple[AgentModel, ...]:
    """So many agents, with the site's own shifts."""
    return tuple(_templates(site, count))


def _by_interval(
    site: SiteModel, counts: Sequence[int], interval_us: int
) -> tuple[AgentModel, ...]:
    """Agent k is signed in wherever more than k are wanted."""
    return tuple(
        replace(agent, shifts=_windows(number, counts, interval_us))
        for number, agent in enumerate(_templates(site, max(counts)))
    )


def _templates(site: SiteModel, count: int) -> Iterator[AgentModel]:
    """So many agents of the site, named anew; from the first again when there are not so many."""
    order = order_of(len(site.agents))
    for number in range(count):
        agent = site.agents[order[number % len(order)]]
        yield replace(agent, name=f"{site.name}-{number + 1}")


def _windows(number: int, counts: Sequence[int], interval_us: int) -> tuple[Window, ...]:
    """When more than `number` are wanted, neighbouring intervals joined. The last interval's staff
    stays while the last calls end."""
    windows: list[Window] = []
    for i, count in enumerate(counts):
        if count <= number:
            continue
        end_us = (i + 1) * interval_us if i + 1 < len(counts) else 1 << 61
        if windows and windows[-1][1] == i * interval_us:
            windows[-1] = (windows[-1][0], end_us)
        else:
            windows.append((i * interval_us, end_us))
    return tuple(windows)
