"""Runs rows of the fault matrix in the lab, prints what became of each, and keeps the figures.

Rule of this file: rows of one round share a network, in an order drawn from the seed; a row that
was not good gets a new network after it. Figures are appended as they come, so that what is
interrupted adds up.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from nirc.demo.json_http import HttpFailed  # noqa: E402
from nirc.demo.network_status import NotReady  # noqa: E402
from nirc.demo.phones_file import Load  # noqa: E402
from nirc.demo.processes import ProcessFailed  # noqa: E402
from tests.cluster.row_run import Row, run_row  # noqa: E402
from tests.cluster.rows import ROWS  # noqa: E402
from tests.cluster.summary import fewest_first, read_records, table  # noqa: E402
from tests.helpers.lab_hosts import why_not  # noqa: E402
from tests.helpers.lab_network import lab_network  # noqa: E402

MEASUREMENTS = ROOT / "docs" / "measurements" / "fault_matrix.jsonl"
NETWORK_FAILED = (HttpFailed, NotReady, ProcessFailed, TimeoutError)


def run_rows(rows: Sequence[Row], seed: int, folder: Path) -> Iterator[dict[str, Any]]:
    """Each row's record. A network serves rows until one of them is not good, or wants another."""
    left = list(rows)
    while left:
        place = Path(tempfile.mkdtemp(prefix=f"nirc-lab-{seed}-", dir=folder))
        good = True
        try:
            shape = left[0].shape
            with lab_network(place, Load(calls=0, seed=seed), shape) as (network, paths):
                for name in network.processes.names():
                    network.processes.leave_alone(name)
                while left and good and left[0].shape is shape:
                    row = left.pop(0)
                    record = run_row(row, network, paths, seed)
                    good = bool(record["good"])
                    yield record
        except NETWORK_FAILED as error:
            good = False
            name = left.pop(0).name if left else ""
            why = f"{type(error).__name__}: {error}"
            yield {"row": name, "seed": seed, "good": False, "complaints": [why], "figures": {}}
        finally:
            if good:
                shutil.rmtree(place, ignore_errors=True)
            else:
                print(f"kept: {place}", flush=True)


def line_of(record: dict[str, Any]) -> str:
    """One row for people."""
    figures = "  ".join(f"{name} {value:g}" for name, value in record["figures"].items())
    word = "good" if record["good"] else "NOT GOOD"
    if record.get("not_here"):
        return f"{record['row']:<36}not here: {record['not_here']}"
    return f"{record['row']:<36}{word:<10}{figures}"


def seconds_in(text: str) -> float:
    """`60s`, `10m`, `2h` or a bare number of seconds. Raises ValueError."""
    unit_s = {"s": 1, "m": 60, "h": 3600}.get(text[-1:])
    return float(text) if unit_s is None else float(text[:-1]) * unit_s


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=10"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def main() -> int:
    """1 if a row was not good, 2 if there can be no lab here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--for", dest="for_s", type=seconds_in, default=0.0, help="60s, 10m, 2h")
    parser.add_argument("--only", nargs="*", choices=sorted(ROWS), help="only these rows")
    parser.add_argument("--seed", type=int, help="by chance if not given")
    parser.add_argument("--measure", action="store_true", help=f"append to {MEASUREMENTS.name}")
    parser.add_argument("--list", action="store_true", help="the rows, and what people see")
    options = parser.parse_args()
    if options.list:
        for row in ROWS.values():
            print(f"{row.name:<36}{row.expects}")
        return 0
    missing = why_not()
    if missing:
        print(f"no fault lab on this machine: {missing}", file=sys.stderr)
        return 2
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000)
    begun_s, bad, commit = time.monotonic(), 0, _commit()
    at = Path(tempfile.mkdtemp(prefix="nirc-matrix-"))
    names, begun = options.only or list(ROWS), read_records(MEASUREMENTS)
    records = list(begun)
    try:
        for record in _rounds(names, seed, at, begun):
            records.append({"commit": commit, **record})
            _tell(record)
            bad += not record["good"]
            if options.measure and not record.get("not_here"):
                with MEASUREMENTS.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(records[-1]) + "\n")
            enough = len(records) - len(begun) >= len(names)
            if time.monotonic() - begun_s > options.for_s if options.for_s else enough:
                break
    except KeyboardInterrupt:
        print("interrupted: what was finished is kept", file=sys.stderr)
    finally:
        with contextlib.suppress(OSError):
            at.rmdir()
    print()
    print("\n".join(table(names, records if options.measure else records[len(begun) :])))
    return 1 if bad else 0


def _tell(record: dict[str, Any]) -> None:
    print(line_of(record), flush=True)
    for complaint in record["complaints"]:
        print(f"    {complaint}", flush=True)


def _rounds(
    names: Sequence[str], seed: int, folder: Path, records: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Round after round, each in an order of its own; the first begins with what was run least."""
    ordered = list(names)
    random.Random(seed).shuffle(ordered)
    ordered = fewest_first(ordered, records)
    while True:
        yield from run_rows([ROWS[name] for name in ordered], seed, folder)
        seed += 1
        random.Random(seed).shuffle(ordered)


if __name__ == "__main__":
    sys.exit(main())
