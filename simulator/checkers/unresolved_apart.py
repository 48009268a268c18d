"""unresolved: the outcome of a move stays unknown only where origin and target were kept apart.

Rule of this file: `unresolved` is the exception that other checkers make, so it must be the last
resort: something that hinders processes or what they tell one another was broken within the last
REACHED_S of the move; on the way to a voicemail, which can be asked nothing, it may be carriers
that were, at any time since REACHED_S before the move began. A history that tells of no faults is
not judged. Told as `unresolved`.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.checkers.faults_told import BEGUN, HARMLESS, faults_of
from simulator.history import Line, Violation

NAME = "unresolved"
LOOKS_AT = (BEGUN,)
REACHED_S = 15.0
"So long after everything is mended the target has been asked, and has answered."
HANDLER = "handler:"


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations, in order."""
    lines = list(lines)
    faults = faults_of(lines)
    hinder = [fault for fault in faults if fault.effect != HARMLESS]
    found = []
    began_s: dict[str, float] = {}
    "Of moves to voicemails, by token."
    for line in lines:
        if line.kind == "move_started" and line.text("target").startswith(HANDLER):
            began_s.setdefault(line.text("token"), line.at_s)
        if line.kind != "move_ended" or line.text("outcome") != "unresolved" or not faults:
            continue
        mailed = line.text("token") in began_s
        from_s = began_s.get(line.text("token"), line.at_s) - REACHED_S
        broken = faults if mailed else hinder
        if not any(fault.from_s <= line.at_s and fault.until_s >= from_s for fault in broken):
            text = (
                f"move {line.text('token')} of {line.text('interaction')} to"
                f" {line.text('target')} was counted unresolved, and nothing had been broken for"
                f" {REACHED_S:.0f} s"
            )
            found.append(Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text))
    return found
