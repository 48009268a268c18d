"""One source, two engines: CPython over lists and Numba over arrays say the same, bit for bit."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from policy_network import NOW_S, Network, Ready, policy, route
from source_tree import ROOT

from routing_policies import columns as c
from routing_policies.compiler import CompiledPolicy
from routing_policies.model import Memory
from routing_policies.names import name_id
from simulator.compiled.policy_function import (
    arrays,
    module_text,
    policy_function,
    table,
    work_for,
)

STATES = 20_000
CHUNK = 1_000
ROWS = 9
"Nobody's, the origin's, and seven candidates."
SLOTS = 14
CANDIDATES = ROWS - 2
NOTHING = [0.0] * CANDIDATES
LOST = (CHUNK, c.LOST_COLUMNS, CANDIDATES)
SITES = [name_id(name) for name in "abcdefgh"]
CACHE = ROOT / "build" / "policy_functions"

SELECTIONS = {
    "longest_available": ("longest_available", ""),
    "longest_average": ("{by: longest_available, measure: average}", "adjust: queue.aht_s / 10"),
    "least_occupied": ("least_occupied", "min_level: 4"),
    "fewest_calls": ("fewest_calls", "loan: {max_loan: 3, min_reserve: 1, service_level_min: 0.5}"),
    "fewest_per_hour": ("{by: fewest_calls, measure: per_hour}", "candidates: agent.idle_s < 60"),
    "highest_skill": ("highest_skill", "steps: [{after_s: 40, min_level: 5}]"),
    "lowest_skill": ("lowest_skill", "candidates: agent.level > 2 or queue.waiting_count > 3"),
    "last_agent": ("last_agent", ""),
    "broadcast": ("broadcast", ""),
    "ordered": ("{by: ordered, sites: [c, a, d, e, b]}", ""),
    "rotary": ("rotary", "candidates: 'default(queue.service_level, 1) > 0.2'"),
    "min_expected_delay": ("min_expected_delay", "adjust: 2, min_gain_s: 5"),
    "proportional_shares": (
        "{by: proportional, shares: {a: 0.2, b: 0.3, c: 0.15, d: 0.25, e: 0.1}}",
        "",
    ),
    "proportional_weight": ("{by: proportional, weight: queue.staffed_count / 3}", ""),
    "cost": (
        "cost",
        "candidates: 'queue.occupancy < 0.9 or max(queue.oldest_wait_s, queue.last_wait_s) > 30',"
        " adjust: 0.5 * site.cost if queue.age_s > 5 else 0",
    ),
    "preferred_site": ("{by: preferred_site, site: c}", "min_gain_s: 20"),
    "service_level_risk": (
        "service_level_risk",
        "min_gain_s: 10, steps: [{after_s: 50, min_gain_s: 0}]",
    ),
    "regimes": ("{agents_wait: rotary, calls_wait: min_expected_delay}", "min_level: 3"),
}
RULES = """
- name: asleep
  hysteresis: {value: network.waiting_count + origin.waiting_count, on_above: 25, off_below: 15}
  when: call.waited_s > 60
  action: retry_after
  retry_after_s: 5
- name: there
  when: network.free_count < 2 and call.priority > 8
  action: redirect
  to: {site: b, queue: c}
