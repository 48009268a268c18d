"""One long run of a network of processes: callers all the time, a fault a minute, sizes of daemons.

Rule of this file: the order of things; faults stand in `faults`, the judgement in `verdict`. It
ends when its time is over or when it is told to, and then lets everything come to rest.
"""

from __future__ import annotations

import random
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import psutil
from chaos_demo import _bad_logs, _come_to_rest, _stop
from cuts import WiredNetwork
from faults import FAULTS, Chaos, NoLeader
from memory_slopes import Sizes
from verdict import Judgement, judge

from nirc.demo.json_http import HttpFailed
from nirc.demo.layout import NetworkShape, build_layout
from nirc.demo.network_status import NotReady
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker
from nirc.demo.processes import ProcessFailed
from simulator.history import read_history
from simulator.studies.commit import commit

CALLS_PER_S = 2.0
FAULT_EVERY_S = 60.0
SIZE_EVERY_S = 10.0
REST_S = 90.0
"Of the time given, for calls to end and processes to stop."
KILL_SHARE = 0.2
"Of the faults end a process: more would leave none that stands long enough to be measured."
SLOPE_MB_PER_H_MAX = 200.0
"More is a leak for certain, however short the run."
KILLS = tuple(name for name in FAULTS if "kill" in name or name in ("stop_all_nodes", "wipe_etcd"))
MILD = tuple(name for name in FAULTS if name not in KILLS)


def soak(seed: int, for_s: float, over: Event) -> dict[str, Any]:
    """The record of one run."""
    begun_s = time.monotonic()
    breaking_s = max(for_s - REST_S, 30.0)
    folder = Path(tempfile.mkdtemp(prefix=f"nirc-soak-{seed}-"))
    calls = int(breaking_s * CALLS_PER_S)
    load = Load(calls=calls, seed=seed, over_s=breaking_s)
    network = WiredNetwork(folder, build_layout(NetworkShape(etcd_count=1), PortTaker()), load)
    chaos = Chaos(network=network, chance=random.Random(f"soak/{seed}"), now_s=_boot_s)
    found, sizes = Judgement(), Sizes()
    with ThreadPoolExecutor(1) as pool:
        try:
            network.start()
            for name in network.processes.names():
                network.processes.leave_alone(name)
            network.phones_order("POST", "/start")
            measuring, stopped = Event(), pool.submit(lambda: None)
            stopped = pool.submit(_measure, network, sizes, measuring)
            try:
                _break(chaos, begun_s + breaking_s, over)
            finally:
                measuring.set()
                stopped.result()
            if not over.is_set():
                _come_to_rest(chaos, found, calls)
                _judge(network, chaos, found)
        except (NoLeader, NotReady, ProcessFailed, HttpFailed) as error:
            found.complaints.append(f"{type(error).__name__}: {error}")
        finally:
            network.stop()
            if network.wires is not None:
                network.wires.stop()
    found.complaints += _bad_logs(folder)
    slopes = sizes.slopes()
    found.complaints += [
        f"{name} grows by {mb:g} MB an hour"
        for name, mb in slopes.items()
        if mb > SLOPE_MB_PER_H_MAX
    ]
    return {
        "kind": "network",
        "commit": commit(),
        "first_seed": seed,
        "calls": calls,
        "faults": len(chaos.done),
        "done": chaos.done,
        "seconds": round(time.monotonic() - begun_s, 1),
        "mb_per_h": slopes,
        **found.numbers,
        "interrupted": over.is_set(),
        "good": not found.complaints,
        "complaints": found.complaints,
        "folder": str(folder),
    }


def _break(chaos: Chaos, until_s: float, over: Event) -> None:
    """A fault a minute."""
    while True:
        next_s = time.monotonic() + FAULT_EVERY_S
        if over.wait(max(min(next_s, until_s) - time.monotonic(), 0.0)):
            return
        if time.monotonic() >= until_s - 1.0:
            return
        kills = chaos.chance.random() < KILL_SHARE
        name = chaos.chance.choice(KILLS if kills else MILD)
        print(f"    network: {name}", flush=True)
        chaos.do(name)


def _judge(network: WiredNetwork, chaos: Chaos, found: Judgement) -> None:
    results = network.phones_results()
    _stop(network, found)
    more = judge(
        read_history(network.histories()),
        results=results,
        cuts=chaos.cuts,
        without_nodes=chaos.without_nodes,
    )
    found.complaints += more.complaints
    found.numbers |= more.numbers


def _measure(network: WiredNetwork, sizes: Sizes, over: Event) -> None:
    while not over.wait(SIZE_EVERY_S):
        for name in network.processes.names():
            try:
                pid = network.processes.pid(name)
                size_mb = psutil.Process(pid).memory_info().rss / 1e6
            except (psutil.Error, KeyError, ProcessFailed):
                continue
            sizes.add(name, pid, time.monotonic(), size_mb)


def _boot_s() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
