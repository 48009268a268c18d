"""What was broken when, and whom it concerned: read from the lines of whoever broke it.

Rule of this file: it reads `fault_begun` and `fault_ended`, and says nothing about what should have
happened meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from simulator.history import Line

BEGUN = "fault_begun"
ENDED = "fault_ended"
GONE = "gone"
"Effect: these nodes are dead, stopped, or cut off from everything."
STORE = "store"
"These nodes do not reach etcd, or only slowly; none named: no node does."
LINKS = "links"
"Streams between these nodes and sites; none named: all."
PEERS = "peers"
"Streams of these nodes to one another."
SITE_STOPPED = "site_stopped"
"The process of these sites does not run: killed, or stopped and continued later."
SITE_LOST = "site_lost"
"These sites are cut off, from callers too, with the calls they had."
HARMLESS = "harmless"
"Processes and what they tell one another do not suffer: carriers, agents, the clock on the wall."
SLOW = "slow"
"Anything else: late or lost messages, starved machines. No time of a leader is judged then."
EFFECTS = (GONE, STORE, LINKS, PEERS, SITE_STOPPED, SITE_LOST, HARMLESS, SLOW)


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that was broken."""

    effect: str
    what: str
    nodes: frozenset[str]
    sites: frozenset[str]
    nodes_count: int
    "Of the whole network."
    from_s: float
    until_s: float = inf


def faults_of(lines: Iterable[Line]) -> list[Fault]:
    """All faults, by their beginning."""
    found: list[Fault] = []
    open_ones: dict[str, Fault] = {}
    for line in lines:
        if line.kind == BEGUN:
            fault = Fault(
                effect=line.text("effect"),
                what=line.text("what"),
                nodes=_names(line.text("nodes")),
                sites=_names(line.text("sites")),
                nodes_count=line.number("nodes_count"),
                from_s=line.at_s,
            )
            open_ones[line.text("fault")] = fault
            found.append(fault)
        elif line.kind == ENDED and line.text("fault") in open_ones:
            open_ones.pop(line.text("fault")).until_s = line.at_s
    return found


class Stops:
    """When the processes of sites did not run."""

    def __init__(self, lines: Sequence[Line]) -> None:
        faults = faults_of(lines)
        self._stops = [fault for fault in faults if fault.effect == SITE_STOPPED]
        self._losses = [fault for fault in faults if fault.effect == SITE_LOST]

    def lost(self, site: str, at_s: float) -> bool:
        """Was a site lost at this instant, with its calls?"""
        return any(
            site in loss.sites and loss.from_s <= at_s <= loss.until_s for loss in self._losses
        )

    def stopped(self, site: str, at_s: float) -> bool:
        """Did the process of a site not run at this instant?"""
        return any(
            site in stop.sites and stop.from_s <= at_s < stop.until_s for stop in self._stops
        )

    def s(self, site: str, from_s: float, until_s: float) -> float:
        """Seconds between two instants in which a site's process did not run."""
        windows = sorted(
            (max(from_s, stop.from_s), min(until_s, stop.until_s))
            for stop in self._stops
            if site in stop.sites or not stop.sites
        )
        stopped_s, reached_s = 0.0, from_s
        for begin_s, end_s in windows:
            stopped_s += max(0.0, end_s - max(begin_s, reached_s))
            reached_s = max(reached_s, end_s)
        return stopped_s


def _names(text: str) -> frozenset[str]:
    return frozenset(name for name in text.split(",") if name)
