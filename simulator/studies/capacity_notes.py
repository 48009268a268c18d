"""What a reader of a capacity plan must know of places that the plan does not speak of.

Rule of this file: a plan judges sites, or trunk groups on which callers come in. Queues that are
served badly although their site reaches the target, and what was left as it is, are told in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.measures.figures import FIGURES
from simulator.measures.reading import told
from simulator.measures.replications import over_replications
from simulator.measures.runs import RunMeasures
from simulator.measures.targets import Target
from simulator.model.instants import US
from simulator.model.network import NetworkModel

QUEUES_TOLD = 5
"So many queues are named."


def plan_notes(
    model: NetworkModel,
    target: Target,
    runs: Sequence[RunMeasures],
    *,
    sites: Sequence[str],
    of_trunks: bool,
    by_interval: bool,
) -> tuple[str, ...]:
    """Notes to a plan of `sites`, from runs of callers that the search never saw."""
    if of_trunks:
        return tuple(_groups_left(model, sites))
    return (*_warm_up(model, by_interval), *_queues_missed(target, runs, sites))


def _groups_left(model: NetworkModel, sites: Sequence[str]) -> Iterator[str]:
    entered = {entry for ingress in model.ingresses for entry in ingress.entries}
    left = [
        f"{site.name} {trunk.name} ({trunk.channels_max})"
        for s, site in enumerate(model.sites)
        for t, trunk in enumerate(site.trunks)
        if site.name in sites and (s, t) not in entered
    ]
    if left:
        yield (
            f"left as they are: {', '.join(left)}: only moved calls arrive there, and none is "
            "moved without a free channel, so that blocking says nothing of how many are needed; "
            "look at the most channels used (`nirc-sim run`), and try fewer with --set"
        )


def _warm_up(model: NetworkModel, by_interval: bool) -> Iterator[str]:
    if by_interval and model.warm_up_us >= model.interval_us:
        yield (
            f"the first {model.warm_up_us / US / 60:g} min are not measured (warm-up), so there "
            "are no numbers for them: they were staffed as the interval after them"
        )


def _queues_missed(
    target: Target, runs: Sequence[RunMeasures], sites: Sequence[str]
) -> Iterator[str]:
    """Queues that miss what their sites were held to."""
    rows = over_replications(runs).by_row if runs else None
    if rows is None or target.figure not in rows.columns:
        return
    missed = []
    for at, key in enumerate(rows.keys_in_order):
        found = rows.value(target.figure, at)
        short = found is not None and (
            found.mean < target.value if target.higher else found.mean > target.value
        )
        if found is not None and short and isinstance(key, tuple) and key[0] in sites:
            missed.append((abs(found.mean - target.value), " ".join(map(str, key)), found.mean))
    if missed:
        missed.sort(reverse=True)
        named = ", ".join(
            f"{place} {told(FIGURES[target.figure], mean)}"
            for _, place, mean in missed[:QUEUES_TOLD]
        )
        more = f" and {len(missed) - QUEUES_TOLD} more" if len(missed) > QUEUES_TOLD else ""
        yield (
            f"queues that miss the target with this plan: {named}{more}. It holds for all callers "
            "of a place together, and numbers keep the mix of groups, skills and shifts that the "
            "scenario has: give these queues more agents of their skill there, then search again"
        )
