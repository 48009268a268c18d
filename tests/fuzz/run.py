"""Runs every fuzz_*.py beside this file, one after the other, within a time given to all.

Usage: `run.py 60s` (or 10m, 2h). Each script is called with `--seconds N`; one that ends with
anything but 0 has found something, has printed how to repeat it, and the rest still run.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent

UNITS_S = {"s": 1, "m": 60, "h": 3600}


def seconds_in(text: str) -> float:
    """`60s`, `10m`, `2h` or a bare number of seconds."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text)
    if found is None:
        raise SystemExit(f"TIME={text}: expected a number and s, m or h, as in 60s")
    return float(found[1]) * UNITS_S[found[2] or "s"]


def run(script: Path, share_s: float) -> bool:
    """Run one fuzz script for its share of the time; whether it found nothing."""
    print(f"== {script.name} for {share_s:.0f} s", flush=True)
    paths = [str(ROOT), str(ROOT / "tests" / "helpers"), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    command = [sys.executable, str(script), "--seconds", f"{share_s:.0f}"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def main() -> int:
    """Share the time out; 1 if any script found something."""
    time_s = seconds_in(sys.argv[1] if len(sys.argv) > 1 else "60s")
    scripts = sorted(HERE.glob("fuzz_*.py"))
    if not scripts:
        print("no fuzz scripts yet")
        return 0
    found = [script.name for script in scripts if not run(script, max(1.0, time_s / len(scripts)))]
    print(f"found something: {', '.join(found)}" if found else "found nothing")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
