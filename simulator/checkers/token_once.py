"""S5: a token connects one call, once, while it is live, and never after its origin cancelled it.

Rule of this file: `accepted` is a connection by token; a lapsed token may bring an ordinary call.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.history import Line, Violation

NAME = "S5"
LOOKS_AT = ("call_arriving",)


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of S5, in order."""
    found: list[Violation] = []
    used: dict[str, str] = {}
    ended: dict[str, str] = {}
    known: set[str] = set()
    for line in lines:
        token = line.text("token")
        if line.kind == "hold":
            known.add(token)
        elif line.kind == "hold_ended" and line.text("why") != "used":
            ended[token] = line.text("why")
        elif line.kind == "call_arriving":
            problem = _problem(line, token, used, ended, known)
            if problem:
                found.append(
                    Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=problem)
                )
    return found


def _problem(
    line: Line, token: str, used: dict[str, str], ended: dict[str, str], known: set[str]
) -> str:
    verdict, call = line.text("verdict"), line.text("call")
    if verdict not in ("accepted", "ordinary"):
        return ""
    before = used.setdefault(token, call)
    if before != call:
        return f"token {token} connected {before} and {call}"
    if token not in known:
        return f"token {token} was {verdict} though no hold granted it"
    if verdict == "accepted" and token in ended:
        return f"token {token} was accepted after its hold had {ended[token]}"
    if ended.get(token) == "cancelled":
        return f"token {token} brought a call after it was cancelled"
    return ""
