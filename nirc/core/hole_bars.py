"""Keeps a call away from suspended places, unless nothing else is left to it.

Rule of this file: it only writes why a way is barred; the last way of a call that nobody serves at
home is never barred. Where nothing is suspended nothing is looked at.
"""

from __future__ import annotations

from nirc.core.black_holes import BlackHoles
from nirc.core.hole_places import QUEUE, way_key
from nirc.core.paths import Ladder, with_rungs
from nirc.core.suspension import Phase, Suspension
from nirc.core.ways import Ways
from routing_policies import reasons

Way = tuple[int, int, list[Suspension]]
"(position, row, what is suspended about it)"


def bar(
    holes: BlackHoles,
    ways: Ways,
    barred: list[float],
    told: dict[int, str],
    *,
    served_at_home: bool,
    counted: bool,
    now_s: float,
) -> None:
    """Bars the ways that lead to suspended places; `counted`: the call is real, no rehearsal."""
    held: list[Way] = []
    others = served_at_home
    for k, (site, row, ladder, _needs) in enumerate(ways.needs):
        if barred[k] not in (0.0, reasons.NAMED_ONLY):
            continue
        found = _suspended(holes, site, ways.queues[k], ladder)
        if counted:
            for one in found:
                one.wanted()
        if all(one.admits(now_s) for one in found):
            others = others or not barred[k]
        else:
            held.append((k, row, found))
    if held and not others:
        held.remove(min(held, key=_harm))
    for k, row, found in held:
        barred[k] = reasons.SUSPENDED
        told[row] = _told(found, now_s)


def spared(holes: BlackHoles, ladder: Ladder, site: str, now_s: float) -> Ladder:
    """The ladder without the rungs whose paths are suspended, as long as one is left."""
    standing = holes.standing
    rungs = tuple(
        rung
        for rung in ladder.rungs
        if (one := standing.get(way_key(site, rung.path, rung.method.value))) is None
        or one.admits(now_s)
    )
    if not rungs or len(rungs) == len(ladder.rungs):
        return ladder
    return with_rungs(ladder, rungs)


def _suspended(holes: BlackHoles, site: str, queue: str, ladder: Ladder) -> list[Suspension]:
    """What is not open about a way: its queue; its paths, if none of them is open."""
    standing = holes.standing
    found = [one] if (one := standing.get((QUEUE, site, queue))) is not None else []
    paths = [standing.get(way_key(site, rung.path, rung.method.value)) for rung in ladder.rungs]
    if paths and all(paths):
        found += [one for one in paths if one is not None]
    return found


def _harm(way: Way) -> tuple[int, int, int]:
    """The way that returns already comes first, then the one whose probes failed least."""
    k, _row, found = way
    suspended = sum(one.phase is Phase.SUSPENDED for one in found)
    return suspended, sum(one.probes_failed_count for one in found), k


def _told(found: list[Suspension], now_s: float) -> str:
    for one in found:
        if one.phase is Phase.SUSPENDED:
            return f"suspended: {one.reason}"
    return f"returning, with {found[0].share(now_s):.0%} of its calls: {found[0].reason}"
