"""Goes on with the fault search where the last soak ended, beside a network with a fault a minute.

Usage: `soak.py 40m [--only seeds|network]`. Each part has a processor of its own. Lines are
appended to docs/measurements/soak.jsonl, and the total over all runs is printed. It ends at its
time, or at Ctrl-C, with what was done until then; 1 if anything was not well.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers"), str(Path(__file__).resolve().parent)]

from fault_seeds import told_failure, tried_seeds  # noqa: E402
from soak_record import append, next_seed, read_records, total  # noqa: E402

from simulator.studies.commit import commit  # noqa: E402

RECORD = ROOT / "docs" / "measurements" / "soak.jsonl"
UNITS_S = {"s": 1, "m": 60, "h": 3600, "": 1}
LINE_EVERY_S = 300.0
"So much is lost at most if the machine goes down."
Results = list[dict[str, Any]]


def seconds_in(text: str) -> float:
    """`60s`, `40m`, `2h` or a bare number of seconds."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text}: a number and s, m or h, as in 40m")
    return float(found[1]) * UNITS_S[found[2]]


def soak_seeds(record: Path, for_s: float, processes: int, over: Event) -> Results:
    """Seed after seed; a line every few minutes."""
    end_s = time.monotonic() + for_s
    lines: Results = []
    while time.monotonic() < end_s and not over.is_set():
        part_end_s = min(time.monotonic() + LINE_EVERY_S, end_s)
        lines.append(_part(next_seed(read_records(record)), processes, part_end_s, over))
        append(record, lines[-1])
    return lines


def _part(first: int, processes: int, end_s: float, over: Event) -> dict[str, Any]:
    begun_s, done = time.monotonic(), []
    goes_on = lambda begun: time.monotonic() < end_s and not over.is_set()  # noqa: E731
    for found in tried_seeds(first, processes, goes_on):
        done.append(found)
        if not found.good:
            print(told_failure(found), flush=True)
    failed = [one for one in done if not one.good]
    print(f"  seeds: {len(done) - len(failed)} of {len(done)} from {first} good", flush=True)
    return {
        "kind": "seeds",
        "commit": commit(),
        "first_seed": first,
        "seeds": len(done),
        "good": len(done) - len(failed),
        "seconds": round(time.monotonic() - begun_s, 1),
        "calls": sum(one.calls for one in done),
        "moves": sum(one.arrived for one in done),
        "faults": sum(one.faults for one in done),
        "failed_seeds": [one.seed for one in failed],
        "problems": [one.problems[0] for one in failed],
    }


def soak_network(record: Path, for_s: float, over: Event, lines: Results) -> None:
    """One network for all of the time."""
    import soak_network as network

    seed = len(read_records(record)) + 1
    lines.append(network.soak(seed, for_s, over))
    append(record, lines[-1])
    print(json.dumps(lines[-1], indent=1 if lines[-1]["complaints"] else None), flush=True)


def main() -> int:
    """Both parts side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("for_s", type=seconds_in, metavar="TIME")
    parser.add_argument("--only", choices=("seeds", "network"))
    parser.add_argument("--record", type=Path, default=RECORD)
    options = parser.parse_args()
    over, network_lines, seeds_lines = Event(), Results(), Results()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    begun_s = time.monotonic()
    beside = Thread(target=soak_network, args=(options.record, options.for_s, over, network_lines))
    if options.only != "seeds":
        beside.start()
    if options.only != "network":
        processes = 2 if options.only else 1
        seeds_lines = soak_seeds(options.record, options.for_s, processes, over)
    if options.only != "seeds":
        while beside.is_alive():
            beside.join(0.5)
    print(f"soaked for {time.monotonic() - begun_s:.0f} s")
    print(total(read_records(options.record)))
    good = all(one["good"] == one["seeds"] for one in seeds_lines)
    well = all(one["good"] for one in network_lines)
    missing = options.only != "seeds" and not network_lines
    return 0 if good and well and not missing else 1


if __name__ == "__main__":
    sys.exit(main())
