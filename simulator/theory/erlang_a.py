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
from math import exp, floor, fsum, inf, lgamma, log

from simulator.theory.erlang_b import inverse_blocking

_END = 1e-18
"A term this small against the largest ends a sum."


def _terms(base: float, step: float) -> tuple[float, int, list[float]]:
    """The terms w(k) = product over i = 1..k of step / (base + i) that count, over the largest.

    Gives the logarithm of the largest term, the first k that counts, and the terms from there.
    """
    peak = max(0, floor(step - base))
    log_peak = 0.0
    if peak:
        log_peak = peak * log(step) - lgamma(base + peak + 1.0) + lgamma(base + 1.0)
    before, term, k = [], 1.0, peak
    while k > 0 and term > _END:
        term *= (base + k) / step
        k -= 1
        before.append(term)
    after, term, last = [1.0], 1.0, peak
    while term > _END:
        last += 1
        term *= step / (base + last)
        after.append(term)
    return log_peak, k, before[::-1] + after


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
        return self._answered_wait_s / (1.0 - self.abandonment)

    @property
    def asa_abandoned_s(self) -> float:
        """Mean wait of those who give up; 0 if nobody does."""
        if self.abandonment <= 0.0:
            return 0.0
        return max(self.asa_s - self._answered_wait_s, 0.0) / self.abandonment

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
        # The density of V is P(all busy, none waits) exp(mean (1 - e^-v)) e^(-services v) services,
        # v in patiences; its integral is the incomplete gamma function as a series.
        log_peak, _, terms = _terms(base, mean * spent)
        log_j = (
            mean * (1.0 - spent)
            - base * time_s / self.patience_s
            + log_peak
            + log(services * fsum(terms) / base)
        )
        return exp(min(self.log_above + log_j, 0.0))

    @property
    def _answered_wait_s(self) -> float:
        """E[V; V < R]. Who finds j waiting waits for j + 1 departures, the i-th at the rate
        servers / aht + i / patience: with b = servers patience / aht, E[e^(-V / patience)] is
        b / (b + j + 1), and E[V e^(-V / patience)] that times the sum of patience / (b + i + 1)."""
        base = self.servers * self.patience_s / self.aht_s
        step = self.load * self.patience_s / self.aht_s
        log_peak, first, terms = _terms(base, step)
        departures = sum(1.0 / (base + i) for i in range(1, first + 1))
        total = 0.0
        for j, term in enumerate(terms, start=first):
            departures += 1.0 / (base + j + 1.0)
            total += term * departures * base / (base + j + 1.0)
        return exp(self.log_above + log_peak) * total * self.patience_s


def impatient(servers: int, load: float, aht_s: float, patience_s: float) -> Impatient:
    """The queue of this load and staff; stable at any load.

    >>> round(impatient(50, 48.0, 60.0, 120.0).abandonment, 7)
    0.0309122
    """
    step, base = load * patience_s / aht_s, servers * patience_s / aht_s
    log_peak, first, terms = _terms(base, step)
    total = fsum(terms)
    weighted = fsum(k * term for k, term in enumerate(terms, start=first))
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
