"""Watches a run: the history that sites and nodes write, judged by the checkers, in bounded memory.

Rule of this file: it looks and changes nothing. Lines are judged together; those of stories that
have ended long ago are let go of afterwards, so that memory follows the calls under way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.checkers import nothing_left
from simulator.checkers.restarts import with_cuts
from simulator.checkers.verdict import AT_THE_END, CHECKERS
from simulator.history import Line, Violation

LINES_MAX = 60_000
"So many lines are gathered before they are judged."
OVER_S = 150.0
"A story is over when nothing of it is open and nobody has spoken of it for this long."
KEPT = frozenset(
    {"policy_published", "policies_in_use", "epoch", "tier", "fault_begun", "fault_ended"}
)
"Lines that later ones are judged by."


class Watch:
    """The history of a run."""

    def __init__(self, lines_max: int = LINES_MAX) -> None:
        self.lines: list[Line] = []
        self.lines_count = 0
        self._judged_at = lines_max
        self._lines_max = lines_max
        self._found: dict[tuple[str, float, str, str], Violation] = {}

    def line(self, at_s: float, site: str, kind: str, fields: Mapping[str, Any]) -> None:
        """One more line."""
        self.lines.append(Line(at_s=at_s, site=site, kind=kind, fields=dict(fields)))
        self.lines_count += 1
        if len(self.lines) >= self._judged_at:
            self._sweep(at_s)

    def violations(self) -> tuple[Violation, ...]:
        """What the checkers found over the whole run; nothing may be under way any more."""
        self._judge(with_cuts(self.lines), tuple(CHECKERS))
        return tuple(sorted(self._found.values(), key=lambda wrong: wrong.at_s))

    def _sweep(self, now_s: float) -> None:
        """Judge what there is, and let go of what is over."""
        self.lines = with_cuts(self.lines)
        middle = [name for name in CHECKERS if name not in AT_THE_END]
        self._judge(self.lines, middle)
        over, kept = parted(self.lines, now_s)
        self._judge(over, AT_THE_END)
        self.lines = kept
        self._judged_at = len(kept) + self._lines_max

    def _judge(self, lines: Sequence[Line], names: Sequence[str]) -> None:
        for name in names:
            for wrong in CHECKERS[name](lines):
                self._found.setdefault((wrong.invariant, wrong.at_s, wrong.site, wrong.text), wrong)


def parted(lines: Sequence[Line], now_s: float) -> tuple[list[Line], list[Line]]:
    """(lines of stories that are over, lines to keep)."""
    callers = {
        line.text("token"): line.text("interaction")
        for line in lines
        if line.text("token") and line.text("interaction")
    }
    last_s: dict[str, float] = {}
    opened: dict[str, set[tuple[str, str, str]]] = {}
    stories = [_story(line, callers) for line in lines]
    for line, story in zip(lines, stories, strict=True):
        last_s[story] = line.at_s
        _follow(line, opened.setdefault(story, set()))
    over: list[Line] = []
    kept: list[Line] = []
    for line, story in zip(lines, stories, strict=True):
        if line.kind in KEPT:
            kept.append(line)
        elif now_s - last_s[story] > OVER_S and not opened[story]:
            over.append(line)
        else:
            kept.append(line)
    return over, kept


def _story(line: Line, callers: Mapping[str, str]) -> str:
    """Whose story a line belongs to: a caller's, a token's that no caller used, or a request's."""
    token, call = line.text("token"), line.text("call")
    if line.kind == "site_state":
        return f"state at {line.at_s}"
    if token:
        return callers.get(token, token)
    if line.text("interaction"):
        return line.text("interaction")
    return call.rpartition(".")[0] or line.text("decision") or line.text("request")


def _follow(line: Line, opened: set[tuple[str, str, str]]) -> None:
    """What of a story is open after a line."""
    if line.kind in nothing_left.OPENS:
        kind, name = nothing_left.OPENS[line.kind]
        opened.add((line.site, kind, line.text(name)))
    elif line.kind == "call_arriving" and line.text("verdict") != "refused":
        opened.add((line.site, "call", line.text("call")))
    elif line.kind in nothing_left.CLOSES:
        kind, name = nothing_left.CLOSES[line.kind]
        opened.discard((line.site, kind, line.text(name)))
