"""hops: a caller is moved at most twice without a person's answer in between, six times in all, and
never to a site that has moved them away since a person last answered.

Rule of this file: a leg that came by a token is one hop further than the leg it came from; a move
that came to nothing is none; of a caller whom a process took up without its whole journal nobody
knows where they were before. Told as `hops`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from simulator.history import Line, Violation

NAME = "hops"
LOOKS_AT = ("call_arriving",)
WITHOUT_PERSON_MAX = 2
ALL_MAX = 6


class _Way(NamedTuple):
    """How a leg came to be."""

    without_person: int = 0
    hops: int = 0
    left: tuple[str, ...] = ()
    "Sites that the caller was moved away from since a person last answered."


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of the hop budget, in order."""
    found: list[Violation] = []
    ways: defaultdict[tuple[str, str], _Way] = defaultdict(_Way)
    by_token: dict[str, tuple[str, _Way]] = {}
    homes: dict[tuple[str, str], _Way] = {}
    unsure: set[str] = set()
    for line in lines:
        leg = (line.site, line.text("call"))
        if line.kind == "site_started" and not line.fields.get("sure"):
            unsure.add(line.site)
        elif line.kind == "call_resumed" and line.site in unsure:
            ways[leg] = _Way()
        elif line.kind == "move_started":
            by_token[line.text("token")] = (line.site, ways[leg])
            homes[line.site, line.text("interaction")] = ways[leg]
        elif line.kind == "call_connected":
            ways[leg] = ways[leg]._replace(without_person=0, left=())
        elif line.kind == "call_arriving" and line.text("verdict") == "returned":
            ways[leg] = homes.get((line.site, line.text("interaction")), _Way())
        elif line.kind == "call_arriving" and line.text("verdict") != "refused":
            origin, before = by_token.get(line.text("token"), ("", _Way()))
            way = _Way(before.without_person + 1, before.hops + 1, (*before.left, origin))
            ways[leg] = way
            problem = _problem(way, line.site)
            if problem:
                text = f"{line.text('interaction')} {problem}"
                found.append(Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text))
        elif line.kind == "call_ended":
            ways.pop(leg, None)
    return found


def _problem(way: _Way, site: str) -> str:
    if site in way.left:
        return f"is back at a site that moved it away: {', '.join(way.left)}"
    if way.without_person > WITHOUT_PERSON_MAX:
        return f"was moved {way.without_person} times without a person's answer"
    if way.hops > ALL_MAX:
        return f"was moved {way.hops} times"
    return ""
