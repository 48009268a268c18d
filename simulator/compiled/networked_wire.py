"""Reports on their way: the numbers that a site puts in and the node takes out, in order.

Rule of this file: one ring of numbers per site; what they mean is not known here. Runs as it is,
and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n


def put(w: n.World, site: int, value: float) -> None:
    """The next number of a report."""
    head = w.sites[site, n.S_HEAD]
    w.reports[site, head % w.reports.shape[1]] = value
    w.sites[site, n.S_HEAD] = head + 1


def take(w: n.World, site: int) -> float:
    """The next number of the report that arrived."""
    tail = w.sites[site, n.S_TAIL]
    w.sites[site, n.S_TAIL] = tail + 1
    return float(w.reports[site, tail % w.reports.shape[1]])
