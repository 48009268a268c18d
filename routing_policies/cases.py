"""Runs the tests that stand inside a policy document, on a network that each of them describes.

Rule of this file: a case builds its own columns and memory, so no case sees another; nothing is
left to chance or to the clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf, nan

from routing_policies import columns as c
from routing_policies.call_features import CalendarView, ServiceValues, call_vector
from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.model import CallFacts, Lost, Memory, QueueColumns, Verdict
from routing_policies.names import name_id
from routing_policies.policy_kinds import Case, CaseAgent, CaseQueue, Expected
from routing_policies.reasons import told

NOW_S = 100_000.0
"The instant at which every case happens, on the clock of the columns."
LOOKS_MAX = 2_000_000
"Most looks at a queue by a rule in all cases of a document: some seconds."


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """How one test of a policy ended."""

    name: str
    passed: bool
    told: str
    "What was expected and what came instead; what happened, where it passed."
    rule: str = ""
    "The rule that decided, or `otherwise`."


_TOO_MUCH = (
    f"not run: calls times queues times rules, added up to this case, are over {LOOKS_MAX:,}: "
    "lower `calls`, or use fewer queues"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCalendar:
    """What a calendar says in a case."""

    open: bool
    holiday: str = ""
    closes_in_s: float = inf
    opens_in_s: float = inf


CalendarAt = Callable[[str, float], CalendarView | None]
"(name, unix_s) to what the calendar says then; None if there is no such calendar."


def run_cases(
    document: RoutingPolicyDoc, *, calendar_at: CalendarAt | None = None
) -> list[CaseResult]:
    """Every case, in the order of the document; a case that fails is a result as well, so is one
    that is left out because the cases before it and this one would take too long. Raises
    DocumentError where the policy does not compile."""
    if not document.spec.tests:
        return []
    policy = compile_policy(document, 0, source=f"RoutingPolicy/{document.name}")
    results, looks = [], 0
    for case in document.spec.tests:
        calls = 1 + (case.expect_shares.calls if case.expect_shares is not None else 0)
        looks += calls * len(case.queues) * max(len(document.spec.rules), 1)
        if looks > LOOKS_MAX:
            results.append(CaseResult(name=case.name, passed=False, told=_TOO_MUCH))
        else:
            results.append(run_case(policy, case, calendar_at=calendar_at))
    return results


def run_case(
    policy: CompiledPolicy, case: Case, *, calendar_at: CalendarAt | None = None
) -> CaseResult:
    """One case: a single decision, or many where shares are expected."""
    network = CaseNetwork(case, calendar_at)
    memory = Memory()
    verdict = network.decide(policy, memory, 0)
    wrong = _differences(case.expect, verdict, network) if case.expect else []
    if case.expect_shares is not None:
        wrong += _share_differences(policy, case, network)
    happened = network.told(verdict)
    return CaseResult(
        name=case.name,
        passed=not wrong,
        told=happened if not wrong else "; ".join(wrong) + f" (came: {happened})",
        rule=verdict.rule,
    )


class _World:
    """What a case says of lists and calendars."""

    def __init__(self, case: Case, calendar_at: CalendarAt | None) -> None:
        self._case = case
        self._calendar_at = calendar_at

    def listed(self, list_name: str, number: str) -> bool:
        """Does the case put the caller on this list."""
        return list_name in self._case.call.lists

    def calendar(self, name: str) -> CalendarView | None:
        """What the calendar says: as the case says, else as it stands at the case's time."""
        if name in self._case.calendars:
            return CaseCalendar(open=self._case.calendars[name])
        if self._case.at is not None and self._calendar_at is not None:
            moment = datetime.fromisoformat(self._case.at).replace(tzinfo=UTC)
            return self._calendar_at(name, moment.timestamp())
        return CaseCalendar(open=True)

    def handler(self, name: str, facts: CallFacts) -> bool:
        """Does the case have the handler take the caller; if it does not say, it does."""
        return self._case.handlers.get(name, True)


