"""Decides which sites are peers for a service in a drafted plan, and with what share.

Rule of this file: shares follow from who is at work, as sites report it, and from nothing that is
guessed: where that is not known of every peer they are equal, and the reason says why. The shares
of one service add up to 1 at most. A site that lends nobody, or that no proven path reaches, is no
peer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from routing_policies.kinds import PathDoc

STEP = 1000
"Shares are whole thousandths, rounded down; none is below one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What a site reports of one queue."""

    agents: float
    "At work in it; who serves several queues counts for a part of one in each."
    loan_max: int | None = None
    "Most callers of other sites at once; None: not known."
    shared: bool = True


Capacities = Mapping[tuple[str, str], Capacity]
"By site and queue."


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerShare:
    """One peer of a service."""

    site: str
    queue: str
    share: float
    calls_max: int | None = None
    "As many as are at work there and lent; None: not known."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The peers of one service."""

    peers: tuple[PeerShare, ...]
    reason: str
    left_out: tuple[str, ...] = ()


def shares(
    peers: Sequence[tuple[str, str]], capacities: Capacities | None, reached: Iterable[str] | None
) -> Shares:
    """Shares of these (site, queue); `capacities` None: nobody was asked; `reached`: sites to which
    a path leads, None where no document speaks of paths.

    >>> known = {("a", "q"): Capacity(agents=3.0), ("b", "q"): Capacity(agents=1.0)}
    >>> [one.share for one in shares([("a", "q"), ("b", "q")], known, None).peers]
    [0.75, 0.25]
    """
    left_out, able = [], []
    for site, queue in peers:
        found = (capacities or {}).get((site, queue))
        if reached is not None and site not in reached:
            left_out.append(f"{site}: no proven path for bridges leads there")
        elif found is not None and (not found.shared or found.loan_max == 0):
            left_out.append(f"{site}: it lends nobody of {queue}")
        else:
            able.append((site, queue))
    parts, reason = _parts(able, capacities)
    total = sum(parts)
    return Shares(
        peers=tuple(
            PeerShare(
                site=site,
                queue=queue,
                share=max(1, floor(STEP * part / total)) / STEP,
                calls_max=_calls_max((capacities or {}).get((site, queue))),
            )
            for (site, queue), part in zip(able, parts, strict=True)
        ),
        reason=reason,
        left_out=tuple(left_out),
    )


def reached_sites(paths: Iterable[PathDoc], sites: Sequence[str], trunk_group: str) -> set[str]:
    """Sites that a proven path for bridges leads to from another site, onto this trunk group."""
    found: set[str] = set()
    for path in paths:
        spec = path.spec
        if spec.proven and "bridge" in spec.methods and spec.arrives_on == trunk_group:
            to = sites if spec.to_site == "*" else (spec.to_site,)
            found.update(site for site in to if site != spec.from_site)
    return found


def _parts(
    peers: Sequence[tuple[str, str]], capacities: Capacities | None
) -> tuple[list[float], str]:
    """What each peer weighs, and why."""
    equal = [1.0] * len(peers)
    if capacities is None:
        return equal, "equal shares: no node was asked who is at work (--live asks)"
    for site, queue in peers:
        found = capacities.get((site, queue))
        if found is None:
            return equal, f"equal shares: nothing is known of {queue} at {site}"
        if found.agents <= 0:
            return equal, f"equal shares: nobody is at work in {queue} at {site} now"
    able = [_able(capacities[peer]) for peer in peers]
    told = ", ".join(f"{site} {part:g}" for (site, _), part in zip(peers, able, strict=True))
    return able, f"shares by agents at work now that are lent: {told}"


def _able(found: Capacity) -> float:
    return found.agents if found.loan_max is None else min(found.agents, float(found.loan_max))


def _calls_max(found: Capacity | None) -> int | None:
    return max(1, floor(_able(found))) if found is not None and found.agents > 0 else None
