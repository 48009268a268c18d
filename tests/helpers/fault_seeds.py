"""Runs seed after seed of the fault search, in processes of their own, for a time or a number.

What is printed repeats a failing seed on the same commit.
"""

from __future__ import annotations

import hashlib
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count
from multiprocessing import get_context

from simulator.studies.commit import commit
from simulator.world.fault_search import Tried, tried_seed

FOR_S = 30.0
"Simulated seconds of each seed."
NO_COMMIT_SEED = 20_000
SEEDS_MAX = 10_000_000


def first_seed() -> int:
    """Where this commit begins: each tries other seeds; without a repository a fixed one."""
    name = commit()
    if name.startswith("nirc "):
        return NO_COMMIT_SEED
    digest = hashlib.sha256(name.rstrip("+").encode()).digest()
    return int.from_bytes(digest[:4], "big") % SEEDS_MAX


def tried_seeds(first: int, processes: int, goes_on: Callable[[int], bool]) -> Iterator[Tried]:
    """Seeds from `first` on, in order, each once: every one that was begun is given.

    `goes_on` is asked with the number begun before each; what was begun is finished.
    """
    context = get_context("spawn")
    numbers = count()
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_deaf) as pool:
        under_way: dict[int, Future[Tried]] = {}
        begun, told, over = 0, 0, False
        while not over or under_way:
            while not over and len(under_way) < 2 * processes:
                over = not goes_on(begun)
                if not over:
                    begun = next(numbers) + 1
                    under_way[begun - 1] = pool.submit(tried_seed, first + begun - 1, FOR_S)
            wait(under_way.values(), return_when=FIRST_COMPLETED)
            while told in under_way and under_way[told].done():
                yield under_way.pop(told).result()
                told += 1


def told_failure(found: Tried) -> str:
    """What a person needs of a seed that failed."""
    again = f"nirc-sim faults --seeds 1 --first-seed {found.seed} --for-s {FOR_S:g}"
    problems = "\n".join(f"  {problem}" for problem in found.problems[:5])
    return f"seed {found.seed} at {commit()} (again: {again}):\n{problems}"


def until(time_s: float, seeds_min: int = 0) -> Callable[[int], bool]:
    """Go on until a time from now is over, and so many seeds were begun."""
    end_s = time.monotonic() + time_s
    return lambda begun: begun < seeds_min or time.monotonic() < end_s


def _deaf() -> None:
    """The one who waits decides when it is over, not a Ctrl-C that all hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