class CaseNetwork:
    """The network of one case, as columns."""

    def __init__(self, case: Case, calendar_at: CalendarAt | None = None) -> None:
        self.case = case
        self.columns = QueueColumns()
        self._world = _World(case, calendar_at)
        ordered = sorted(case.queues, key=lambda q: (q.site, q.queue))
        own_queue = case.call.queue or case.call.service
        self.rows: list[int] = []
        self._costs: list[float] = []
        self._origin_row = 0
        for queue in ordered:
            row = self._add(queue)
            if queue.site == case.call.origin:
                if queue.queue == own_queue or not self._origin_row:
                    self._origin_row = row
            else:
                self.rows.append(row)
                self._costs.append(queue.cost)

    def decide(self, policy: CompiledPolicy, memory: Memory, number: int) -> Verdict:
        """What the policy says about the case's call; `number` tells repeated calls apart."""
        memory.fit(policy.kept_count, policy.row_kept_count, len(self.columns.site))
        ways: list[list[float]] = [[0.0] * len(self.rows) for _ in range(c.WAY_COLUMNS)]
        ways[c.W_COST] = list(self._costs)
        ways[c.W_SET_UP_S] = [0.5] * len(self.rows)
        vector = call_vector(
            self._facts(number),
            origin_row=self._origin_row,
            service=ServiceValues(),
            features=policy.features,
            world=self._world,
        )
        return policy.decide(NOW_S, vector, self.rows, ways, self.columns, memory)

    def site_of(self, row: int) -> str:
        """The site of a row."""
        return self.columns.site[row]

    def agent_of(self, slot: int) -> str:
        """The agent of a slot; empty for a place."""
        return self.columns.agent_names[slot] if slot >= 0 else ""

    def told(self, verdict: Verdict) -> str:
        """What the policy said, in a few words."""
        text = f"{verdict.action} by {verdict.rule}"
        if verdict.ranked:
            best = verdict.ranked[0]
            text += f" to {self.site_of(best.row)}/{self.columns.queue[best.row]}"
            text += f"/{self.agent_of(best.slot)}" if best.slot >= 0 else ""
        if verdict.handler:
            text += f" to handler {verdict.handler}"
        return text

    def _facts(self, number: int) -> CallFacts:
        call = self.case.call
        return CallFacts(
            interaction_id=call.interaction_id + (f"-{number}" if number else ""),
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
            data=dict(call.data),
        )

    def _add(self, queue: CaseQueue) -> int:
        row = self.columns.add_row(queue.site, queue.queue)
        for number, value in _values(queue).items():
            self.columns.queues[number][row] = value
        last = -1
        for agent in sorted(_agents(queue), key=lambda a: (-a.ready_s, a.agent)):
            slot = self._add_agent(queue, agent, row)
            if last < 0:
                self.columns.queues[c.Q_FIRST_READY][row] = slot
                self.columns.queues[c.Q_LONGEST_READY_AT][row] = NOW_S - agent.ready_s
            else:
                self.columns.agents[c.A_NEXT][last] = slot
            last = slot
        return row

    def _add_agent(self, queue: CaseQueue, agent: CaseAgent, row: int) -> int:
        slot = self.columns.add_slot()
        self.columns.agent_names[slot] = agent.agent
        for number, value in (
            (c.A_AGENT, name_id(f"{queue.site}/{agent.agent}")),
            (c.A_ROW, row),
            (c.A_LEVEL, agent.level),
            (c.A_READY_AT, NOW_S - agent.ready_s),
            (c.A_CALLS, agent.calls_count),
            (c.A_READY_S, agent.ready_before_s),
            (c.A_READY_PERIODS, agent.ready_periods),
            (c.A_OCCUPIED_S, agent.occupied_s),
        ):
            self.columns.agents[number][slot] = value
        return slot


def _ready_count(queue: CaseQueue) -> int:
    return max(queue.ready_count or 0, len(queue.agents))


def _agents(queue: CaseQueue) -> list[CaseAgent]:
    """The agents named, and as many without a name of their own as are ready besides."""
    unnamed = range(1, _ready_count(queue) - len(queue.agents) + 1)
    return [*queue.agents, *(CaseAgent(agent=f"agent-{number}") for number in unnamed)]


