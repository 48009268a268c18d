"""S1: no agent is held by, or talks to, two calls, and no request has two holds at a site; places,
loans and channels stay within limits.

Rule of this file: holds are counted from the lines, not taken from anybody's counter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from simulator.history import Line, Violation

NAME = "S1"
LOOKS_AT = ("hold", "agent_call")


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of S1, in order."""
    checker = _Checker()
    for line in lines:
        checker.take(line)
    return checker.found


class _Checker:
    """Who has which agent now, and what is held per queue."""

    def __init__(self) -> None:
        self.found: list[Violation] = []
        self._agents: dict[tuple[str, str], str] = {}
        self._holds: dict[tuple[str, str], Line] = {}
        self._places: Counter[tuple[str, str]] = Counter()

    def take(self, line: Line) -> None:
        """One line."""
        if line.kind == "hold":
            self._hold(line)
        elif line.kind == "hold_ended":
            self._hold_ended(line)
        elif line.kind == "agent_call":
            self._claim(line, line.text("agent"), f"call {line.text('call')}")
        elif line.kind == "agent_free":
            self._free(line, line.text("agent"), f"call {line.text('call')}")

    def _hold(self, line: Line) -> None:
        token, agent, queue = line.text("token"), line.text("agent"), line.text("queue")
        self._once_a_request(line)
        self._holds[(line.site, token)] = line
        if agent:
            self._claim(line, agent, f"hold {token}")
        else:
            self._places[(line.site, queue)] += 1
            taken = self._places[(line.site, queue)] + line.number("waiting_count")
            if taken > line.number("places_max"):
                self._wrong(line, f"{taken} calls and holds on {line.number('places_max')} places")
        claimed = dict(_pairs(line.text("channels")))
        for group, free in _pairs(line.text("channels_free")):
            if free < 0 and claimed.get(group, 1):
                self._wrong(line, f"{-free} channels of {group} too many are promised")

    def _once_a_request(self, line: Line) -> None:
        """Asking again for a request must find what is held for it already."""
        request = line.text("request")
        for (site, other), begun in self._holds.items():
            if site == line.site and request and begun.text("request") == request:
                self._wrong(line, f"request {request} has hold {other} and {line.text('token')}")

    def _hold_ended(self, line: Line) -> None:
        token = line.text("token")
        begun = self._holds.pop((line.site, token), None)
        if begun is None:
            self._wrong(line, f"hold {token} ended without having begun")
        elif begun.text("agent"):
            self._free(line, begun.text("agent"), f"hold {token}")
        else:
            self._places[(line.site, begun.text("queue"))] -= 1

    def _claim(self, line: Line, agent: str, by: str) -> None:
        other = self._agents.get((line.site, agent))
        if other is not None and other != by:
            self._wrong(line, f"agent {agent} has {other} and {by}")
        self._agents[(line.site, agent)] = by

    def _free(self, line: Line, agent: str, by: str) -> None:
        if self._agents.get((line.site, agent)) == by:
            del self._agents[(line.site, agent)]

    def _wrong(self, line: Line, text: str) -> None:
        self.found.append(Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text))


def _pairs(text: str) -> list[tuple[str, int]]:
    pairs = [part.partition("=") for part in text.split(",") if part]
    return [(name, int(number)) for name, _, number in pairs]
