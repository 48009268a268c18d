"""S8: a site's state changes only through its own stream, and never goes back.

Rule of this file: what each node took of each site is compared by incarnation first, then version.
A node that was started anew knows nothing, and begins again.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.history import Line, Violation

NAME = "S8"
LOOKS_AT = ("site_state",)


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of S8, in order."""
    found: list[Violation] = []
    known: dict[tuple[str, str], tuple[int, int]] = {}

    def wrong(line: Line, text: str) -> None:
        found.append(Violation(invariant=NAME, at_s=line.at_s, site=line.text("of"), text=text))

    for line in lines:
        if line.kind != "site_state":
            continue
        site, via, node = line.text("of"), line.text("via"), line.text("node")
        state = (line.number("incarnation"), line.number("version"))
        if via != site:
            wrong(line, f"{node} took a state of {site} from {via or 'nobody'}")
        before = known.get((node, site), (0, 0))
        if state < before:
            wrong(line, f"{node} went back from {before} to {state}")
        known[node, site] = state
    return found
