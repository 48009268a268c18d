"""Fuzzes with one seed after the other for the time given on the command line."""

from __future__ import annotations

import argparse
import time
import traceback
from collections import Counter
from collections.abc import Callable


def fuzzed(name: str, run: Callable[..., Counter[str]], *, texts: int) -> int:
    """Call `run(seed, texts=...)` until time is out or something was found; 1 if it was."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--seed", type=int, default=int(time.monotonic() * 1000) % 1_000_000)
    given = options.parse_args()
    end = time.monotonic() + given.seconds
    outcomes: Counter[str] = Counter()
    seed, found = given.seed, 0
    while time.monotonic() < end and not found:
        try:
            outcomes += run(seed, texts=texts)
        except Exception:
            traceback.print_exc()
            found += 1
        seed += 1
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    print(f"{name}: {told}, seeds {given.seed} to {seed - 1}, found {found}")
    return 1 if found else 0
