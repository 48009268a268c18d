"""Breaks the demo's whole network again and again while calls are moving, and judges each run.

Usage: `chaos_demo.py --runs 3 --seed 1 [--hard] [--together] [--with-sites] [--prove] [--keep F]`.
Exit 0 when every run was well; a run that was not keeps its folder and prints it.

Rule of this file: the order of things; faults stand in `faults`, the judgement in `verdict`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import psutil  # noqa: E402
import yaml  # noqa: E402
from cuts import WiredNetwork  # noqa: E402
from faults import FAULTS, GENTLE, STREAMS, Chaos, NoLeader, order_of_faults, streams_of  # noqa: E402
from spoil import SPOILS, spoiled  # noqa: E402
from verdict import Judgement, judge, told_faults  # noqa: E402

from nirc.demo import node_files, observe, phones_file  # noqa: E402
from nirc.demo.json_http import HttpFailed  # noqa: E402
from nirc.demo.layout import NetworkShape, build_layout  # noqa: E402
from nirc.demo.network import Network  # noqa: E402
from nirc.demo.network_status import NotReady  # noqa: E402
from nirc.demo.phones_file import CALLS_PER_S, Load  # noqa: E402
from nirc.demo.ports import PortTaker  # noqa: E402
from nirc.demo.processes import ProcessFailed  # noqa: E402
from simulator.checkers import verdict as checkers  # noqa: E402
from simulator.history import Line, read_history  # noqa: E402

MEASUREMENTS = ROOT / "docs" / "measurements" / "chaos.jsonl"
LAST_CALL_S_MAX = 110.0
CUT_CALL_S_MAX = 65.0
BACK_S_MAX = 15.0
QUIET_S_MAX = 45.0
STOP_S_MAX = 6.0
BAD_LOG = re.compile(r"Traceback|never retrieved|was never awaited|Task was destroyed|Unclosed")


class HardNetwork(WiredNetwork):
    """Callers who leave at every moment, carriers that tell nothing of a REFER's outcome, and
    attached data that goes through the store only."""

    def start_nodes(self) -> None:
        """Start them with no data small enough to go beside the store."""
        with _rewritten(node_files, "node_yaml", self._hard_node):
            super().start_nodes()

    def start_phones(self) -> None:
        """Start them with restless callers."""
        with _rewritten(phones_file, "phones_yaml", self._hard_phones):
            super().start_phones()

    @staticmethod
    def _hard_node(document: dict[str, Any]) -> None:
        document["router"] = {"data_inline_bytes_max": 1}

    @staticmethod
    def _hard_phones(document: dict[str, Any]) -> None:
        document["load"] |= {"impatient_share": 0.3, "caller_ends_share": 0.5}
        document["load"]["talk_s"] = [0.1, 3.0]
        for door in document["doors"]:
            if door["trunk_group"] == "pbx" and door["site"] != "porto":
                door["refer"] = "accept_without_notify"


@contextmanager
def _rewritten(
    module: ModuleType, name: str, change: Callable[[dict[str, Any]], None]
) -> Iterator[None]:
    """The settings that a function of `module` writes are changed for a while."""
    written = getattr(module, name)

    def other(*given: Any, **named: Any) -> str:
        document = yaml.safe_load(written(*given, **named))
        change(document)
        return str(yaml.safe_dump(document))

    setattr(module, name, other)
    try:
        yield
    finally:
        setattr(module, name, written)


def run(seed: int, options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """One run: a network, its calls, its faults; what was found, as one record."""
    calls = options.calls
    load = Load(calls=calls, seed=seed, over_s=calls / options.calls_per_s)
    kind = HardNetwork if options.hard else WiredNetwork
    network = kind(folder, build_layout(NetworkShape(etcd_count=options.etcd), PortTaker()), load)
    chaos = Chaos(
        network=network,
        chance=random.Random(f"chaos/{seed}"),
        together=options.together,
        now_s=lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
    )
    found = Judgement()
    pool = ThreadPoolExecutor(len(STREAMS))
    try:
        network.start()
        for name in network.processes.names():
            network.processes.leave_alone(name)
        before = _resources(network)
        network.phones_order("POST", "/start")
        _break(chaos, _faults(options), load.length_s, pool)
        _come_to_rest(chaos, found, calls)
        _compare(found, before, _resources(network))
        results = network.phones_results()
        (folder / "results.json").write_text(json.dumps(results))
        booked = int(network.phones_status().get("double_booked", 0))
        found.numbers["rung_while_on_a_call"] = booked
        if booked and not chaos.cuts:  # a site agent that was killed has forgotten who talks
            found.complaints.append(f"phones: {booked} agents were rung while on a call")
        _stop(network, found)
        more = judge(
            _lines(network, chaos),
            results=results,
            cuts=chaos.cuts,
            without_nodes=chaos.without_nodes,
        )
        found.complaints += more.complaints
        found.numbers |= more.numbers
        beside = not options.hard and not chaos.cuts
        whole = beside and not any("valkey" in one for one in chaos.done)
        if whole and more.numbers["data_absent"]:
            found.complaints.append(f"S6: {more.numbers['data_absent']} agents got no data")
    except (NoLeader, NotReady, ProcessFailed, HttpFailed) as error:
        found.complaints.append(f"{type(error).__name__}: {error}")
    finally:
        network.stop()
        pool.shutdown()
        if network.wires is not None:
            network.wires.stop()
    found.complaints += _bad_logs(folder)
    return {
        "commit": _commit(),
        "seed": seed,
        "calls": calls,
        "calls_per_s": options.calls_per_s,
        "hard": options.hard,
        "together": options.together,
        "faults": chaos.done,
        **found.numbers,
        "good": not found.complaints,
        "complaints": found.complaints,
    }


def _faults(options: argparse.Namespace) -> tuple[str, ...]:
    if options.only:
        return tuple(options.only)
    return tuple(FAULTS) if options.with_sites else GENTLE


def _break(chaos: Chaos, faults: tuple[str, ...], over_s: float, pool: ThreadPoolExecutor) -> None:
    """Fault after fault for so long, in one stream or in several at the same time.

    The pool must outlive the network: a process ends with the thread that started it.
    """
    until = time.monotonic() + over_s
    streams = streams_of(faults) if chaos.together else [faults]
    chances = [random.Random(chaos.chance.random()) for _ in streams]
    jobs = [
        pool.submit(_break_one_after_another, chaos, names, chance, until)
        for names, chance in zip(streams, chances, strict=True)
    ]
    for job in jobs:
        job.result()


def _break_one_after_another(
    chaos: Chaos, names: tuple[str, ...], chance: random.Random, until: float
) -> None:
    for name in order_of_faults(chance, names):
        time.sleep(chance.uniform(0.5, 3.0))
        if time.monotonic() > until:
            return
        print(f"    {name}", flush=True)
        chaos.do(name)


def _come_to_rest(chaos: Chaos, found: Judgement, calls: int) -> None:
    """All sites back, all calls over, nothing left: each within its time.

    A caller whose far end died with a site agent may talk on to nobody: whether only such are
    open is judged later, from the histories.
    """
    network = chaos.network
    found.numbers["back_s"] = _wait(network.is_linked, BACK_S_MAX)
    if found.numbers["back_s"] is None:
        found.complaints.append(
            f"L2: not every site was back {BACK_S_MAX:.0f} s after the last fault"
        )

    def over() -> bool:
        status = network.phones_status()
        return status.get("calls") == calls and status.get("open") == 0

    if _wait(over, CUT_CALL_S_MAX if chaos.cuts else LAST_CALL_S_MAX) is None and not chaos.cuts:
        found.complaints.append("calls did not end")
    found.numbers["quiet_s"] = _wait(lambda: not _left(network), QUIET_S_MAX)
    if found.numbers["quiet_s"] is None:
        found.complaints.append(f"S10: left over after quiet: {_left(network)}")


def _left(network: Network) -> dict[str, int]:
    left = observe.left_over(network.site_statuses())
    for node in network.layout.nodes:
        count = network.admin(node.name).status().calls_in_motion_count
        if count:
            left[f"{node.name} calls_in_motion"] = count
    return left


def _wait(is_so: Any, within_s: float) -> float | None:
    begun_s = time.monotonic()
    while time.monotonic() - begun_s < within_s:
        try:
            if is_so():
                return round(time.monotonic() - begun_s, 2)
        except HttpFailed:
            pass
        time.sleep(0.1)
    return None


def _resources(network: Network) -> dict[int, tuple[str, int, int, float]]:
    """Per process: descriptors, threads, resident MB."""
    found = {}
    for name in network.processes.names():
        process = psutil.Process(network.processes.pid(name))
        size_mb = process.memory_info().rss / 1e6
        found[process.pid] = (name, process.num_fds(), process.num_threads(), size_mb)
    return found


def _compare(found: Judgement, before: dict[int, Any], after: dict[int, Any]) -> None:
    """Processes that stood through the run must not have grown without bound."""
    grown = {}
    for pid, (name, fds, threads, size_mb) in after.items():
        if pid in before:
            _, fds_before, threads_before, size_before_mb = before[pid]
            grown[name] = [
                fds - fds_before,
                threads - threads_before,
                round(size_mb - size_before_mb, 1),
            ]
            if fds - fds_before > 12:
                found.complaints.append(f"S10: {name} has {fds - fds_before} descriptors more")
    found.numbers["grown"] = grown


def _lines(network: Network, chaos: Chaos) -> list[Line]:
    """What sites wrote, and what was done to the network."""
    lines = read_history(network.histories())
    lines += told_faults(chaos.broken, len(network.layout.nodes))
    return sorted(lines, key=lambda line: line.at_s)


def _stop(network: Network, found: Judgement) -> None:
    begun_s = time.monotonic()
    for names in (network.layout.sites, network.layout.nodes):
        begun_s = time.monotonic()
        network.processes.stop(*(one.name for one in names))
        took_s = time.monotonic() - begun_s
        if took_s > STOP_S_MAX:
            found.complaints.append(f"{[one.name for one in names]} took {took_s:.1f} s to stop")


def _bad_logs(folder: Path) -> list[str]:
    found = []
    for path in sorted((folder / "logs").glob("*.log")):
        text = path.read_text(errors="replace")
        bad = BAD_LOG.findall(text)
        if bad:
            found.append(f"{path.name}: {len(bad)} of {sorted(set(bad))}")
        if len(text) > 2_000_000:
            found.append(f"{path.name} grew to {len(text)} characters")
    return found


def _prove(folder: Path) -> list[str]:
    """Spoil a good run's history in each way; the ways no checker spoke of."""
    lines = read_history(sorted(folder.glob("*/history.jsonl")))
    unseen = []
    for name, (invariant, _) in SPOILS.items():
        bad = spoiled(lines, name)
        seen = bad is not None and checkers.verdict(bad).counts[invariant] > 0
        print(f"    {name}: {'seen' if seen else 'NOT SEEN'} by {invariant}")
        if not seen:
            unseen.append(name)
    return unseen


