"""Nobody lost: every caller's story ends by the caller, by an agent, or by the site's own word.

Rule of this file: a leg that was moved or redirected must be followed by a leg elsewhere (or by the
caller's leaving, or end at a handler, whose own history nobody has); a leg that the site itself
ended without an agent is a lost caller, unless a policy or a closing queue had it rejected. One
whose leg ended with a killed process is not lost by routing: `restarts` counts them.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.checkers.restarts import CUT
from simulator.history import Line, Violation

NAME = "lost"
LOOKS_AT = ("call_offered", "call_arriving")
BY_PEOPLE = ("caller", "agent")
BEGINS = ("call_offered", "call_connected")
PASSED_ON = ("moved", "redirected")
POLICY_STATUS = (486, 600, 603)
"Final answers that a site gives on purpose, such as `busy` for a full queue."


def check(lines: Iterable[Line]) -> list[Violation]:
    """Interactions that ended without anybody having ended them."""
    story: dict[str, _Story] = {}
    for line in lines:
        interaction = line.text("interaction")
        if interaction:
            story.setdefault(interaction, _Story()).take(line)
    return [
        Violation(invariant=NAME, at_s=tale.last.at_s, site=tale.last.site, text=f"{name}: {why}")
        for name, tale in story.items()
        if tale.last is not None and (why := tale.lost())
    ]


class _Story:
    """One interaction over all sites."""

    def __init__(self) -> None:
        self.last: Line | None = None
        self._live: set[tuple[str, str]] = set()
        self._people = False
        self._rejected: set[tuple[str, str]] = set()
        self._outcome = ""
        self._why = ""
        self._cut = False

    def take(self, line: Line) -> None:
        """One line of it."""
        self.last = line
        leg = (line.site, line.text("call"))
        refused = line.text("verdict") == "refused"
        if line.kind in BEGINS or (line.kind == "call_arriving" and not refused):
            self._live.add(leg)
        elif line.kind == "move_ended":
            self._outcome = line.text("outcome")
        elif line.kind == "call_rejected":
            self._rejected.add(leg)
        elif line.kind == "call_ended":
            self._live.discard(leg)
            self._end(line, rejected=leg in self._rejected)

    def _end(self, line: Line, *, rejected: bool) -> None:
        by, status = line.text("released_by"), line.number("sip_status")
        on_purpose = status in POLICY_STATUS or (rejected and by == "site")
        if by in BY_PEOPLE or on_purpose:
            self._people = True
        elif by == CUT:
            self._cut = True
        elif by not in PASSED_ON:
            self._why = f"ended by {by} with status {status} at {line.site}"

    def lost(self) -> str:
        """Why this caller counts as lost, or empty."""
        if self._live or self._people:
            return ""
        if self._outcome in ("caller_gone", "unresolved", "to_handler"):
            return ""
        if self._cut and not self._why:
            return ""
        return self._why or f"was sent on from {self.last.site if self.last else '?'} to nowhere"
