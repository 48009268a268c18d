"""Predicts how long who waits in the network queue still waits, and learns from who was served.

Rule of this file: pure. The time until the n-th end of a talk is gamma distributed; what that
leaves out (own callers who go first, agents in a break, the time that moves take) is measured:
one factor on the wait, one on the width of the range. Both start at 1 and forget slowly.

The gamma distribution is approximated after Wilson and Hilferty 1931, "The distribution of
chi-square".
"""

from __future__ import annotations

from dataclasses import dataclass

NINE_OF_TEN = 1.645
"Standard deviations of a normal distribution between whose two sides lie nine of ten."
KEPT = 0.98
"What an older wait counts, for each newer one: about the last fifty."
PRIOR = 10.0
"Waits that the theory is worth."
SPREAD_MAX = 6.0
FACTOR_MAX = 10.0


@dataclass(frozen=True, slots=True)
class Told:
    """What was predicted of one caller."""

    at_s: float
    ahead_count: float
    ends_per_s: float


class ToldWaits:
    """The two factors of one service."""

    __slots__ = ("_predicted_s", "_squares", "_waited_s", "_weight")

    def __init__(self) -> None:
        self._weight = PRIOR
        self._squares = PRIOR
        self._predicted_s = 0.0
        self._waited_s = 0.0

    @property
    def factor(self) -> float:
        """How much longer they waited than the theory says."""
        prior_s = self._predicted_s * PRIOR / self._weight
        if self._predicted_s <= 0:
            return 1.0
        found = (self._waited_s + prior_s) / (self._predicted_s + prior_s)
        return min(FACTOR_MAX, max(1.0 / FACTOR_MAX, found))

    @property
    def spread(self) -> float:
        """How much wider their waits lay."""
        return float(min(SPREAD_MAX, (self._squares / self._weight) ** 0.5))

    def range_s(self, ahead_count: float, ends_per_s: float) -> tuple[float, float]:
        """Between these two waits lie nine of ten callers with so many ahead; 0, 0 if nobody
        works."""
        if ends_per_s <= 0:
            return 0.0, 0.0
        n, width = ahead_count + 1.0, NINE_OF_TEN * self.spread
        low, high = (
            n * max(0.0, 1.0 - 1.0 / (9.0 * n) + way / (3.0 * n**0.5)) ** 3
            for way in (-width, width)
        )
        return low * self.factor / ends_per_s, high * self.factor / ends_per_s

    def served(self, told: Told, now_s: float) -> None:
        """A caller of whom this was predicted went to an agent."""
        if told.ends_per_s <= 0:
            return
        waited_s, n = max(0.0, now_s - told.at_s), told.ahead_count + 1.0
        predicted_s = n / told.ends_per_s
        self._waited_s = self._waited_s * KEPT + waited_s
        self._predicted_s = self._predicted_s * KEPT + predicted_s
        share = (waited_s / (predicted_s * self.factor)) ** (1.0 / 3.0)
        score = (share - (1.0 - 1.0 / (9.0 * n))) * 3.0 * n**0.5
        self._squares = self._squares * KEPT + score**2
        self._weight = self._weight * KEPT + 1.0