def seconds_in(text: str) -> float:
    """`60s`, `10m`, `2h` or a bare number of seconds. Raises ValueError."""
    unit_s = {"s": 1, "m": 60, "h": 3600}.get(text[-1:])
    return float(text) if unit_s is None else float(text[:-1]) * unit_s


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=10"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def main() -> int:
    """Run them all; 1 if any was not well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--for", dest="for_s", type=seconds_in, help="60s, 10m or 2h, not --runs")
    parser.add_argument("--seed", type=int, help="of the first run; by chance if not given")
    parser.add_argument("--calls", type=int, default=250)
    parser.add_argument("--calls-per-s", type=float, default=CALLS_PER_S)
    parser.add_argument("--etcd", type=int, default=1, help="members of the etcd cluster")
    parser.add_argument("--with-sites", action="store_true", help="hang and kill site agents too")
    parser.add_argument("--hard", action="store_true", help="restless callers, silent carriers")
    parser.add_argument("--together", action="store_true", help="faults at the same time")
    parser.add_argument("--only", nargs="*", choices=sorted(FAULTS), help="only these faults")
    parser.add_argument("--measure", action="store_true", help=f"append to {MEASUREMENTS.name}")
    parser.add_argument("--prove", action="store_true", help="spoil the histories: are they seen?")
    parser.add_argument("--keep", type=Path, help="keep every run's folder in here")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = secrets.randbelow(1_000_000)
    bad, begun_s, seed = 0, time.monotonic(), options.seed
    while (
        time.monotonic() - begun_s < options.for_s
        if options.for_s
        else seed < options.seed + options.runs
    ):
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"nirc-chaos-{seed}-", dir=options.keep))
        print(f"run seed {seed} in {folder}", flush=True)
        record = run(seed, options, folder)
        if options.prove:
            record["complaints"] += [f"{one} is not seen" for one in _prove(folder)]
            record["good"] = not record["complaints"]
        print(json.dumps(record, indent=1 if record["complaints"] else None), flush=True)
        if options.measure:
            MEASUREMENTS.parent.mkdir(parents=True, exist_ok=True)
            with MEASUREMENTS.open("a") as file:
                file.write(json.dumps(record) + "\n")
        bad += not record["good"]
        if record["good"] and not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
        seed += 1
    print(f"{seed - options.seed} runs, {bad} not well")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
