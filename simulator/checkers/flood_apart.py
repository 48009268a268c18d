"""L5: a site that asks too much costs the others nothing.

Rule of this file: it looks at answers of NIRC that turned a request away for overload. Where one
site's are, those of the others may be at most one in twenty.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from simulator.history import Line, Violation

NAME = "L5"
LOOKS_AT = ("answer",)
WINDOW_S = 10.0
FLOOD_MIN = 20
"Requests turned away in a window that make a site a flooding one."
FLOOD_SHARE = 0.3
"And their share of its answers."
ANSWERS_MIN = 10
"Fewer answers of another site say nothing."
TURNED_AWAY_SHARE_MAX = 0.05


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of L5, in order."""
    windows: defaultdict[int, dict[bool, Counter[str]]] = defaultdict(
        lambda: {True: Counter(), False: Counter()}
    )
    for line in lines:
        if line.kind == "answer":
            turned_away = line.text("reason").startswith("overload")
            windows[int(line.at_s // WINDOW_S)][turned_away][line.site] += 1
    found = []
    for number, answers in sorted(windows.items()):
        away, served = answers[True], answers[False]
        if any(_floods(away[site], served[site]) for site in away):
            found += [
                _violation(number, site, away[site], away[site] + served[site])
                for site in sorted(away)
                if not _floods(away[site], served[site])
                and away[site] + served[site] >= ANSWERS_MIN
                and away[site] > TURNED_AWAY_SHARE_MAX * (away[site] + served[site])
            ]
    return found


def _floods(away: int, served: int) -> bool:
    return away >= FLOOD_MIN and away >= FLOOD_SHARE * (away + served)


def _violation(number: int, site: str, away: int, answers: int) -> Violation:
    text = f"{away} of {answers} requests of {site} were turned away while another site floods"
    return Violation(invariant=NAME, at_s=number * WINDOW_S, site=site, text=text)
