"""Searches all planted mutants anew, by seeds, and prints how many each needed.

    python tests/simulation/find_mutants.py --seeds 500
    python tests/simulation/find_mutants.py --only no_fencing --keep --small

`--keep` writes the cases from which `make test` finds them again. Ends 0 if every mutant was
found, 1 if one was not, 2 if a name is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

from mutant_cases import Found, first_seed  # noqa: E402
from mutant_records import record  # noqa: E402
from mutant_table import MUTANTS  # noqa: E402

from simulator.studies.commit import commit  # noqa: E402


def main() -> int:
    """Exit code."""
    options = _options().parse_args()
    names = options.only or list(MUTANTS)
    unknown = [name for name in names if name not in MUTANTS]
    if unknown:
        sys.stderr.write(f"no mutant {', '.join(unknown)}; there are: {', '.join(MUTANTS)}\n")
        return 2
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    print(f"{len(names)} mutants, seeds {seeds.start} to {seeds.stop - 1}, at {commit()}")
    print(f"{'mutant':24} {'cases':10} {'found by':10} {'seed':>6} {'tried':>6} {'seconds':>8}")
    missed = 0
    for found in _searched(names, seeds, options.processes):
        print(_row(found), flush=True)
        missed += found.seed is None
        if found.seed is not None and options.keep:
            runs_max = options.runs if options.small else 0
            record(MUTANTS[found.mutant], found.seed, commit(), runs_max=runs_max)
    print(f"{len(names) - missed} of {len(names)} found")
    return 1 if missed else 0


def _searched(names: list[str], seeds: range, processes: int) -> Iterator[Found]:
    with ProcessPoolExecutor(processes) as pool:
        tasks = [pool.submit(search, name, seeds) for name in names]
        for task in as_completed(tasks):
            yield task.result()


def search(name: str, seeds: range) -> Found:
    """One mutant; what a process is handed."""
    return first_seed(MUTANTS[name], seeds)


def _row(found: Found) -> str:
    mutant = MUTANTS[found.mutant]
    seed = "-" if found.seed is None else str(found.seed)
    row = f"{mutant.name:24} {mutant.cases:10} {mutant.found_by:10} {seed:>6}"
    row += f" {found.seeds_count:>6} {found.took_s:>8.1f}"
    if found.seed is None:
        row += f"  NOT FOUND; other problems: {', '.join(found.others) or 'none'}"
    return row


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Search all planted mutants by seeds.")
    parser.add_argument("--seeds", type=int, default=500, help="most seeds a mutant (500)")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these mutants alone")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="write the cases for the tests")
    parser.add_argument("--small", action="store_true", help="and make them small first")
    parser.add_argument("--runs", type=int, default=150, help="most runs to make one small (150)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
