"""W1 as a SimPy model: processes, events and requests, by the same rules as the compiled engine.

A caller who finds a ready agent at home talks at once; else the call goes where the expected wait
is smallest (0 where an agent is ready), if that is not more than at home: a move of a second, an
agent or a place held meanwhile. Callers give up after their patience, also on the way; what is held
for them stands until it expires.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

from simulator.model.calls import CallsTable
from simulator.model.instants import US

MOVE_US = US
HOLD_US = 5 * US
"So long an agent or a place is held for a caller who never comes."


@dataclass
class Site:
    """Agents who are ready, callers who wait, places held for those on their way."""

    agents: int
    talk_s: float
    ready: int = 0
    held_places: int = 0
    line: deque[Any] = field(default_factory=deque)
    waiting: int = 0

    def expected_s(self, *, here: bool) -> float:
        """Expected wait of a caller who comes now, or (here) who waits at the end."""
        if self.ready:
            return 0.0
        ahead = self.waiting + self.held_places
        return max(ahead if here else ahead + 1, 1) * self.talk_s / self.agents


@dataclass
class Told:
    """What became of all."""

    answered: int = 0
    abandoned: int = 0
    moved: int = 0
    waited_us: int = 0


class Network:
    """The sites, and the process of each caller."""

    def __init__(self, agents: tuple[int, ...], talk_s: float, names: Sequence[str]) -> None:
        self.env = simpy.Environment()
        self.sites = [Site(count, talk_s, ready=count) for count in agents]
        self.told = Told()
        self.order = sorted(range(len(agents)), key=names.__getitem__)
        "Of equally good sites the first by name."

    def arrivals(self, calls: CallsTable) -> Generator[Any, Any, None]:
        """Every caller at their time."""
        rows = zip(
            calls.arrival_us.tolist(),
            calls.ingress.tolist(),
            calls.talk_us.tolist(),
            calls.patience_us.tolist(),
            strict=True,
        )
        for at_us, home, talk_us, patience_us in rows:
            yield self.env.timeout(at_us - self.env.now)
            self.env.process(self.call(home, talk_us, patience_us))

    def call(self, home: int, talk_us: int, patience_us: int) -> Generator[Any, Any, None]:
        """One caller."""
        env, told, began = self.env, self.told, self.env.now
        site = self.sites[home]
        if not site.ready:
            site.waiting += 1
            target = self.best_of(home)
            site.waiting -= 1
            if target is not None:
                held = target.ready > 0
                if held:
                    target.ready -= 1
                else:
                    target.held_places += 1
                yield env.timeout(min(MOVE_US, patience_us))
                if patience_us <= MOVE_US:
                    told.abandoned += 1
                    told.waited_us += env.now - began
                    yield env.timeout(HOLD_US - patience_us)
                    if held:
                        self.free(target)
                    else:
                        target.held_places -= 1
                    return
                if not held:
                    target.held_places -= 1
                told.moved += 1
                site = target
                if held:
                    site.ready += 1
        if not site.ready:
            mine = env.event()
            entry = [began, mine]
            self.join(site, entry)
            answered = yield mine | env.timeout(began + patience_us - env.now)
            if mine not in answered:
                entry[1] = None
                site.waiting -= 1
                told.abandoned += 1
                told.waited_us += env.now - began
                return
        else:
            site.ready -= 1
        told.answered += 1
        told.waited_us += env.now - began
        yield env.timeout(talk_us)
        self.free(site)

    def best_of(self, home: int) -> Site | None:
        """Where the wait is smallest, if it is not longer than at home."""
        others = [self.sites[s] for s in self.order if s != home]
        best = min(others, key=lambda site: site.expected_s(here=False))
        at_home = self.sites[home].expected_s(here=True)
        return best if best.expected_s(here=False) <= at_home else None

    def join(self, site: Site, entry: list[Any]) -> None:
        """Into the line, by arrival."""
        site.waiting += 1
        place = len(site.line)
        while place and site.line[place - 1][0] > entry[0]:
            place -= 1
        site.line.insert(place, entry)

    def free(self, site: Site) -> None:
        """An agent takes the next caller, or is ready."""
        while site.line:
            _, event = site.line.popleft()
            if event is not None:
                site.waiting -= 1
                event.succeed()
                return
        site.ready += 1


def run(agents: tuple[int, ...], talk_s: float, names: Sequence[str], calls: CallsTable) -> Told:
    """All calls through the network."""
    network = Network(agents, talk_s, names)
    network.env.process(network.arrivals(calls))
    network.env.run()
    return network.told
