"""Reckons, before calls are shifted, whether those who would get them can carry them.

Rule of this file: pure, over figures that somebody else gathered; Erlang's formulas in the long run
say what would be, never what will be. Nothing is refused here: problems are named, people decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from routing_policies.erlang import answered_within, blocked_share, served_within

BLOCKED_SHARE_MAX = 0.01
"More calls than this share that find no loan or channel are a problem; 0 to 1."
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLoad:
    """What is known of one queue of one site."""

    site: str
    queue: str
    agents: float
    "Who serves, breaks apart; who serves several queues counts for a part of one in each."
    offered_per_s: float
    aht_s: float
    patience_s: float = 0.0
    "0: not known, and nobody is taken to give up."
    loan_max: int = 0
    threshold_s: float = 20.0
    "A call answered within this is in time."
    problem: str = ""
    "Why no call of another site may go there now; empty: it may."

    def load(self, offered_per_s: float) -> float:
        """Erlangs that so many calls are."""
        return offered_per_s * self.aht_s

    def service_level(self, offered_per_s: float) -> float:
        """Share answered in time if so many came, in the long run; 0 to 1."""
        servers, load = int(self.agents + 1e-9), self.load(offered_per_s)
        if load <= 0:
            return 1.0 if servers else 0.0
        if self.patience_s > 0:
            return served_within(servers, load, self.aht_s, self.patience_s, self.threshold_s)
        return answered_within(servers, load, self.aht_s, self.threshold_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsFree:
    """Channels of one trunk group that calls which are moved may use."""

    site: str
    trunk_group: str
    count: int
    each: int = 1
    "Channels that one moved call holds while it stands."


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Callers of one queue, and where they may go."""

    origin: QueueLoad
    targets: tuple[QueueLoad, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueForecast:
    """One queue before and after."""

    site: str
    queue: str
    agents: float
    calls_per_hour: float
    calls_per_hour_after: float
    occupancy: float
    "Erlangs per agent; above 1 the queue only grows, as far as nobody gives up."
    occupancy_after: float
    service_level: float
    service_level_after: float
    "Shares answered in time, in the long run; 0 to 1."


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a shift would do."""

    share: float
    moved_calls_per_min: float
    origins: tuple[QueueForecast, ...]
    targets: tuple[QueueForecast, ...]
    problems: tuple[str, ...]
    "Why it should not be done; empty: those who get the calls carry them."
    share_max: float
    "The largest share without a problem, in steps of a hundredth."


def forecast(
    flows: Sequence[Flow], share: float, floor: float, channels: Sequence[ChannelsFree] = ()
) -> Forecast:
    """What moving `share` of each flow would do; a target's service level should stay above
    `floor` (both 0 to 1)."""
    taken, problems = _spread(flows, share)
    targets = _targets(flows)
    for key, target in targets.items():
        if taken[key] > 0:
            problems += _carried(target, taken[key], floor)
    problems += _channels(channels, targets, taken)
    share_max = share
    if problems:
        share_max = _largest(lambda part: not forecast_problems(flows, part, floor, channels))
    return Forecast(
        share=share,
        moved_calls_per_min=60.0 * share * sum(flow.origin.offered_per_s for flow in flows),
        origins=tuple(
            _queue_forecast(flow.origin, -share * flow.origin.offered_per_s) for flow in flows
        ),
        targets=tuple(_queue_forecast(one, taken[key]) for key, one in targets.items()),
        problems=tuple(dict.fromkeys(problems)),
        share_max=share_max,
    )


def forecast_problems(
    flows: Sequence[Flow], share: float, floor: float, channels: Sequence[ChannelsFree] = ()
) -> list[str]:
    """The problems alone; ends at the first."""
    taken, problems = _spread(flows, share)
    targets = _targets(flows)
    problems += _channels(channels, targets, taken)
    for key, target in targets.items():
        if problems:
            break
        if taken[key] > 0:
            problems += _carried(target, taken[key], floor)
    return problems


def agents_in(
    queues_of_agents: Sequence[Sequence[str]], load_of: Callable[[str], float]
) -> dict[str, float]:
    """Agents per queue: each counts once, split over their queues as the queues' loads are.

    >>> agents_in([["sales"], ["sales", "support"]], {"sales": 1.0, "support": 3.0}.__getitem__)
    {'sales': 1.25, 'support': 0.75}
    """
    found: dict[str, float] = {}
    for queues in queues_of_agents:
        loads = [load_of(queue) for queue in queues]
        whole = sum(loads)
        for queue, load in zip(queues, loads, strict=True):
            part = load / whole if whole > 0 else 1.0 / len(queues)
            found[queue] = found.get(queue, 0.0) + part
    return found


# ---- inner --------------------------------------------------------------------------------------

_Key = tuple[str, str]


def _targets(flows: Sequence[Flow]) -> dict[_Key, QueueLoad]:
    """Every queue that may get calls, once."""
    return {(one.site, one.queue): one for flow in flows for one in flow.targets}


def _spread(flows: Sequence[Flow], share: float) -> tuple[dict[_Key, float], list[str]]:
    """Calls per second that each target gets, by what its agents have left; and who gets none."""
    taken = dict.fromkeys(_targets(flows), 0.0)
    problems: list[str] = []
    for flow in flows:
        moved = share * flow.origin.offered_per_s
        able = [one for one in flow.targets if not one.problem and one.agents > 0]
        if not able:
            problems.append(_nobody(flow))
            continue
        spare = [max(one.agents - one.load(one.offered_per_s), 0.0) for one in able]
        whole = sum(spare)
        weights = spare if whole > 0 else [one.agents for one in able]
        for one, weight in zip(able, weights, strict=True):
            taken[one.site, one.queue] += moved * weight / sum(weights)
    return taken, problems


def _nobody(flow: Flow) -> str:
    origin = flow.origin
    if not flow.targets:
        return f"nobody elsewhere serves the callers of {origin.site} {origin.queue}"
    why = "; ".join(
        f"{one.site} {one.queue}: {one.problem or 'nobody is at work'}" for one in flow.targets[:5]
    )
    return f"nobody can take the callers of {origin.site} {origin.queue} ({why})"


def _carried(target: QueueLoad, more_per_s: float, floor: float) -> list[str]:
    """Problems of a queue that gets so many calls more."""
    place = f"{target.site} {target.queue}"
    load, more = target.load(target.offered_per_s), target.load(more_per_s)
    problems = []
    if blocked_share(target.loan_max, more) > BLOCKED_SHARE_MAX:
        problems.append(
            f"{place} lends at most {target.loan_max} agents at once, and {more:.1f} of the calls"
            " would be there in the mean"
        )
    after = target.service_level(target.offered_per_s + more_per_s)
    if after < floor:
        before = target.service_level(target.offered_per_s)
        problems.append(
            f"{place} would answer {after:.0%} in time instead of {before:.0%}, less than"
            f" {floor:.0%}: {load + more:.1f} Erlangs for {target.agents:.1f} agents"
        )
    return problems


def _channels(
    channels: Sequence[ChannelsFree],
    targets: dict[_Key, QueueLoad],
    taken: dict[_Key, float],
) -> list[str]:
    """Trunk groups that are too small. Those of the site that the calls leave carry all of them."""
    problems = []
    for one in channels:
        here = [key for key in targets if key[0] == one.site] or list(targets)
        load = sum(targets[key].load(taken[key]) for key in here)
        blocked = blocked_share(max(one.count, 0) // one.each, load)
        if load > 0 and blocked > BLOCKED_SHARE_MAX:
            problems.append(
                f"trunk group {one.trunk_group} of {one.site} has {max(one.count, 0)} channels"
                f" left, and {load * one.each:.1f} would be needed in the mean"
                f" ({blocked:.0%} of the calls would find none)"
            )
    return problems


def _largest(good: Callable[[float], bool]) -> float:
    """The largest hundredth for which `good` holds, which holds up to somewhere and no more."""
    low, high = 0, 100
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if good(middle / 100) else (low, middle - 1)
    return low / 100


def _queue_forecast(one: QueueLoad, more_per_s: float) -> QueueForecast:
    after = max(one.offered_per_s + more_per_s, 0.0)
    agents = max(one.agents, 1e-9)
    return QueueForecast(
        site=one.site,
        queue=one.queue,
        agents=one.agents,
        calls_per_hour=one.offered_per_s * HOUR_S,
        calls_per_hour_after=after * HOUR_S,
        occupancy=one.load(one.offered_per_s) / agents,
        occupancy_after=one.load(after) / agents,
        service_level=one.service_level(one.offered_per_s),
        service_level_after=one.service_level(after),
    )
