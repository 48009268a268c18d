"""Runs the test cases that stand inside a policy.

Rule of this file: a case is decided by the policy's own compiled function over columns made of what
the case says; nothing else is looked at, so that a case gives the same answer everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from routing_policies import reasons
from routing_policies.call_features import ServiceValues, call_vector
from routing_policies.case_columns import NOW_S, case_columns
from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.model import CallFacts, Memory, QueueColumns, Verdict
from routing_policies.policy_kinds import Case, CaseShares, Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What one case gave."""

    name: str
    passed: bool
    told: str
    "What was expected and what was got, a line each; empty when it passed."


@dataclass(frozen=True, slots=True, kw_only=True)
class _CaseCalendar:
    """A calendar as a case says it is."""

    open: bool
    holiday: str = ""
    closes_in_s: float = inf
    opens_in_s: float = 0.0


class _CaseWorld:
    """Lists and calendars as the case says they are; a calendar it does not name is open."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def listed(self, list_name: str, number: str) -> bool:
        """Is the caller on it."""
        return list_name in self._case.call.lists

    def calendar(self, name: str) -> _CaseCalendar:
        """Open or closed."""
        if self._case.calendars.get(name, True):
            return _CaseCalendar(open=True)
        return _CaseCalendar(open=False, closes_in_s=0.0, opens_in_s=inf)


def run_cases(document: RoutingPolicyDoc) -> list[CaseResult]:
    """Every case of the policy, in order. Raises DocumentError if it cannot be compiled."""
    if not document.spec.tests:
        return []
    policy = compile_policy(document, 0, source=f"RoutingPolicy/{document.name}")
    return [_result(policy, case) for case in document.spec.tests]


class _Run:
    """One case, its columns made."""

    def __init__(self, policy: CompiledPolicy, case: Case) -> None:
        self._policy = policy
        self._case = case
        self.columns = case_columns(case.queues)
        self._memory = Memory()
        call = case.call
        own = call.queue or call.service
        sites, queues = self.columns.site, self.columns.queue
        everybody = range(1, len(sites))
        self._origin_row = next(
            (row for row in everybody if (sites[row], queues[row]) == (call.origin, own)), 0
        )
        self._rows = [row for row in everybody if sites[row] != call.origin]
        cost = {(one.site, one.queue): one.cost for one in case.queues}
        costs = [cost[(sites[row], queues[row])] for row in self._rows]
        nothing = [0.0] * len(self._rows)
        self._ways = [nothing, nothing, costs, nothing]

    def decide(self, interaction_id: str) -> Verdict:
        """What the policy says about the call."""
        call = self._case.call
        facts = CallFacts(
            interaction_id=interaction_id,
            origin_site=call.origin,
            queue=call.queue or call.service,
            service=call.service,
            trunk_group=call.trunk_group,
            dialed_number=call.dialed_number,
            ani=call.ani,
            withheld=call.withheld,
            verified=call.verified,
            waited_s=call.waited_s,
            priority=call.priority,
            answered=call.answered,
            moves_count=call.moves_count,
            last_agent=call.last_agent or "",
            data=call.data,
        )
        vector = call_vector(
            facts,
            origin_row=self._origin_row,
            service=ServiceValues(),
            features=self._policy.features,
            world=_CaseWorld(self._case),
        )
        return self._policy.decide(
            NOW_S, vector, self._rows, self._ways, self.columns, self._memory
        )


def _result(policy: CompiledPolicy, case: Case) -> CaseResult:
    run = _Run(policy, case)
    told: list[str] = []
    if case.expect is not None:
        told += _differences(case.expect, run.decide(case.call.interaction_id), run.columns)
    if case.expect_shares is not None:
        told += _share_differences(case.expect_shares, run)
    return CaseResult(name=case.name, passed=not told, told="\n".join(told))


def _differences(expected: Expected, verdict: Verdict, columns: QueueColumns) -> list[str]:
    best = verdict.ranked[0] if verdict.ranked else None
    got = {
        "action": verdict.action,
        "rule": verdict.rule,
        "site": columns.site[best.row] if best else "nobody",
        "queue": columns.queue[best.row] if best else "none",
        "agent": columns.agent_names[best.slot] if best and best.slot >= 0 else "none",
    }
    told = [
        f"{name}: expected {wanted}, got {found}"
        for name, found in got.items()
        if (wanted := getattr(expected, name)) is not None and wanted != found
    ]
    order = tuple(columns.site[one.row] for one in verdict.ranked)
    if expected.order is not None and order != expected.order:
        told.append(f"order: expected {_list(expected.order)}, got {_list(order)}")
    told += _lost_differences(expected, verdict, columns)
    if told:
        told.append(f"rules tried: {', '.join(f'{n} {f}' for n, f in verdict.tried) or 'none'}")
        told += [f"failed: {verdict.failed}"] if verdict.failed else []
    return told


def _lost_differences(expected: Expected, verdict: Verdict, columns: QueueColumns) -> list[str]:
    lost = {columns.site[one.row]: reasons.told(one.reason, one.value) for one in verdict.lost}
    return [
        f"lost: expected {site} to lose by {words!r}, got {lost.get(site, 'it did not lose')}"
        for site, words in (expected.lost or {}).items()
        if words.lower() not in lost.get(site, "").lower()
    ]


def _share_differences(expected: CaseShares, run: _Run) -> list[str]:
    """Over many calls, each of its own interaction."""
    counts: dict[str, int] = {}
    for i in range(expected.calls):
        verdict = run.decide(f"case-{i}")
        site = run.columns.site[verdict.ranked[0].row] if verdict.ranked else "nobody"
        counts[site] = counts.get(site, 0) + 1
    told = []
    for site, share in expected.shares.items():
        found = counts.get(site, 0) / expected.calls
        if abs(found - share) > expected.within:
            told.append(f"share of {site}: expected {share:g}, got {found:.3f}")
    return told


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nobody"
