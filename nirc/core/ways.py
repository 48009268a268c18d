"""Works out what is fixed about the ways a call may go: candidate rows, paths, costs.

Rule of this file: everything here follows from the documents and the rows that exist, so each set
is worked out once and shared by decisions, which only read it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from nirc.core.paths import Ladder
from routing_policies import reasons

Needs = tuple[tuple[tuple[str, str], int], ...]
"((site, trunk group), channels that must be free there)"
UNKNOWN = -1_000_000
"Stands for the channels left on a trunk group that a site does not have."


@dataclass(slots=True)
class Ways:
    """From one trunk group of a site to every other site's queue that serves a service."""

    rows: list[int]
    "In tie order: by site, then queue; then those that only a redirect may choose."
    sites: list[str]
    queues: list[str]
    ladders: list[Ladder]
    needs: list[tuple[str, int, Ladder, Needs]]
    "(site, row, ladder, channels), in that order."
    barred: list[float]
    "Where no path leads, or only a redirect may; to be copied before anything is added."
    place_only: list[float]
    cost: list[float]
    set_up_s: list[float]
    ladder_of: dict[str, Ladder]
    "By site."
    at: dict[int, int]
    "Position of each row."
    names: tuple[tuple[str, str], ...]
    "(site, queue) of each row."
    fixed: tuple[tuple[float, ...], ...]
    "`place_only`, `cost` and `set_up_s`, for records."
    picked: Callable[[Sequence[float]], tuple[float, ...]]
    "The numbers of a column at `rows`."


def ways_of(
    rows: list[int], sites: list[str], queues: list[str], ladders: list[Ladder], named_from: int
) -> Ways:
    """The ways to these rows, which are queues of these sites; those from `named_from` on may only
    be chosen by a rule that names them."""
    place_only = [float(one.place_only) for one in ladders]
    cost, set_up_s = [one.cost for one in ladders], [one.set_up_p99_s for one in ladders]
    return Ways(
        rows=rows,
        sites=sites,
        queues=queues,
        ladders=ladders,
        needs=[
            (site, row, one, _needs(site, one))
            for site, row, one in zip(sites, rows, ladders, strict=True)
        ],
        barred=[
            float(reasons.NO_PATH) if one.missing else float(reasons.NAMED_ONLY * (k >= named_from))
            for k, one in enumerate(ladders)
        ],
        place_only=place_only,
        cost=cost,
        set_up_s=set_up_s,
        ladder_of=dict(zip(sites, ladders, strict=True)),
        at={row: k for k, row in enumerate(rows)},
        names=tuple(zip(sites, queues, strict=True)),
        fixed=(tuple(place_only), tuple(cost), tuple(set_up_s)),
        picked=_picking(rows),
    )


def _needs(site: str, ladder: Ladder) -> Needs:
    """Who claims no channel only needs the trunk group."""
    return tuple(((site, claim.trunk_group), claim.count or UNKNOWN + 1) for claim in ladder.claims)


def _picking(rows: list[int]) -> Callable[[Sequence[float]], tuple[float, ...]]:
    if len(rows) > 1:
        return itemgetter(*rows)
    return lambda column: tuple(column[row] for row in rows)