"""


class States:
    """Random states of a network, many at once; the same numbers as arrays and as lists."""

    def __init__(self, seed: int, count: int) -> None:
        self._rng = np.random.default_rng(seed)
        self.queues = self._queues(count)
        self.agents = self._agents(count)
        if seed % 2:
            self._made_odd()
        self.queues[:, c.Q_FIRST_READY] = self._chained(count)
        self.call = self._calls(count)
        self.ways = self._ways(count)
        self.rows = np.arange(2, ROWS)
        whole = (self.queues, self.agents, self.call, self.ways)
        self.lists = tuple(one.tolist() for one in whole)

    def _some(self, shape: Any, chance: float, value: float, otherwise: Any) -> Any:
        return np.where(self._rng.random(shape) < chance, value, otherwise)

    def _queues(self, count: int) -> Any:
        rng, nan = self._rng, math.nan
        shape = (count, ROWS)
        queues = np.zeros((count, c.QUEUE_COLUMNS, ROWS))
        queues[:, c.Q_SITE] = np.sort(rng.choice(SITES, shape), axis=1)
        queues[:, c.Q_QUEUE] = rng.choice(SITES, shape)
        for column in (c.Q_OPEN, c.Q_SHARED, c.Q_ACCEPTING, c.Q_SITE_OPEN):
            queues[:, column] = rng.random(shape) > 0.05
        busy = (c.Q_BUSY, c.Q_ACW, c.Q_NOT_READY, c.Q_LOANS, c.Q_WAITING, c.Q_STAFFED)
        for column in busy:
            queues[:, column] = rng.integers(0, 8, shape)
        for column in (c.Q_FREE, c.Q_LENDABLE):
            queues[:, column] = self._some(shape, 0.5, 0, rng.integers(0, 4, shape))
        queues[:, c.Q_PLACES_FREE] = rng.integers(-1, 5, shape)
        queues[:, c.Q_LONGEST_READY_AT] = self._some(
            shape, 0.1, math.inf, rng.uniform(0, 1000, shape)
        )
        queues[:, c.Q_AHT_S] = self._some(shape, 0.1, 0, rng.integers(1, 9, shape) * 30.0)
        queues[:, c.Q_OLDEST_AT] = self._some(shape, 0.3, nan, rng.uniform(900, 1010, shape))
        queues[:, c.Q_LAST_WAIT_S] = rng.uniform(0, 90, shape)
        queues[:, c.Q_PATIENCE_S] = self._some(shape, 0.3, nan, rng.uniform(0, 90, shape))
        queues[:, c.Q_ESTIMATOR] = rng.integers(1, 5, shape)
        queues[:, c.Q_SERVICE_LEVEL] = self._some(shape, 0.3, nan, rng.random(shape))
        queues[:, c.Q_REPORTED_AT] = self._some(
            shape, 0.05, -math.inf, rng.uniform(980, 1000, shape)
        )
        queues[:, :, 0] = 0
        return queues

    def _made_odd(self) -> None:
        """Sites without data, infinities, huge numbers, in every fiftieth value but names."""
        odd = self._rng.choice([math.nan, math.inf, -math.inf, -1.0, 1e308], self.queues.shape)
        hit = self._rng.random(self.queues.shape) < 0.02
        hit[:, (c.Q_SITE, c.Q_QUEUE)] = False
        self.queues[hit] = odd[hit]

    def _agents(self, count: int) -> Any:
        rng, shape = self._rng, (count, SLOTS)
        agents = np.zeros((count, c.AGENT_COLUMNS, SLOTS))
        agents[:, c.A_AGENT] = rng.choice(SITES, shape)
        agents[:, c.A_LEVEL] = rng.integers(1, 11, shape)
        agents[:, c.A_READY_AT] = rng.integers(0, 20, shape) * 50.0
        for column in (c.A_CALLS, c.A_READY_S, c.A_READY_PERIODS, c.A_OCCUPIED_S):
            agents[:, column] = rng.integers(0, 9, shape)
        agents[:, c.A_NEXT] = -1
        return agents

    def _chained(self, count: int) -> Any:
        """Two slots for each candidate row: none, one or both of them ready."""
        ready = self._rng.integers(0, 3, (count, ROWS))
        first = np.full((count, ROWS), -1.0)
        for row in range(2, ROWS):
            slot = 2 * (row - 2)
            first[:, row] = np.where(ready[:, row] > 0, slot, -1)
            self.agents[:, c.A_NEXT, slot] = np.where(ready[:, row] > 1, slot + 1, -1)
        return first

    def _calls(self, count: int) -> Any:
        rng = self._rng
        call = np.zeros((count, c.CALL_FEATURES_FROM))
        call[:, c.C_ORIGIN_ROW] = rng.integers(0, 2, count)
        call[:, c.C_WAITED_S] = rng.uniform(0, 90, count)
        call[:, c.C_PRIORITY] = rng.integers(0, 11, count)
        call[:, c.C_SERVICE_THRESHOLD_S] = self._some(count, 0.1, math.nan, 60.0)
        call[:, c.C_LAST_AGENT] = self._some(count, 0.2, math.nan, rng.choice(SITES, count))
        return call

    def _ways(self, count: int) -> Any:
        rng, shape = self._rng, (count, CANDIDATES)
        ways = np.zeros((count, c.WAY_COLUMNS, CANDIDATES))
        ways[:, c.W_BARRED] = self._some(shape, 0.1, 66, 0)
        ways[:, c.W_PLACE_ONLY] = rng.random(shape) < 0.1
        ways[:, c.W_COST] = self._some(shape, 0.1, math.nan, rng.integers(0, 5, shape) / 4)
        return ways


def compiled(name: str) -> CompiledPolicy:
    select, more = SELECTIONS[name]
    last = f"- {{name: last, action: route, select: {select}{more and ', '}{more}}}"
    return policy(f"{RULES}\n{last}" if name == "regimes" else last)


@pytest.fixture(scope="module")
def states() -> list[States]:
    return [States(seed, CHUNK) for seed in range(STATES // CHUNK)]


@pytest.mark.parametrize("name", SELECTIONS)
def test_lists_and_arrays_give_the_same(name: str, states: list[States]) -> None:
    """Rule, ranking, values, slots, reasons and memory, over states one after another."""
    tried = compiled(name)
    plain = tried.function(reasons=True)
    fast = policy_function(tried, CACHE, reasons=True)
    work = work_for(tried, row_count=ROWS, candidate_count=CANDIDATES)
    kept, row_kept = [0.0] * tried.kept_count, [[0.0] * ROWS for _ in range(tried.row_kept_count)]
    rows = list(range(2, ROWS))
    decided = 0
    for one in states:
        queues, agents, call, ways = one.lists
        outs, losts, traces = np.zeros((CHUNK, c.OUT_SIZE)), np.zeros(LOST), np.zeros((CHUNK, 3))
        outs_too, losts_too, traces_too, found, found_too = [], [], [], [], []
        for i in range(CHUNK):
            out, lost, trace = [0.0] * c.OUT_SIZE, [NOTHING[:] for _ in range(5)], [0.0] * 3
            here = (NOW_S, call[i], rows, ways[i], queues[i], agents[i])
            found.append(plain(*here, kept, row_kept, out, lost, trace))
            outs_too.append(out)
            losts_too.append(lost)
            traces_too.append(trace)
            state = (NOW_S, one.call[i], one.rows, one.ways[i], one.queues[i], one.agents[i])
            memory = (work.kept, work.row_kept)
            found_too.append(fast(*state, *memory, outs[i], losts[i], traces[i]))
        assert found == found_too
        assert np.array_equal(outs, np.array(outs_too), equal_nan=True)
        assert np.array_equal(losts, np.array(losts_too), equal_nan=True)
        assert np.array_equal(traces, np.array(traces_too))
        assert work.kept.tolist() == kept
        assert work.row_kept.tolist() == row_kept
        decided += sum(index >= 0 for index in found)
    assert decided > STATES / 20, "the states are no trial"


@pytest.mark.parametrize("name", SELECTIONS)
def test_with_and_without_reasons_the_same_is_decided(name: str, states: list[States]) -> None:
    tried, one = compiled(name), states[0]
    queues, agents, call, ways = one.lists
    told = []
    for reasons in (False, True):
        function, memory = tried.function(reasons=reasons), Memory()
        memory.fit(tried.kept_count, tried.row_kept_count, ROWS)
        for i in range(CHUNK):
            out, lost, trace = [0.0] * c.OUT_SIZE, [NOTHING[:] for _ in range(5)], [0.0] * 3
            here = (NOW_S, call[i], list(range(2, ROWS)), ways[i], queues[i], agents[i])
            index = function(*here, memory.kept, memory.row_kept, out, lost, trace)
            told.append((index, out, memory.kept[:], [column[:] for column in memory.row_kept]))
    assert told[:CHUNK] == told[CHUNK:]


def test_the_columns_of_a_router_are_read_as_they_are() -> None:
    network = Network().put("a", Ready("x")).put("b", waiting=3)
    tried = compiled("longest_available")
    queues, agents = arrays(network.columns)
    work = work_for(tried, row_count=4, candidate_count=2)
    call = np.zeros(c.CALL_FEATURES_FROM)
    rows, ways = np.array([2, 3]), table([[0, 0]] * c.WAY_COLUMNS)
    function = policy_function(tried, CACHE, reasons=True)
    args = (call, rows, ways, queues, agents, work.kept, work.row_kept)
    assert function(1000.0, *args, work.out, work.lost, work.trace) == 0
    assert work.out[: c.OUT_FIRST + 3].tolist() == [1.0, 0.0, 0.0, 990.0, 0.0]


def test_the_file_is_named_by_what_it_holds_and_kept(tmp_path: Path) -> None:
    tried = route("lowest_skill")
    policy_function(tried, tmp_path)
    (first,) = tmp_path.glob("policy_*.py")
    policy_function(tried, tmp_path)
    assert list(tmp_path.glob("policy_*.py")) == [first]
    assert first.read_text() == module_text(tried, reasons=False)
    assert list((tmp_path / "__pycache__").glob("*.nbi"))


def test_without_numba_the_function_runs_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.compiled.policy_function.find_spec", lambda name: None)
    tried = route("lowest_skill")
    assert policy_function(tried, tmp_path) is tried.function(reasons=False)


def test_another_process_finds_it_on_disk(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from policy_network import route;"
        "from simulator.compiled.policy_function import policy_function;"
        f"f = policy_function(route('cost'), Path({str(tmp_path)!r}));"
        "print(sum(f.stats.cache_hits.values()))"
    )
    path = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests/helpers'}"}
    policy_function(route("cost"), tmp_path)
    hits = subprocess.run(
        [sys.executable, "-c", program], env=path, capture_output=True, text=True, check=True
    )
    assert hits.stdout.strip() == "1"
