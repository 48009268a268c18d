"""The figures of reports: name, unit, definition, source, and how each is worked out.

Rule of this file: a figure is a function of one tally and the length of its interval. What was not
measured (a mean of nothing) is None, never 0. docs/kpis.md has each with a worked example.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nrcli.reports import service_levels
from nrcli.reports.periods import US
from nrcli.reports.places import By
from nrcli.reports.tally import Tally

MICRO = 1_000_000
"Costs are counted in millionths of the network's currency."
Work = Callable[[Tally, int], float | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a report."""

    name: str
    title: str
    unit: str
    "calls | share | s | agents | channels | money | rings"
    definition: str
    work: Work
    "From a tally and the microseconds of its interval."
    of: frozenset[By]
    "Kinds of places that it makes sense for."
    source: str = ""
    norm: str = ""
    "What is expected of a good call centre; empty: nothing in general."


CALLS = frozenset(By) - {By.AGENT}
EVERYWHERE = frozenset(By)
AGENTS = frozenset({By.NETWORK, By.TENANT, By.SITE, By.AGENT})
TRUNKS = frozenset({By.NETWORK, By.SITE, By.TRUNK})


FORMULAS = {
    "ignore": service_levels.ignoring,
    "negative": service_levels.negative,
    "positive": service_levels.positive,
}


def share(part: int, whole: int) -> float | None:
    """A quotient; None of nothing."""
    return part / whole if whole else None


def seconds(part_us: int, whole: int) -> float | None:
    """A mean time; None of nothing."""
    return part_us / whole / US if whole else None


def count(name: str) -> Work:
    """A column as it is."""
    return lambda tally, _: tally[name]


def total_s(name: str) -> Work:
    """A column of time."""
    return lambda tally, _: tally[name] / US


def mean_s(part: str, whole: str) -> Work:
    """A column of time by a column of calls."""
    return lambda tally, _: seconds(tally[part], tally[whole])


def portion(part: str, whole: str) -> Work:
    """One column by another."""
    return lambda tally, _: share(tally[part], tally[whole])


def over_time(name: str) -> Work:
    """A column of time by the length of the interval."""
    return lambda tally, length_us: share(tally[name], length_us)


def still_waiting(tally: Tally, _: int = 0) -> int:
    """More who wait at the end than at the beginning; by offered interval: who have no end yet."""
    return tally["waiting_last"] - tally["waiting_first"] + tally["unended"]


def ended(tally: Tally) -> int:
    """Callers who wanted an agent, and of whom it was decided here."""
    return tally["answered"] + tally["abandoned"] + tally["failed"]


def out_of_balance(tally: Tally, _: int = 0) -> int:
    """Offered, less all that became of them; 0 where every call is accounted for."""
    left = tally["moved_out"] + tally["redirected"] + tally["callbacks"]
    return tally["offered"] - ended(tally) - left - still_waiting(tally)


def level(formula: str) -> Work:
    """Service level by one of the three formulas."""
    parts = FORMULAS[formula]
    return lambda tally, _: share(
        *parts(tally["answered_in_time"], tally["abandoned_in_time"], ended(tally))
    )


def answered_rate(tally: Tally, _: int) -> float | None:
    """Of callers who waited long enough to be counted."""
    return share(tally["answered"], ended(tally) - tally["abandoned_short"])


def abandonment(tally: Tally, _: int) -> float | None:
    """Of the same callers."""
    short = tally["abandoned_short"]
    return share(tally["abandoned"] - short, ended(tally) - short)


def wait_mean_s(tally: Tally, _: int) -> float | None:
    """Of all who wanted an agent."""
    return seconds(tally["wait_us"], ended(tally))


def wait_max_s(tally: Tally, _: int) -> float | None:
    """None where nobody waited for an agent."""
    return tally["wait_max_us"] / US if ended(tally) else None


def abandon_mean_s(tally: Tally, _: int) -> float | None:
    """Without short abandons, which would pull it down."""
    return seconds(tally["abandon_wait_us"], tally["abandoned"] - tally["abandoned_short"])


def handle_s(tally: Tally, _: int) -> float | None:
    """Talk, hold and after-call work."""
    return seconds(tally["talk_us"] + tally["hold_us"] + tally["acw_us"], tally["handled"])


def occupancy(tally: Tally, _: int) -> float | None:
    """Of agents' time without breaks."""
    working = tally["busy_us"] + tally["after_call_us"]
    times = working, tally["reserved_us"], tally["signed_in_us"], tally["not_ready_us"]
    return share(*service_levels.occupied(*times))


def utilisation(tally: Tally, _: int) -> float | None:
    """Of all time signed in."""
    return share(tally["busy_us"] + tally["after_call_us"], tally["signed_in_us"])


def first_contact(tally: Tally, _: int) -> float | None:
    """Of judged contacts."""
    judged = tally["contacts_judged"]
    return share(judged - tally["contacts_repeated"], judged)


def cost_per_call(tally: Tally, _: int) -> float | None:
    """In the network's currency."""
    cost = share(tally["cost_micro"], tally["answered"])
    return None if cost is None else cost / MICRO


def blocking(tally: Tally, _: int) -> float | None:
    """Of callers who came from outside."""
    fresh = tally["offered"] - tally["moved_in"]
    return share(tally["blocked"], tally["blocked"] + fresh)
