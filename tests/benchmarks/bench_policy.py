"""Measures what a policy spends on one decision, from the call's numbers to the verdict.

    make bench ONLY=policy_decide_us_20

The built-in policy and a fuller one of six rules, for 4, 20 and 200 sites; first with an agent
ready everywhere, then with calls waiting everywhere, and the longer of the two is reported. All of
them are best of several rounds of processor time, for the machine may be shared.
"""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

from bench_report import report

from routing_policies import columns as c
from routing_policies.assembly import default_policy
from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.loading import load_document
from routing_policies.model import Memory, QueueColumns

NAMES = (
    "policy_decide_us_4",
    "policy_decide_us_20",
    "policy_decide_us_200",
    "policy_decide_with_reasons_us_4",
    "policy_decide_with_reasons_us_20",
    "policy_decide_with_reasons_us_200",
    "policy_decide_full_us_20",
    "policy_compile_ms",
)
GOALS_US = {4: 5.0, 20: 15.0, 200: 100.0}
ROUNDS = 15
NOW_S = 1000.0
FULL = """
apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {name: full}
spec:
  rules:
    - {name: own-agent, when: origin.free_count > 0, action: queue_at_origin}
    - name: key-customers
      when: call.priority >= 8
      select: longest_available
      action: route
    - name: skilled
      candidates: site.age_s < 5
      min_level: 7
      steps: [{after_s: 20, min_level: 4}, {after_s: 40, min_level: 1}]
      select: highest_skill
      loan: {max_loan: 20, min_reserve: 1}
      action: route
    - name: overload
      hysteresis: {value: origin.ewt_s, on_above: 1500, off_below: 600}
      action: announce
      announcement: long-wait
    - name: shortest
      when: call.waited_s > 5
      candidates: queue.ewt_s < 900 and default(queue.service_level, 1) >= 0.5
      loan: {service_level_min: 0.6}
      select: {agents_wait: least_occupied, calls_wait: min_expected_delay}
      min_gain_s: 5
      adjust: 2 + site.set_up_s
      action: route
    - name: percent
      select: {by: proportional, weight: queue.staffed_count}
      action: route
"""


class State:
    """Sites with one queue each, and a call at home."""

    def __init__(self, sites: int, *, agents_wait: bool) -> None:
        self.columns = QueueColumns()
        origin = self._row("home", waiting=60)
        for number in range(sites):
            row = self._row(f"site{number:03}", waiting=number * 7 % 20)
            if agents_wait:
                self._ready(row, NOW_S - number * 37 % 300)
        self.rows = list(range(2, sites + 2))
        self.ways = [[0.0] * sites for _ in range(c.WAY_COLUMNS)]
        self.call = [0.0] * c.CALL_FEATURES_FROM
        self.call[c.C_ORIGIN_ROW] = origin
        self.call[c.C_WAITED_S] = 10.0
        self.memory = Memory()

    def _row(self, site: str, *, waiting: int) -> int:
        row = self.columns.add_row(site, "sales")
        values: dict[int, float] = {c.Q_OPEN: True, c.Q_SHARED: True, c.Q_STAFFED: 20}
        values |= {c.Q_WAITING: waiting, c.Q_PLACES_FREE: 100, c.Q_AHT_S: 180.0}
        values |= {c.Q_REPORTED_AT: NOW_S - 0.2, c.Q_SITE_REPORTED_AT: NOW_S - 0.2}
        for column, value in values.items():
            self.columns.queues[column][row] = value
        return row

    def _ready(self, row: int, at_s: float) -> None:
        slot = self.columns.add_slot()
        self.columns.agents[c.A_READY_AT][slot] = at_s
        self.columns.agents[c.A_LEVEL][slot] = 8
        values = {c.Q_FREE: 2, c.Q_LENDABLE: 1, c.Q_FIRST_READY: slot, c.Q_WAITING: 0}
        for column, value in (values | {c.Q_LONGEST_READY_AT: at_s}).items():
            self.columns.queues[column][row] = value


def best_s(act: Callable[[], object], times: int) -> float:
    """Seconds of processor time for one act, in the best round."""
    found = float("inf")
    for _ in range(ROUNDS):
        began = thread_time()
        for _ in range(times):
            act()
        found = min(found, (thread_time() - began) / times)
    return found


def decide_us(policy: CompiledPolicy, sites: int, *, reasons: bool) -> float:
    """One decision, in the worse of two states."""
    worst = 0.0
    for agents_wait in (True, False):
        state = State(sites, agents_wait=agents_wait)

        def act(state: State = state) -> object:
            rows, ways, columns = state.rows, state.ways, state.columns
            return policy.decide(
                NOW_S, state.call, rows, ways, columns, state.memory, reasons=reasons
            )

        act()
        worst = max(worst, best_s(act, 10_000 // sites) * 1e6)
    return worst


def main() -> None:
    default = default_policy()
    names = iter(NAMES)
    for reasons, times in ((False, 1.0), (True, 3.0)):
        for sites, goal_us in GOALS_US.items():
            took_us = decide_us(default, sites, reasons=reasons)
            report(next(names), took_us, "us", goal_us * times, "lower")
    document = load_document(FULL, source="full.yaml")
    assert isinstance(document, RoutingPolicyDoc)
    full = compile_policy(document, 1, source="full.yaml")
    report(next(names), decide_us(full, 20, reasons=False), "us", 60.0, "lower")
    took_s = best_s(lambda: compile_policy(document, 1, source="full.yaml"), 100)
    report(next(names), took_s * 1e3, "ms", 2.0, "lower")


if __name__ == "__main__":
    main()
