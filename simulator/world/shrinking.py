"""Makes a failing case small: fewer faults, fewer calls, fewer sites and nodes, a shorter run.

Rule of this file: every smaller case is run, and kept only if it still fails in a way the first one
did; it ends when nothing can be left out, or when the runs allowed are spent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from routing_policies.errors import DocumentError
from simulator.world.fault_case import FaultCase, SiteCase
from simulator.world.fault_search import Tried

RUNS_MAX = 400
SHORTEST_S = 0.1
"Of a fault."
PLAIN_POLICY = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: shortest, select: min_expected_delay, action: route}
"""
T = TypeVar("T")
Try = Callable[[FaultCase], Tried]
Step = Callable[[FaultCase], Iterator[FaultCase]]


class Shrinker:
    """Shrinks one case."""

    def __init__(
        self,
        case: FaultCase,
        first: Tried,
        try_: Try,
        *,
        runs_max: int | None = None,
        told: Callable[[float], None] = lambda share: None,
    ) -> None:
        self.case = case
        self.last = first
        self.runs_count = 0
        self._kinds = first.kinds
        self._try = try_
        self._runs_max = RUNS_MAX if runs_max is None else runs_max
        self._told = told

    def shrink(self) -> FaultCase:
        """The smallest case found that still fails."""
        if self.case.calls is None:
            numbers = tuple(int(n) for n in self.case.table().number)
            self._keep(replace(self.case, calls=numbers))
        changed = True
        while changed and self.runs_count < self._runs_max:
            before = self.case
            self._fewer("faults", self.case.faults)
            self._fewer("calls", self.case.calls or ())
            for step in STEPS:
                self._step(step)
            changed = self.case != before
        return self.case

    def _step(self, step: Step) -> None:
        """One way of making it simpler, as often as it helps."""
        kept = True
        while kept:
            kept = any(self._keep(smaller) for smaller in step(self.case))

    def _fewer(self, name: str, items: Sequence[T]) -> None:
        """Leave out halves, then quarters, down to single ones (delta debugging, Zeller 1999)."""
        size = (len(items) + 1) // 2
        while size >= 1 and items and self.runs_count < self._runs_max:
            begin = 0
            while begin < len(items):
                left = (*items[:begin], *items[begin + size :])
                if self._keep(replace(self.case, **{name: left})):  # type: ignore[arg-type]
                    items = left
                else:
                    begin += size
            size = size // 2

    def _keep(self, smaller: FaultCase) -> bool:
        """Take a smaller case if it still fails."""
        if smaller == self.case or self.runs_count >= self._runs_max:
            return False
        self.runs_count += 1
        self._told(self.runs_count / self._runs_max)
        try:
            result = self._try(smaller)
        except DocumentError:
            return False
        if not result.kinds & self._kinds:
            return False
        self.case, self.last = smaller, result
        return True


def _fewer_sites(case: FaultCase) -> Iterator[FaultCase]:
    if len(case.sites) > 2:
        yield from (case.without_site(site.name) for site in reversed(case.sites))


def _one_node(case: FaultCase) -> Iterator[FaultCase]:
    yield replace(case, nodes=1)
    if case.nodes > 3:
        yield replace(case, nodes=3)


def _simpler_faults(case: FaultCase) -> Iterator[FaultCase]:
    """Shorter ones, milder ones, none one-way, no failsafe."""
    if case.failsafe:
        yield replace(case, failsafe=False)
    for number, fault in enumerate(case.faults):
        for simpler in _simpler(fault):
            faults = (*case.faults[:number], simpler, *case.faults[number + 1 :])
            yield replace(case, faults=faults)


def _simpler(fault: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if float(fault["lasts_s"]) > SHORTEST_S:
        yield dict(fault) | {"lasts_s": round(float(fault["lasts_s"]) / 2, 3)}
    if fault.get("amount"):
        yield dict(fault) | {"amount": round(float(fault["amount"]) / 2, 4)}
    if fault.get("way") in ("in", "out", "power"):
        yield dict(fault) | {"way": ""}


def _plain_documents(case: FaultCase) -> Iterator[FaultCase]:
    yield replace(case, policy=PLAIN_POLICY)
    plain = tuple(replace(site, queue_document="") for site in case.sites)
    yield replace(case, calendars=(), sites=plain)
    yield replace(case, redials_max=0)
    yield replace(case, handler=None)
    yield replace(case, transfers=None)


def _plain_plan(case: FaultCase) -> Iterator[FaultCase]:
    if case.peer_plan is None:
        return
    yield replace(case, peer_plan=None)
    for name in ("ends_s", "newer_s"):
        plan = {key: value for key, value in case.peer_plan.items() if key != name}
        yield replace(case, peer_plan=plan)
    yield replace(case, peer_plan=dict(case.peer_plan) | {"by": "hand", "methods": ["bridge"]})


def _plain_sites(case: FaultCase) -> Iterator[FaultCase]:
    yield replace(case, sites=tuple(_plain(site) for site in case.sites))
    for number, site in enumerate(case.sites):
        yield replace(case, sites=(*case.sites[:number], _plain(site), *case.sites[number + 1 :]))


def _shorter(case: FaultCase) -> Iterator[FaultCase]:
    if case.for_s > 1:
        yield from (replace(case, for_s=round(case.for_s * share, 3)) for share in (0.5, 0.8))


STEPS: tuple[Step, ...] = (
    _fewer_sites,
    _one_node,
    _plain_documents,
    _plain_plan,
    _plain_sites,
    _simpler_faults,
    _shorter,
)
"Ways of making a case simpler; each gives smaller cases of the one it is handed."


def _plain(site: SiteCase) -> SiteCase:
    """A site without whatever is not needed for moving calls."""
    return replace(
        site,
        rules="",
        ring_s=0.0,
        no_answer_share=0.0,
        acw_s=0.0,
        places=30,
        channels=60,
        max_loan=100,
        min_reserve=0,
    )
