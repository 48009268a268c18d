"""Compares our figures with the ACD's own report, and says what explains each difference.

Rule of this file: a difference is explained by causes that are counted in our own records, and only
if they make it up exactly; what is left is told as unexplained, with its size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from nrcli.reports.imports import TheirRow
from nrcli.reports.places import Place
from nrcli.reports.tables import Table
from nrcli.reports.tally import Tally

COMPARED = ("offered", "answered", "abandoned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why an ACD counts otherwise."""

    name: str
    told: str
    change: int
    "1: they count these calls and we do not; -1: the other way round."


CAUSES: Mapping[str, tuple[Cause, ...]] = {
    "offered": (
        Cause(name="blocked", told="counts calls that were turned away before a queue", change=1),
        Cause(name="moved_in", told="does not know calls that were moved in by number", change=-1),
        Cause(name="abandoned_short", told="leaves short abandons out", change=-1),
        Cause(name="moved_out", told="does not count calls that left for another site", change=-1),
        Cause(name="redirected", told="does not count calls that were sent elsewhere", change=-1),
        Cause(name="callbacks", told="does not count who is called back", change=-1),
        Cause(name="callbacks_reached", told="counts calls back as offered", change=1),
    ),
    "answered": (
        Cause(name="callbacks_reached", told="counts calls back as answered", change=1),
        Cause(name="redirected", told="counts what a voicemail took as answered", change=1),
        Cause(name="moved_out", told="counts calls that left for another site", change=1),
        Cause(name="passed_on", told="counts an agent's transfer as a further call", change=1),
    ),
    "abandoned": (
        Cause(name="moved_out", told="counts calls that left for another site", change=1),
        Cause(name="abandoned_short", told="leaves short abandons out", change=-1),
        Cause(name="redirected", told="counts calls that were sent elsewhere", change=1),
        Cause(name="callbacks", told="counts who is called back", change=1),
        Cause(name="no_answer", told="counts what the carrier's timer ended", change=1),
        Cause(name="refused", told="counts who was turned away", change=1),
    ),
}
"Known causes, the usual ones first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure of one queue and interval, theirs beside ours."""

    line: int
    "Of their file; 0: they have no line for it."
    place: Place
    interval: int
    figure: str
    ours: int
    theirs: int
    causes: tuple[str, ...]
    unexplained: int

    @property
    def told(self) -> str:
        """In plain words."""
        if self.ours == self.theirs:
            return "agrees"
        if not self.unexplained:
            return "; ".join(self.causes)
        return f"unexplained: {self.unexplained:+d}"


def reconciled(
    decided: Table, offered: Table, site: str, theirs: Iterable[TheirRow]
) -> tuple[Difference, ...]:
    """Every figure that both have, line by line; then what they lack. `decided` and `offered` are
    our counts by queue, in both views."""
    nothing = Tally()
    found: list[Difference] = []
    seen: set[tuple[Place, int]] = set()
    for row in theirs:
        index = decided.periods.index_of(row.begin_us)
        if index is None:
            continue
        key: tuple[Place, int] = ((site, row.queue), index)
        seen.add(key)
        pair = decided.cells.get(key, nothing), offered.cells.get(key, nothing)
        for figure in COMPARED:
            if figure in row.counts:
                found.append(_difference(key, row.line, figure, row.counts[figure], pair))
    for ours, tally in sorted(decided.cells.items()):
        if ours[0][0] == site and ours not in seen and tally["offered"]:
            found.append(_difference(ours, 0, "offered", 0, (tally, nothing)))
    return tuple(found)


def _difference(
    key: tuple[Place, int], line: int, figure: str, theirs: int, pair: tuple[Tally, Tally]
) -> Difference:
    decided, offered = pair
    ours = decided[figure]
    wanted = theirs - ours
    counted = [
        (cause.change * decided[cause.name], f"their report {cause.told} ({decided[cause.name]})")
        for cause in CAUSES[figure]
        if decided[cause.name]
    ]
    shifted = offered[figure] - ours
    if shifted:
        counted.append((shifted, f"their report counts by offered interval ({shifted:+d})"))
    causes = explanation(wanted, counted) if line else ("their report has no line for it",)
    return Difference(
        line=line,
        place=key[0],
        interval=key[1],
        figure=figure,
        ours=ours,
        theirs=theirs,
        causes=causes or (),
        unexplained=0 if causes is not None else wanted,
    )


def explanation(wanted: int, counted: Sequence[tuple[int, str]]) -> tuple[str, ...] | None:
    """The fewest causes that make it up exactly; None: none do.

    >>> explanation(3, [(5, "a"), (2, "b"), (1, "c")])
    ('b', 'c')
    """
    for size in range(len(counted) + 1):
        for some in combinations(counted, size):
            if sum(change for change, _ in some) == wanted:
                return tuple(told for _, told in some)
    return None
