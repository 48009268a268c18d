"""Handle times that are not exponential: what is exact for one agent, and approximations for many.

Rule of this file: each function says whether it is exact. `scv` is the squared coefficient of
variation: variance over squared mean, 1 for exponential times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.theory.erlang_c import waiting
from simulator.theory.general_patience import Survival


def one_agent_asa_s(load: float, aht_s: float, scv: float) -> float:
    """Exact mean wait with one agent (M/G/1): Pollaczek 1930, Khinchine 1932.

    >>> one_agent_asa_s(0.5, 60.0, 0.0)
    30.0
    """
    return load * aht_s * (1.0 + scv) / (2.0 * (1.0 - load))


def constant_asa_s(servers: int, load: float, aht_s: float) -> float:
    """Exact mean wait where every call takes the same time (M/D/n): Crommelin 1932, "Delay
    probability formulae when the holding times are constant"; the numbers present at instants one
    handle time apart form a chain, from which the mean queue follows by Little's law.

    >>> round(constant_asa_s(1, 0.5, 60.0), 6)
    30.0
    """
    size = servers + int(60 + 40 * servers**0.5 + 60.0 / (1.0 - load / servers))
    pmf = np.empty(size)
    pmf[0] = 0.0
    k = np.arange(1, size)
    pmf[1:] = np.cumsum(np.log(load / k))
    pmf = np.exp(pmf - load)
    move = np.zeros((size, size))
    for here in range(size):
        left = max(here - servers, 0)
        move[here, left:] = pmf[: size - left]
    chance = _fixed_point(move)
    queue = float((chance * np.maximum(np.arange(size) - servers, 0)).sum())
    return queue * aht_s / load


def _fixed_point(move: Any) -> Any:
    """Stationary chances of a transition matrix."""
    size = len(move)
    balance = move.T - np.eye(size)
    balance[-1, :] = 1.0
    right = np.zeros(size)
    right[-1] = 1.0
    return np.linalg.solve(balance, right)


def asa_s(servers: int, load: float, aht_s: float, scv: float) -> float:
    """Approximate mean wait without abandonment: (1 + scv) / 2 times Erlang C's; exact for one
    agent (Lee and Longton 1959; Whitt 1993, "Approximations for the GI/G/m queue", Production and
    Operations Management 2(2))."""
    return 0.5 * (1.0 + scv) * waiting(servers, load, aht_s).asa_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Approximated:
    """What the approximation gives; times in the unit that was given."""

    waiting_share: float
    abandonment: float
    mean_queue: float
    asa_s: float
    "Of all calls."
    blocked: float


def whitt(
    servers: int, places: int, rate_per_s: float, aht_s: float, survival: Survival
) -> Approximated:
    """Approximate M/GI/n/r+GI: handle times count by their mean alone, and the j-th caller from the
    end of the line gives up at the hazard of patience at the age j / rate. Whitt 2005,
    "Engineering solution of a basic call-center model", Management Science 51(2), section 3.

    `places`: calls that may wait.
    """
    ages = np.arange(1, places + 1) / rate_per_s
    near = 1e-4 / rate_per_s
    density = (survival(ages - near) - survival(ages + near)) / (2.0 * near)
    leaving = np.cumsum(density / survival(ages))
    busy = np.arange(1, servers + 1) / aht_s
    death = np.concatenate([busy, servers / aht_s + leaving])
    logs = np.concatenate([[0.0], np.cumsum(np.log(rate_per_s / death))])
    chance = np.exp(logs - logs.max())
    chance /= chance.sum()
    blocked = float(chance[-1])
    given_up = float((chance[servers + 1 :] * leaving).sum()) / rate_per_s
    queue = float((chance[servers:] * np.arange(places + 1)).sum())
    return Approximated(
        waiting_share=float(chance[servers:].sum()) - blocked,
        abandonment=given_up,
        mean_queue=queue,
        asa_s=queue / (rate_per_s * (1.0 - blocked)),
        blocked=blocked,
    )
