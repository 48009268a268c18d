"""Fits how long talks last: exponential, lognormal or gamma, by maximum likelihood.

Rule of this file: every form is told with its distance from the record; the one with the least
Akaike criterion is picked, and where even that one is far the words say so. Very short times are
told apart: an agent who hangs up is not talking.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

SHORT_S = 10.0
SHORT_SHARE = 0.02
"More very short times than this are told apart."
ALIKE_S = 0.05
"With less spread times are one and the same."
FEW = 30
"With fewer times nothing is fitted."
FAR = 0.05
"A distance from the record (Kolmogorov-Smirnov) beyond this is told."
Seconds = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFit:
    """One form, fitted."""

    form: str
    "exponential, lognormal or gamma"
    mean_s: float
    sd_s: float
    ks: float
    "Greatest distance of its distribution function from the record's."
    aic: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesFit:
    """Times of one kind."""

    count: int
    mean_s: float
    mean_low_s: float
    mean_high_s: float
    "Bounds of the mean (95 %)."
    sd_s: float
    median_s: float
    short_count: int
    short_mean_s: float
    short_apart: bool
    "Very short times are so many that they are told apart; then `forms` are of the others."
    zero_count: int
    "Times of 0, which count nowhere."
    forms: tuple[FormFit, ...]
    "The best first."

    @property
    def best(self) -> FormFit:
        """The form picked."""
        return self.forms[0]

    @property
    def constant(self) -> bool:
        """All alike, to a tenth of a second: no form says more than their mean."""
        return self.sd_s < ALIKE_S

    @property
    def short_share(self) -> float:
        """Very short times, of all above 0."""
        return self.short_count / self.count


def fit_times(times_s: Seconds, *, tell_short: bool = True) -> TimesFit | None:
    """The fit of times; None with fewer than FEW above 0. `tell_short`: very short ones are odd,
    and told apart."""
    positive = times_s[times_s > 0]
    if len(positive) < FEW:
        return None
    short = positive <= SHORT_S
    apart = tell_short and bool(short.mean() > SHORT_SHARE and (~short).sum() >= FEW)
    fitted = positive[~short] if apart else positive
    mean, sd = float(positive.mean()), float(positive.std(ddof=1))
    wide = 1.959964 * sd / sqrt(len(positive))
    forms = sorted(_forms(fitted), key=lambda one: one.aic)
    return TimesFit(
        count=len(positive),
        mean_s=mean,
        mean_low_s=mean - wide,
        mean_high_s=mean + wide,
        sd_s=sd,
        median_s=float(np.median(positive)),
        short_count=int(short.sum()),
        short_mean_s=float(positive[short].mean()) if short.any() else 0.0,
        short_apart=apart,
        zero_count=int((times_s == 0).sum()),
        forms=tuple(forms),
    )


def _forms(values: Seconds) -> list[FormFit]:
    from scipy.special import gammainc, gammaln, ndtr

    ordered = np.sort(values)
    count, mean = len(values), float(values.mean())
    logs = np.log(ordered)
    mu, sigma = float(logs.mean()), max(float(logs.std()), 1e-9)
    shape = gamma_shape(log(mean) - mu)
    scale = mean / shape
    of_exponential = -count * (log(mean) + 1)
    of_lognormal = -count * (mu + log(sigma) + 0.5 * log(2 * pi) + 0.5)
    of_gamma = (shape - 1) * mu - shape - float(gammaln(shape)) - shape * log(scale)
    wide = float(np.exp(mu + sigma**2 / 2))
    wide_sd = wide * sqrt(float(np.expm1(sigma**2)))
    laws = (
        ("exponential", mean, mean, 2 - 2 * of_exponential, -np.expm1(-ordered / mean)),
        ("lognormal", wide, wide_sd, 4 - 2 * of_lognormal, ndtr((logs - mu) / sigma)),
        (
            "gamma",
            mean,
            mean / sqrt(shape),
            4 - 2 * count * of_gamma,
            gammainc(shape, ordered / scale),
        ),
    )
    return [
        FormFit(form=form, mean_s=mean_s, sd_s=sd_s, aic=aic, ks=distance(ordered, law))
        for form, mean_s, sd_s, aic, law in laws
    ]


def distance(ordered: Seconds, law: Seconds) -> float:
    """Greatest distance of a law from the record's distribution function, at the ends of steps of
    equal values (times in whole seconds come many at a time)."""
    last = np.flatnonzero(np.diff(ordered, append=np.inf))
    return float(np.abs((last + 1) / len(ordered) - law[last]).max())


def gamma_shape(gap: float) -> float:
    """Shape of a gamma law by maximum likelihood, from log(mean) - mean(log): Newton's steps on
    log(k) - digamma(k) = gap (Minka 2002, "Estimating a gamma distribution")."""
    from scipy.special import digamma, polygamma

    gap = max(gap, 1e-9)
    shape = (3 - gap + sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(20):
        step = (log(shape) - float(digamma(shape)) - gap) / (1 / shape - float(polygamma(1, shape)))
        shape = max(shape - step, 1e-6)
        if abs(step) < 1e-10 * shape:
            break
    return shape
