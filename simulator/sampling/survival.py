"""How long callers would wait: survival of patience from waits that an agent's answer cut short.

Rule of this file: the estimate of Kaplan and Meier ("Nonparametric estimation from incomplete
observations", JASA 53, 1958), with the variance of Greenwood, and draws from it. Nothing is assumed
of the form of patience up to the longest wait at which somebody gave up; beyond it the hazard is
taken as constant, at its mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.model.calls import Whole
from simulator.model.instants import NEVER_US, US

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """A survival function that steps down where somebody gave up."""

    times_us: Whole
    "Waits at which somebody gave up, growing."
    survival: Floats
    "Share that waits longer than that."
    at_risk: Whole
    "Callers who had waited so long."
    gave_up: Whole
    variance: Floats
    "Of `survival`, by Greenwood's formula."
    exposure_s: float
    "All waits added."
    gave_up_count: int

    @property
    def mean_s(self) -> float:
        """Waiting divided by those who gave up: the mean patience, were it exponential."""
        return self.exposure_s / self.gave_up_count if self.gave_up_count else float("inf")

    def at(self, waited_us: Whole) -> Floats:
        """Share that waits longer than each of these."""
        steps = np.append(1.0, self.survival)
        return np.asarray(steps[np.searchsorted(self.times_us, waited_us, side="right")])

    def quantile_s(self, share: float) -> float | None:
        """Wait within which so large a share gives up; None: never seen to be so many."""
        index = int(np.searchsorted(-self.survival, share - 1.0))
        return float(self.times_us[index]) / US if index < len(self.times_us) else None

    def interval(self, z: float = 1.959964) -> tuple[Floats, Floats]:
        """Bounds of `survival`, on the scale of log(-log S), which keeps them within 0 and 1
        (Kalbfleisch and Prentice 1980, section 1.3)."""
        inner = (self.survival > 0) & (self.survival < 1)
        safe = np.where(inner, self.survival, 0.5)
        slope = safe * np.log(safe)
        wide = np.where(inner, np.exp(z * np.sqrt(self.variance) / np.abs(slope)), 1.0)
        low, high = safe**wide, safe ** (1 / wide)
        return np.where(inner, low, self.survival), np.where(inner, high, self.survival)

    def beyond(self, waited_us: Whole, dice: np.random.Generator) -> Whole:
        """Patience of callers who are known to have waited so long, each beyond that."""
        if not self.gave_up_count:
            return np.full(len(waited_us), NEVER_US, dtype=np.int64)
        left = self.at(waited_us) * (1.0 - dice.random(len(waited_us)))
        spare = dice.standard_exponential(len(waited_us)) * self.mean_s
        index = np.searchsorted(-self.survival, -left)
        seen = index < len(self.times_us)
        made = self.times_us[np.where(seen, index, 0)]
        last_us = np.maximum(waited_us, self.times_us[-1])
        tail = last_us + np.rint(spare * US).astype(np.int64)
        return np.maximum(np.where(seen, made, tail), waited_us + 1)


def kaplan_meier(wait_us: Whole, gave_up: NDArray[np.bool_]) -> Survival:
    """Survival of patience: waits, and which of them ended because the caller gave up; the others
    are cut short at that wait (right-censored). Equal waits: giving up counts as first."""
    order = np.argsort(wait_us, kind="stable")
    waits, ended = wait_us[order], gave_up[order]
    times, counts = np.unique(waits[ended], return_counts=True)
    at_risk = len(waits) - np.searchsorted(waits, times, side="left")
    stay = 1.0 - counts / at_risk
    survival: Floats = np.cumprod(stay, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = counts / (at_risk * (at_risk - counts.astype(np.float64)))
        variance = survival**2 * np.cumsum(terms)
    return Survival(
        times_us=times,
        survival=survival,
        at_risk=at_risk.astype(np.int64),
        gave_up=counts.astype(np.int64),
        variance=np.nan_to_num(variance, nan=0.0, posinf=0.0),
        exposure_s=float(wait_us.sum()) / US,
        gave_up_count=int(gave_up.sum()),
    )
