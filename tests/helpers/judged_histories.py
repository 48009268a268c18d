"""Judges every history that tests have left in a folder: one network after another.

Rule of this file: histories of one network stand in its folder, one folder a site; a test that runs
one site alone has one file. What is broken is told with the command that repeats the judgement.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from simulator.checkers.bounds import REAL
from simulator.checkers.verdict import verdict
from simulator.history import read_history

SHOWN_MAX = 10
OF_SITES = ("history.jsonl", "b.history.jsonl")
"Of a site agent, and of the other one of a pair."


def networks_in(folder: Path) -> list[list[Path]]:
    """History files under a folder, by network."""
    found: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*history.jsonl")):
        if path.stat().st_size:
            found[_network_of(path, folder)].append(path)
    return list(found.values())


def _network_of(path: Path, folder: Path) -> Path:
    """A site's folder stands in its network's; what a network did to itself is beside them."""
    alone = path.parent == folder or path.name not in OF_SITES
    return path.parent if alone else path.parent.parent


def complaints(folder: Path, *, broken_off: bool = False) -> list[str]:
    """What the checkers have against the histories under a folder; `broken_off`: they stop in the
    middle of calls."""
    found = []
    for paths in networks_in(folder):
        wrong = verdict(read_history(paths), REAL, broken_off=broken_off).violations
        if wrong:
            found.append("nirc-sim check " + " ".join(map(str, paths)))
        found += [
            f"  {one.at_s:.3f} {one.site} {one.invariant}: {one.text}" for one in wrong[:SHOWN_MAX]
        ]
    return found
