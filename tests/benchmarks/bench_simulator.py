"""Measures the compiled engine: calls per second on W1 and W2, beside a SimPy model of W1; the
first answer with and without compiled code on disk; the policy's part; memory.

    make bench ONLY=sim_w1_calls_per_s

Calls stand ready in memory; what is timed is the engine, from the calls to the outcomes, in
processor time, best of several rounds, for the machine may be shared. SimPy runs a part of the same
calls, in the same run; what became of callers must agree.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import numpy as np
import simpy_w1
from bench_networks import AGENTS, TALK_S, w1, w2
from bench_report import report

from routing_policies import columns as c
from simulator.compiled.engine import CompiledEngine
from simulator.model.calls import CallsTable
from simulator.model.network import NetworkModel

NAMES = (
    "sim_w1_calls_per_s",
    "sim_w1_vs_simpy",
    "sim_w2_calls_per_s",
    "sim_library_first_result_cold_s",
    "sim_library_first_result_warm_s",
    "sim_policy_decide_ns_4",
    "sim_policy_decide_ns_20",
    "sim_policy_decide_ns_200",
    "sim_day_memory_mb",
)
ROUNDS = 5
PART = 250_000
SIMPY_CALLS = 40_000
DECIDE_GOALS_NS = {4: 50.0, 20: 200.0, 200: 1500.0}
QUICK = """
import sys, time
began = time.perf_counter()
sys.path.insert(0, "tests/helpers")
import sim_models
from simulator.compiled.engine import CompiledEngine
model = sim_models.network((10, 8, 6), duration_s=13300.0, ideal=True)
calls = sim_models.calls(model, per_s=0.05)
run = CompiledEngine().start(model)
ended = len(run.feed(calls, model.duration_us).outcomes) + len(run.finish().outcomes)
assert ended == len(calls), (ended, len(calls))
print(time.perf_counter() - began)
"""
"A quick start of 2,000 calls in a process of its own."
MEMORY = """
import sys
from pathlib import Path
from bench_simulator import fed
from bench_networks import w2
model, calls = w2(1_000_000)
fed(model, calls)
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def fed(model: NetworkModel, calls: CallsTable) -> tuple[float, dict[str, float]]:
    """Seconds of processor time for all calls, part by part, and what became of callers."""
    run = CompiledEngine().start(model)
    used_s, answered, waited_us, moved = 0.0, 0, 0, 0
    for begin in range(0, len(calls), PART):
        end = min(begin + PART, len(calls))
        part = calls.part(begin, end)
        until_us = int(calls.arrival_us[end]) if end < len(calls) else model.duration_us
        began = process_time()
        outcomes = run.feed(part, until_us).outcomes
        used_s += process_time() - began
        answered += int((outcomes["outcome"] == 1).sum())
        waited_us += int(outcomes["wait_us"].sum())
        moved += int((outcomes["moves"] > 0).sum())
    began = process_time()
    outcomes = run.finish().outcomes
    used_s += process_time() - began
    answered += int((outcomes["outcome"] == 1).sum())
    waited_us += int(outcomes["wait_us"].sum())
    moved += int((outcomes["moves"] > 0).sum())
    share = {"answered": answered, "waited_s": waited_us / 1e6, "moved": moved}
    return used_s, {name: value / len(calls) for name, value in share.items()}


def best_rate(model: NetworkModel, calls: CallsTable) -> float:
    """Calls per second in the best round."""
    fed(model, calls)  # compiles, or finds what was compiled
    return max(len(calls) / fed(model, calls)[0] for _ in range(ROUNDS))


def beside_simpy(rate: float) -> None:
    """The ratio, and whether both say the same of the callers."""
    model, calls = w1(SIMPY_CALLS, seed=2)
    began = process_time()
    told = simpy_w1.run(AGENTS, TALK_S, [site.name for site in model.sites], calls)
    simpy_rate = len(calls) / (process_time() - began)
    _, ours = fed(model, calls)
    theirs = {
        "answered": told.answered / len(calls),
        "waited_s": told.waited_us / 1e6 / len(calls),
        "moved": told.moved / len(calls),
    }
    print(f"SimPy: {simpy_rate:.0f} calls/s; of a caller: {theirs}, compiled: {ours}")
    for name, value in theirs.items():
        assert abs(value - ours[name]) <= 0.01 * max(value, 1.0), (name, value, ours[name])
    report("sim_w1_vs_simpy", rate / simpy_rate, "times", 30.0, "higher")


