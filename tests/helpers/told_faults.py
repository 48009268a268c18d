"""Small histories of what was broken, and of what sites believed of their leaders meanwhile."""

from __future__ import annotations

from typing import Any

from simulator.history import Line


def at(at_s: float, kind: str, site: str = "", **fields: Any) -> Line:
    """A line at an instant."""
    return Line(at_s=at_s, site=site, kind=kind, fields=fields)


def broken(at_s: float, effect: str, *, nodes: str = "", sites: str = "", name: str = "1") -> Line:
    """Something breaks, in a network of three nodes."""
    known = {"what": effect, "nodes": nodes, "sites": sites, "nodes_count": 3}
    return at(at_s, "fault_begun", fault=name, effect=effect, **known)


def mended(at_s: float, name: str = "1") -> Line:
    """It is mended."""
    return at(at_s, "fault_ended", fault=name)


def leads(at_s: float, node: str, site: str = "porto", revision: int = 5) -> list[Line]:
    """A site has a leader from now on."""
    epoch = {"domain": "default", "generation": 1, "revision": revision}
    return [at(at_s, "epoch", site, node=node, **epoch), at(at_s, "tier", site, tier=0)]


def leaderless(at_s: float, site: str = "porto") -> Line:
    """A site has none."""
    return at(at_s, "tier", site, tier=1)


def watched(at_s: float) -> Line:
    """The end of the history."""
    return at(at_s, "watched_until")
