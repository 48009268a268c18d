"""S6: attached data read at the target equals what the origin sent, or is absent with a reason.

Rule of this file: digests are compared by token; an origin that sent data and a target that took
the call must both speak of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.history import Line, Violation

NAME = "S6"
LOOKS_AT = ("data",)
SENT = "sent"


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of S6, in order; a taken call whose data nobody spoke of comes last."""
    found: list[Violation] = []
    sent: dict[str, str] = {}
    told: set[str] = set()
    taken: dict[str, Line] = {}
    over: set[tuple[str, str]] = set()
    for line in lines:
        token = line.text("token")
        if line.kind == "call_arriving" and line.text("verdict") in ("accepted", "ordinary"):
            taken[token] = line
        elif line.kind == "call_ended":
            over.add((line.site, line.text("call")))
        elif line.kind == "data" and line.text("reason") == SENT:
            sent[token] = line.text("digest")
        elif line.kind == "data":
            told.add(token)
            problem = _problem(line, sent.get(token, ""))
            if problem:
                found.append(_violation(line, f"token {token}: {problem}"))
    for token, line in taken.items():
        silent = token in sent and token not in told
        if silent and (line.site, line.text("call")) not in over:
            found.append(_violation(line, f"token {token}: sent data, and no word of it"))
    return found


def _problem(line: Line, sent: str) -> str:
    digest, reason = line.text("digest"), line.text("reason")
    if not digest:
        return "" if reason else "data is absent without a reason"
    return "" if digest == sent else f"data {digest[:12]} is not what was sent ({sent[:12]})"


def _violation(line: Line, text: str) -> Violation:
    return Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text)
