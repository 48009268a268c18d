"""Erlang C: calls wait in one line until an agent is free, and nobody gives up.

Rule of this file: Poisson arrivals, exponential handle times, first come first served. Where the
load is not below the agents the line grows for ever: OverloadError.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

from simulator.theory.erlang_b import inverse_blocking


class OverloadError(ValueError):
    """No long run exists: the line grows for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A queue in the long run; times in the unit of `aht_s`."""

    servers: int
    load: float
    aht_s: float
    waiting_share: float
    "Share of calls that wait."

    @property
    def asa_s(self) -> float:
        """Mean wait of all calls."""
        return self.waiting_share * self.asa_waiting_s

    @property
    def asa_waiting_s(self) -> float:
        """Mean wait of those who wait."""
        return self.aht_s / (self.servers - self.load)

    @property
    def mean_queue(self) -> float:
        """Mean number waiting (Little 1961)."""
        return self.waiting_share * self.load / (self.servers - self.load)

    @property
    def occupancy(self) -> float:
        """Share of time at work of an agent."""
        return self.load / self.servers

    def answered_within(self, threshold_s: float) -> float:
        """Share of calls that wait at most this long."""
        return 1.0 - self.waiting_share * exp(-threshold_s / self.asa_waiting_s)

    def percentile_s(self, share: float) -> float:
        """Time within which this share of all calls is answered."""
        if share <= 1.0 - self.waiting_share:
            return 0.0
        return self.asa_waiting_s * log(self.waiting_share / (1.0 - share))


def waiting(servers: int, load: float, aht_s: float) -> Waiting:
    """Erlang 1917; Cooper 1981, "Introduction to Queueing Theory", section 3.4. Raises
    OverloadError.

    >>> round(waiting(50, 48.0, 60.0).asa_s, 3)
    20.833
    """
    if load >= servers:
        raise OverloadError(f"{load:g} Erlangs on {servers} agents")
    inverse = inverse_blocking(servers, load)
    share = 1.0 / (inverse - (load / servers) * (inverse - 1.0)) if inverse < 1e300 else 0.0
    return Waiting(servers=servers, load=load, aht_s=aht_s, waiting_share=share)
