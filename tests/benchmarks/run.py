"""Runs the benchmarks, prints a line per figure and keeps the newest of each in build/bench.json.

Usage: `run.py [NAME]`; `make bench ONLY=name` runs only the file that provides this figure.
A benchmark is a script `bench_*.py` beside this file with a literal `NAMES = ("...",)`; it reports
each of these with `bench_report.report` and ends with 0. A figure short of its goal is said to be
so and is no failure: the goal belongs to the machine that docs/performance.md names.
"""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
RESULTS = ROOT / "build" / "bench.json"

Entry = dict[str, str | float]


def names_of(path: Path) -> tuple[str, ...]:
    """The figures that a benchmark provides, read without running it."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "NAMES" for target in targets):
            return tuple(ast.literal_eval(node.value))  # type: ignore[attr-defined]
    raise SystemExit(f"{path}: a benchmark says what it provides: NAMES = (...)")


def chosen(folder: Path, only: str) -> list[Path]:
    """The benchmarks that provide `only`, or all of them."""
    provided = {path: names_of(path) for path in sorted(folder.glob("bench_*.py"))}
    found = [path for path, names in provided.items() if not only or only in names]
    if only and not found:
        known = ", ".join(name for names in provided.values() for name in names)
        raise SystemExit(f"no benchmark provides {only}; there are: {known or 'none'}")
    return found


def announced(path: Path, only: str) -> str:
    """What is about to run, and that figures which were not asked for come with it."""
    names = names_of(path)
    others = [name for name in names if name != only]
    if only in names and others:
        return f"{path.name}: measures {only}, and in the same run {', '.join(others)}"
    return f"{path.name}: measures {', '.join(names)}"


def run(path: Path) -> tuple[list[Entry], bool]:
    """Run one benchmark; its entries, and whether it ended well with all figures reported."""
    paths = [str(ROOT), str(ROOT / "tests" / "helpers"), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    entries: list[Entry] = []
    command = [sys.executable, str(path)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            entry = entry_in(line)
            if entry is None:
                print(line, end="", flush=True)
            else:
                entries.append(entry)
                print(told(entry), flush=True)
    missing = set(names_of(path)) - {str(entry["name"]) for entry in entries}
    if process.returncode:
        print(f"{path.name}: ended with {process.returncode}", file=sys.stderr)
    if missing:
        print(f"{path.name}: did not report {', '.join(sorted(missing))}", file=sys.stderr)
    return entries, not process.returncode and not missing


def entry_in(line: str) -> Entry | None:
    """The figure that a line of output reports, if it does."""
    if not line.startswith('{"bench":'):
        return None
    entry: Entry = json.loads(line)["bench"]
    return entry


def reaches_goal(entry: Entry) -> bool:
    """Whether the value is at least, or at most, its goal."""
    value, goal = float(entry["value"]), float(entry["goal"])
    return value >= goal if entry["better"] == "higher" else value <= goal


def told(entry: Entry) -> str:
    """The line a person reads."""
    sign = ">=" if entry["better"] == "higher" else "<="
    verdict = "reached" if reaches_goal(entry) else "NOT REACHED"
    value, goal = float(entry["value"]), float(entry["goal"])
    return f"{entry['name']:24} {value:12.6g} {entry['unit']:10} goal {sign} {goal:g}: {verdict}"


def keep(entries: list[Entry], results: Path) -> None:
    """Write entries into the results, replacing those of the same name."""
    kept: list[Entry] = json.loads(results.read_text()) if results.exists() else []
    newest = {str(entry["name"]): entry for entry in [*kept, *entries]}
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(list(newest.values()), indent=1) + "\n")


def main() -> int:
    """Run what was asked for; 1 if a benchmark failed."""
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    all_well = True
    for path in chosen(HERE, only):
        print(announced(path, only), flush=True)
        entries, well = run(path)
        keep(entries, RESULTS)
        all_well = all_well and well
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main())
