"""Makes the records of several sites out of those of one, to study networks where one was recorded.

Rule of this file: every recorded call stays one call with its own wait, outcome and talk; only the
site, and on shifted days the date, is made up. Said beside results, as notes tell it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from simulator.records.recorded import DAY_US, RecordedCalls, joined


def split_by_service(
    calls: RecordedCalls, sites: Mapping[str, Sequence[str]]
) -> dict[str, RecordedCalls]:
    """A site for each group of services, such as `{"lisbon": ["PS"], "porto": ["NW", "NE"]}`.
    Services that nobody names are left out. Raises CallsError."""
    made = {}
    for site, services in sites.items():
        chosen = calls.of_services(services, f"site {site}")
        made[site] = _named(chosen, site, f"{site}: the calls of {', '.join(services)} alone")
    return made


def shifted(calls: RecordedCalls, days: int) -> RecordedCalls:
    """The same calls on other days: each so many days later, what passes the last day on the first
    days. A whole number of weeks keeps weekdays where the record has whole weeks."""
    count = max(1, calls.days_count)
    moved = calls.arrival_us + ((calls.day + days) % count - calls.day) * DAY_US
    order = np.argsort(moved, kind="stable")
    return replace(calls.chosen(order), arrival_us=moved[order])


def sites_by_shift(calls: RecordedCalls, sites: Sequence[str], days: int = 7) -> RecordedCalls:
    """Each site has all calls, the n-th those of n times `days` days before; put together."""
    parts = [
        _named(shifted(calls, n * days), site, f"{site}: the same calls, {n * days} days later")
        for n, site in enumerate(sites)
    ]
    return joined(parts)


def _named(calls: RecordedCalls, site: str, note: str) -> RecordedCalls:
    """Calls of one site; its name is the ingress too, and agents are told apart by it."""
    count = len(calls)
    return replace(
        calls,
        site=np.zeros(count, dtype=np.int32),
        sites=(site,),
        ingress=np.zeros(count, dtype=np.int32),
        ingresses=(site,),
        agents=tuple(f"{site}/{name}" for name in calls.agents),
        notes=(*calls.notes, note),
    )
