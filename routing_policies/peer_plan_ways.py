"""Says what paths and number pools deny of a way that a PeerPlan names.

Rule of this file: it compares documents with one another; what a plan may say by itself stands in
`peer_plan_kinds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from routing_policies.kinds import ANY_SITE, NumberPoolDoc, PathDoc
from routing_policies.peer_plan_kinds import PlanPeer, PlanWay

Wrong = tuple[str, str, str]
"Field of the way, problem, remedy."


def way_wrong(
    peer: PlanPeer, way: PlanWay, paths: Iterable[PathDoc], pools: Iterable[NumberPoolDoc]
) -> Iterator[Wrong]:
    """What is wrong with one way; where no path leaves its trunk group, nothing denies it."""
    here = (way.from_site, way.trunk_group)
    leaving = [one.spec for one in paths if (one.spec.from_site, one.spec.trunk_group) == here]
    methods = {
        "bridge" if one == "translation_route" else one
        for spec in leaving
        if spec.to_site in (peer.site, ANY_SITE)
        for one in spec.methods
    }
    lacking = [one for one in way.methods if one not in methods]
    if leaving and lacking:
        problem = f"no Path from {'/'.join(here)} to {peer.site} does {', '.join(lacking)}"
        yield "methods", problem, "name what a Path does, or add the Path"
    for pool in pools:
        if way.number in pool.spec.numbers:
            problem = f"{way.number} is lent by NumberPool/{pool.name}"
            yield "number", problem, "name a number that always leads to the service"
