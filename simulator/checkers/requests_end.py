"""S2: each route request ends in exactly one of routed, local, overflowed, failed.

Rule of this file: every kind of question of a site counts: a caller before the answer, one who
waits, the next question about the same caller, and those of the network queue. `routed` is
believed where a move of that call began. A process that was killed ended its requests with it.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.checkers.restarts import CUT
from simulator.history import Line, Violation

NAME = "S2"
LOOKS_AT = ("request_begun",)
HOWS = ("routed", "local", "overflowed", "failed", CUT)
ROUTED = "routed"
Place = tuple[str, str]


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of S2; requests that never ended come last."""
    checker = _Checker()
    for line in lines:
        checker.take(line)
    for begun in checker.open.values():
        checker.wrong(begun, f"request {begun.text('request')} was begun and has not ended")
    return checker.found


class _Checker:
    """Requests by site and name."""

    def __init__(self) -> None:
        self.found: list[Violation] = []
        self.open: dict[Place, Line] = {}
        self._ended: dict[Place, str] = {}
        self._moved_at_s: dict[Place, float] = {}

    def take(self, line: Line) -> None:
        """One line."""
        place = (line.site, line.text("request"))
        if line.kind == "request_begun":
            if place in self.open or place in self._ended:
                self.wrong(line, f"request {place[1]} was begun twice")
            self.open[place] = line
        elif line.kind == "request_ended":
            self._end(line, place)
        elif line.kind in ("move_started", "move_ended"):
            self._moved_at_s[line.site, line.text("call")] = line.at_s

    def _end(self, line: Line, place: Place) -> None:
        how, begun = line.text("how"), self.open.pop(place, None)
        before = self._ended.setdefault(place, how)
        if begun is None:
            text = f"had ended {before} before" if place in self._ended else "had not begun"
            self.wrong(line, f"request {place[1]} ended {how} though it {text}")
            return
        if how not in HOWS:
            self.wrong(line, f"request {place[1]} ended {how or 'without a word'}")
        call = line.text("call")
        if how == ROUTED and self._moved_at_s.get((line.site, call), -1.0) < begun.at_s:
            self.wrong(line, f"request {place[1]} was routed, and no move of {call} began")

    def wrong(self, line: Line, text: str) -> None:
        """What broke it."""
        self.found.append(Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text))