def _values(queue: CaseQueue) -> Mapping[int, float]:
    ready = _ready_count(queue)
    staffed = queue.staffed_count if queue.staffed_count is not None else ready
    loans_left = queue.max_loan - queue.loan_count
    waiting = queue.waiting_count
    return {
        c.Q_OPEN: queue.open,
        c.Q_SITE_OPEN: queue.site_open,
        c.Q_SHARED: queue.shared,
        c.Q_ACCEPTING: queue.accepting,
        c.Q_STAFFED: staffed,
        c.Q_FREE: ready,
        c.Q_LENDABLE: max(min(ready - queue.min_reserve, loans_left), 0),
        c.Q_BUSY: max(staffed - ready, 0),
        c.Q_WAITING: waiting,
        c.Q_PLACES_MAX: queue.places_free_count + waiting,
        c.Q_PLACES_FREE: queue.places_free_count if loans_left > 0 else 0,
        c.Q_AHT_S: queue.aht_s,
        c.Q_REPORTED_AT: NOW_S - queue.age_s,
        c.Q_SITE_REPORTED_AT: NOW_S - queue.age_s,
        c.Q_OLDEST_AT: NOW_S - queue.oldest_wait_s if waiting else nan,
        c.Q_LOANS: queue.loan_count,
        c.Q_MAX_LOAN: queue.max_loan,
        c.Q_MIN_RESERVE: queue.min_reserve,
        c.Q_SERVICE_LEVEL: nan if queue.service_level is None else queue.service_level,
        c.Q_PATIENCE_S: nan if queue.patience_s is None else queue.patience_s,
        c.Q_CLOSES_AT: inf if queue.closes_in_s is None else NOW_S + queue.closes_in_s,
    }


def _differences(expected: Expected, verdict: Verdict, network: CaseNetwork) -> list[str]:
    best = verdict.ranked[0] if verdict.ranked else None
    came = {
        "action": verdict.action,
        "rule": verdict.rule,
        "site": network.site_of(best.row) if best else "",
        "queue": network.columns.queue[best.row] if best else "",
        "agent": network.agent_of(best.slot) if best else "",
        "handler": verdict.handler,
    }
    wrong = [
        f"expected {key} {wanted}, got {value or 'none'}"
        for key, value in came.items()
        if (wanted := getattr(expected, key)) is not None and wanted != value
    ]
    if expected.order is not None:
        order = tuple(network.site_of(one.row) for one in verdict.ranked)
        if order != expected.order:
            wanted_order = ", ".join(expected.order) or "nobody"
            wrong.append(f"expected order {wanted_order}, got {', '.join(order) or 'nobody'}")
    for site, words in (expected.lost or {}).items():
        wrong += _lost_difference(site, words, verdict.lost, network)
    return wrong


def _lost_difference(
    site: str, words: str, lost: Sequence[Lost], network: CaseNetwork
) -> list[str]:
    reasons = [told(one.reason, one.value) for one in lost if network.site_of(one.row) == site]
    if any(words in reason for reason in reasons):
        return []
    came = "; ".join(reasons) or "it did not lose"
    return [f"expected {site} to lose because of {words!r}, got {came}"]


def _share_differences(policy: CompiledPolicy, case: Case, network: CaseNetwork) -> list[str]:
    """Many calls with one memory; what is compared is where the best candidates stood."""
    expected = case.expect_shares
    assert expected is not None
    memory, counts = Memory(), Counter[str]()
    for number in range(expected.calls):
        verdict = network.decide(policy, memory, number)
        counts[network.site_of(verdict.ranked[0].row) if verdict.ranked else ""] += 1
    wrong = []
    for site in sorted({*expected.shares, *counts} - {""}):
        wanted, came = expected.shares.get(site, 0.0), counts[site] / expected.calls
        if abs(wanted - came) > expected.within:
            wrong.append(f"expected {site} to get {wanted:.3f} of the calls, got {came:.3f}")
    return wrong
