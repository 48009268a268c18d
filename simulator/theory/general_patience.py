"""Callers whose patience is not exponential: the M/M/n+G queue, exactly.

Rule of this file: Poisson arrivals, exponential handle times, any patience. Baccelli and Hebuterne
1981; Zeltyn and Mandelbaum 2005, "Call centers with impatient customers: many-server asymptotics
of the M/M/n+G queue", Queueing Systems 51, section 4. Integrals by Gauss-Legendre on pieces that
follow the time scale of the queue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from simulator.theory.erlang_b import inverse_blocking

Floats = NDArray[np.float64]
Survival = Callable[[Floats], Floats]
"Chance that patience is longer than each of these times."


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralPatience:
    """The queue in the long run; times in the unit that was given."""

    waiting_share: float
    abandonment: float
    asa_s: float
    "Mean wait of all, those given up included."
    asa_answered_s: float
    mean_queue: float
    occupancy: float
    answered_within: float
    "Share of all that is answered within the threshold."


def lognormal_survival(mean_s: float, sd_s: float) -> Survival:
    """P(R > t) of a lognormal patience."""
    sigma = sqrt(np.log1p((sd_s / mean_s) ** 2))
    mu = np.log(mean_s) - sigma**2 / 2.0

    def survival(times: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            found: Floats = ndtr((mu - np.log(times)) / sigma)
        return found

    return survival


def exponential_survival(mean_s: float) -> Survival:
    """P(R > t) of an exponential patience."""
    return lambda times: np.exp(-times / mean_s)


def mixture_survival(*parts: tuple[float, Survival]) -> Survival:
    """Of (share, patience) pairs."""
    return lambda times: np.asarray(sum(share * part(times) for share, part in parts))


def constant_survival(value_s: float) -> Survival:
    """P(R > t) where everybody waits exactly this long."""
    return lambda times: np.where(times < value_s, 1.0, 0.0)


def general_patience(
    servers: int,
    rate_per_s: float,
    aht_s: float,
    survival: Survival,
    threshold_s: float = 20.0,
    *,
    breaks_s: tuple[float, ...] = (),
) -> GeneralPatience:
    """The queue of this load, staff and patience. `breaks_s`: instants where `survival` jumps.

    >>> found = general_patience(50, 0.8, 60.0, exponential_survival(120.0))
    >>> round(found.abandonment, 7), round(found.answered_within, 6)
    (0.0309122, 0.943019)
    """
    times, weights, still = _grid(servers, rate_per_s, aht_s, survival, (*breaks_s, threshold_s))
    alive = survival(times)
    # still = integral of the survival from 0 to t; the density of the offered wait follows.
    exponent = rate_per_s * still - servers / aht_s * times
    top = max(0.0, float(exponent.max()))
    density = rate_per_s * weights * np.exp(exponent - top)
    # States with a free agent, against the state with n - 1 busy: 1 / B(n - 1).
    free = inverse_blocking(servers - 1, rate_per_s * aht_s) * np.exp(-top)
    density /= free + density.sum()
    waiting = float(density.sum())
    answered = float((density * alive).sum())
    asa = float((density * still).sum())
    answered_wait = float((density * alive * times).sum())
    served = 1.0 - waiting + answered
    early = times <= threshold_s
    return GeneralPatience(
        waiting_share=waiting,
        abandonment=waiting - answered,
        asa_s=asa,
        asa_answered_s=answered_wait / served,
        mean_queue=rate_per_s * asa,
        occupancy=rate_per_s * aht_s * served / servers,
        answered_within=1.0 - waiting + float((density * alive)[early].sum()),
    )


def _grid(
    servers: int,
    rate_per_s: float,
    aht_s: float,
    survival: Survival,
    breaks_s: tuple[float, ...],
) -> tuple[Floats, Floats, Floats]:
    """Nodes, weights, and the integral of the survival up to each node, up to where the density
    of the offered wait has vanished."""
    service = servers / aht_s
    step = 1.0 / service
    far = step
    while True:
        points = np.linspace(0.0, far, 4001)
        middle = 0.5 * (points[1:] + points[:-1])
        still = np.cumsum(survival(middle)) * (far / 4000)
        exponent = rate_per_s * still - service * middle
        if exponent[-1] < max(0.0, exponent.max()) - 45.0:
            break
        far *= 1.6
    edges = np.unique(
        np.concatenate(
            [
                far * np.geomspace(1e-7, 1.0, 400),
                np.linspace(0.0, far, 1600),
                [b for b in breaks_s if 0.0 < b < far],
            ]
        )
    )
    nodes, weights = np.polynomial.legendre.leggauss(8)
    half = 0.5 * np.diff(edges)[:, None]
    times = (edges[:-1, None] + half) + half * nodes
    # Integral of the survival within a piece up to each node, by the same rule on (edge, node).
    inner = 0.5 * (times - edges[:-1, None])
    inside = edges[:-1, None, None] + inner[:, :, None] * (1.0 + nodes)
    part = inner * (survival(inside.ravel()).reshape(inside.shape) * weights).sum(axis=2)
    whole = (survival(times.ravel()).reshape(times.shape) * weights * half).sum(axis=1)
    before = np.concatenate([[0.0], np.cumsum(whole)[:-1]])
    return times.ravel(), (weights * half).ravel(), (before[:, None] + part).ravel()
