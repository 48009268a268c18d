"""Erlang A: calls wait in one line, and give up after an exponential patience.

Rule of this file: the M/M/n+M queue exactly, by sums of positive terms that begin at the largest
one and are kept as logarithms, so that neither size nor overload loses digits.

Palm 1957; Garnett, Mandelbaum and Reiman 2002, "Designing a call center with impatient customers",
M&SOM 4(3). Waits: Zeltyn and Mandelbaum 2005, Queueing Systems 51, with the integral J written as
an incomplete gamma function and that as its series (Abramowitz and Stegun 6.5.29).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, floor, inf, lgamma, log

from simulator.theory.erlang_b import inverse_blocking

_END = 1e-18
"A term this small against the sum ends it."


def _sums(base: float, step: float) -> tuple[float, float, float]:
    """Over k = 0, 1, ...: terms w(k) = product over i = 1..k of step / (base + i).

    Gives the logarithm of the largest term, the sum of w(k) and of k w(k), both over the largest.
    """
    peak = max(0, floor(step - base))
    log_peak = 0.0
    if peak:
        log_peak = peak * log(step) - lgamma(base + peak + 1.0) + lgamma(base + 1.0)
    total, weighted = 1.0, float(peak)
    term, k = 1.0, peak
    while term > _END * total:
        k += 1
        term *= step / (base + k)
        total += term
        weighted += k * term
    term, k = 1.0, peak
    while k > 0 and term > _END * total:
        term *= (base + k) / step
        k -= 1
        total += term
        weighted += k * term
    return log_peak, total, weighted


@dataclass(frozen=True, slots=True, kw_only=True)
class Impatient:
    """A queue in the long run; times in the unit of `aht_s`. V is the wait of a caller who never
    gives up, R the patience."""

    servers: int
    load: float
    aht_s: float
    patience_s: float
    waiting_share: float
    "Share of calls that find no agent free."
    mean_queue: float
    asa_waiting_s: float
    "Mean wait of those who wait, until an agent answers or they give up."
    log_above: float
    "Logarithm of the chance to find all agents busy and nobody waiting."

    @property
    def asa_s(self) -> float:
        """Mean wait of all calls, those given up included (Little 1961)."""
        return self.waiting_share * self.asa_waiting_s

    @property
    def abandonment(self) -> float:
        """Share of all calls that give up."""
        return self.asa_s / self.patience_s

    @property
    def abandonment_waiting(self) -> float:
        """Share of those who wait that gives up."""
        return self.asa_waiting_s / self.patience_s

    @property
    def occupancy(self) -> float:
        """Share of time at work of an agent."""
        return self.load * (1.0 - self.abandonment) / self.servers

    @property
    def asa_answered_s(self) -> float:
        """Mean wait of those who are answered."""
        given_up = self.abandonment * self.asa_abandoned_s
        return max(self.asa_s - given_up, 0.0) / (1.0 - self.abandonment)

    @property
    def asa_abandoned_s(self) -> float:
        """Mean wait of those who give up: E[W; R < V] / P(R < V), by parts from the tail of V."""
        share = self.abandonment
        if share <= 0.0:
            return 0.0
        # E[R; R < V] = integral of t e^(-t/patience) P(V > t) dt / patience.
        return _integral(lambda t: t * self.longer_than(t), self._far_s()) / (
            self.patience_s * share
        )

    def offered_longer_than(self, time_s: float) -> float:
        """P(V > t): chance that a caller who never gives up waits longer than this."""
        return self._tail(time_s, 0.0)

    def longer_than(self, time_s: float) -> float:
        """P(min(V, R) > t): share of all calls that wait longer than this."""
        return exp(-time_s / self.patience_s) * self.offered_longer_than(time_s)

    def answered_within(self, threshold_s: float) -> float:
        """Share of all calls that are answered within this time."""
        late = self._tail(threshold_s, 1.0)
        return 1.0 - self.abandonment - late

    def abandoned_within(self, time_s: float) -> float:
        """Share of all calls given up within this time."""
        return 1.0 - self.longer_than(time_s) - self.answered_within(time_s)

    def percentile_s(self, share: float) -> float:
        """Time that this share of all calls does not wait longer than."""
        return _inverse(lambda t: 1.0 - self.longer_than(t), share, self.patience_s)

    def percentile_answered_s(self, share: float) -> float:
        """Time within which this share of the answered calls was answered."""
        answered = 1.0 - self.abandonment
        return _inverse(lambda t: self.answered_within(t) / answered, share, self.patience_s)

    def _tail(self, time_s: float, extra: float) -> float:
        """Integral over V > t of the density times e^(-extra V / patience)."""
        services = self.servers * self.patience_s / self.aht_s
        base = services + extra
        mean = self.load * self.patience_s / self.aht_s
        spent = exp(-time_s / self.patience_s)
        # Density of V: P(all busy, none waits) services exp(mean (1 - spent)) spent^services / patience.
        log_peak, total, _ = _sums(base, mean * spent)
        log_j = (
            mean * (1.0 - spent)
            - base * time_s / self.patience_s
            + log_peak
            + log(services * total / base)
        )
        return exp(min(self.log_above + log_j, 0.0))

    def _far_s(self) -> float:
        far_s = self.patience_s
        while self.longer_than(far_s) * far_s > 1e-17 * self.asa_s:
            far_s *= 1.5
        return far_s


def impatient(servers: int, load: float, aht_s: float, patience_s: float) -> Impatient:
    """The queue of this load and staff; stable at any load.

    >>> round(impatient(50, 48.0, 60.0, 120.0).abandonment, 7)
    0.0309122
    """
    step, base = load * patience_s / aht_s, servers * patience_s / aht_s
    log_peak, total, weighted = _sums(base, step)
    below = inverse_blocking(servers, load) - 1.0
    log_all = log_peak + log(total)
    if below == inf:
        share = 0.0
    else:
        if below > 0.0:
            high = max(log_all, log(below))
            log_sum = high + log(exp(log_all - high) + exp(log(below) - high))
        else:
            log_sum = log_all
        share = exp(log_all - log_sum)
    per_waiting = weighted / total
    return Impatient(
        servers=servers,
        load=load,
        aht_s=aht_s,
        patience_s=patience_s,
        waiting_share=share,
        mean_queue=share * per_waiting,
        asa_waiting_s=per_waiting * aht_s / load,
        log_above=log(share) - log_all if share > 0.0 else -inf,
    )


def _inverse(rises: Callable[[float], float], share: float, scale_s: float) -> float:
    """Smallest time at which a distribution reaches a share, to 1e-9 of it."""
    if rises(0.0) >= share:
        return 0.0
    low, high = 0.0, scale_s
    while rises(high) < share:
        low, high = high, high * 2.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if rises(middle) < share else (low, middle)
        if high - low < 1e-9 * high:
            break
    return high


def _integral(value: Callable[[float], float], far_s: float) -> float:
    """Of a smooth function over 0..far, by Simpson's rule on pieces that grow from small to far."""
    edges = [0.0, *(far_s * 2.0**-k for k in range(14, -1, -1))]
    total = 0.0
    for low, high in zip(edges, edges[1:], strict=False):
        count = 64
        step = (high - low) / count
        inner = sum((4 if k % 2 else 2) * value(low + k * step) for k in range(1, count))
        total += (value(low) + inner + value(high)) * step / 3.0
    return total