def first_results() -> None:
    """A process of its own, with an empty folder and with a full one."""
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NIRC_SIM_CACHE": folder, "NIRC_SIM_WARM": "0"}

        def took_s(program: str = QUICK) -> float:
            done = subprocess.run(
                [sys.executable, "-c", program],
                cwd=root,
                env=environment | {"PYTHONPATH": str(root)},
                capture_output=True,
                text=True,
                check=True,
            )
            return float(done.stdout)

        report("sim_library_first_result_cold_s", took_s(), "s", 3.0, "lower")
        compiling = QUICK.replace(
            "model = ", "import simulator.compiled.engine as e; e.SMALL_COUNT = 0\nmodel = "
        )
        took_s(compiling)
        warm_s = min(took_s() for _ in range(3))
        report("sim_library_first_result_warm_s", warm_s, "s", 1.0, "lower")


def decide_ns(sites: int) -> float:
    """One decision as the loop makes it: columns of all candidates up to date, policy called."""
    from simulator.compiled.cache_place import cache_folder
    from simulator.compiled.policies import decide_function, policies_of

    model, _ = w2(1, sites=sites)
    policies = policies_of(model)
    decide = decide_function(policies, model, compiled=True, folder=cache_folder())
    import numba

    rows = np.arange(2, sites + 1)
    queues = np.zeros((c.QUEUE_COLUMNS, sites + 1))
    for column in (c.Q_OPEN, c.Q_SHARED, c.Q_ACCEPTING, c.Q_SITE_OPEN, c.Q_ESTIMATOR):
        queues[column] = 1
    queues[c.Q_STAFFED] = 20
    queues[c.Q_AHT_S] = 180.0
    queues[c.Q_PLACES_FREE] = 100
    queues[c.Q_WAITING] = 1 + np.arange(sites + 1) * 7 % 20
    queues[c.Q_WAITING, 1] = 60
    call = np.zeros(c.CALL_FEATURES_FROM)
    call[0] = 1
    arguments = (
        call,
        rows,
        np.zeros((c.WAY_COLUMNS, sites)),
        queues,
        np.zeros((c.AGENT_COLUMNS, 1)),
        np.zeros(0),
        np.zeros((0, sites + 1)),
        np.zeros(c.OUT_SIZE),
        np.zeros((c.LOST_COLUMNS, sites)),
        np.zeros(1),
    )
    kinds = numba.typeof(arguments)
    pointer = numba.types.FunctionType(decide.nopython_signatures[0])

    @numba.njit(numba.types.float64(pointer, numba.types.int64, kinds), _nrt=False)
    def many(f, times, args):  # type: ignore[no-untyped-def]
        total = 0.0
        for i in range(times):
            total += f(1000.0 + i, *args)
        return total

    times = 2_000_000 // sites
    many(decide, 10, arguments)
    best = float("inf")
    for _ in range(ROUNDS):
        began = process_time()
        many(decide, times, arguments)
        best = min(best, (process_time() - began) / times)
    return best * 1e9


def memory_mb() -> float:
    """Most memory of a process that takes a day of twenty sites and a million calls."""
    root = Path(__file__).resolve().parents[2]
    paths = [str(root), str(root / "tests/helpers"), str(root / "tests/benchmarks")]
    done = subprocess.run(
        [sys.executable, "-c", MEMORY],
        cwd=root,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout) / 1024


def main() -> None:
    rate = best_rate(*w1(1_000_000))
    report("sim_w1_calls_per_s", rate, "calls/s", 2.5e6, "higher")
    beside_simpy(rate)
    report("sim_w2_calls_per_s", best_rate(*w2(5_000_000)), "calls/s", 1.5e6, "higher")
    first_results()
    for sites, goal_ns in DECIDE_GOALS_NS.items():
        report(f"sim_policy_decide_ns_{sites}", decide_ns(sites), "ns", goal_ns, "lower")
    report("sim_day_memory_mb", memory_mb(), "MB", 1024.0, "lower")


if __name__ == "__main__":
    main()
