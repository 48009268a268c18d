"""Decides which estimator of the expected wait a queue is judged by, and how far it may be off.

Rule of this file: estimators are judged by what came of their own predictions, on the same calls;
old calls are forgotten, and the choice moves only for a clear gain. No clock, bounded memory.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, sqrt

from routing_policies.estimates import ESTIMATORS
from routing_policies.kernel import QUEUE_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceSettings:
    """How fast a queue's past is forgotten, and what makes a change worth it."""

    forget: float = 0.01
    "Weight of a new error against all older ones: half of the weight lies in the last 69 calls."
    calls_min: int = 30
    "Calls measured before the first choice, and between one change and the next."
    gain_min: float = 0.15
    "The mean squared error must be lower by this share before another estimator is chosen."
    ratios_max: int = 200
    "How many of the last calls the range is taken from."
    ratios_min: int = 19
    "Fewer than this give no range: the nine of ten between the least and the most need 19."
    outside: float = 0.05
    "Share of calls under the range, and over it."
    percent_low: int = 50
    percent_high: int = 200
    "The range before there is one."


SETTINGS = ChoiceSettings()
_PERCENT_MAX = 10_000
_WAIT_S_MIN = 1.0
"Predictions and waits under a second count as one: their ratio would say nothing."


class _Ratios:
    """Wait over prediction of the last calls, kept in order of age and in order of size."""

    __slots__ = ("_by_age", "_by_size", "_max")

    def __init__(self, count_max: int) -> None:
        self._max = count_max
        self._by_age: deque[float] = deque()
        self._by_size: list[float] = []

    def __len__(self) -> int:
        return len(self._by_age)

    def add(self, ratio: float) -> None:
        """One more; the oldest one goes."""
        if len(self._by_age) == self._max:
            oldest = self._by_age.popleft()
            del self._by_size[bisect_left(self._by_size, oldest)]
        self._by_age.append(ratio)
        insort(self._by_size, ratio)

    def between(self, outside: float) -> tuple[float, float]:
        """The order statistics between which the next one falls with chance 1 - 2 * outside, if it
        is like the others (Wilks 1941, Annals of Mathematical Statistics 12(1))."""
        count = len(self._by_size)
        low = max(floor((count + 1) * outside), 1)
        high = min(ceil((count + 1) * (1.0 - outside)), count)
        return self._by_size[low - 1], self._by_size[high - 1]


class EwtChoice:
    """The estimators of one queue, judged.

    Each call that waits brings what every estimator predicted when it entered. Invariants:
    `estimator` is one of ESTIMATORS; 0 <= low percent <= high percent.
    """

    __slots__ = ("_calls_count", "_ratios", "_settings", "_since_change", "_squares", "estimator")

    def __init__(self, settings: ChoiceSettings = SETTINGS) -> None:
        self._settings = settings
        self._squares: dict[int, float] = dict.fromkeys(ESTIMATORS, 0.0)
        "Exponentially forgotten mean squared error per estimator, in square seconds."
        self._ratios = {number: _Ratios(settings.ratios_max) for number in ESTIMATORS}
        self._calls_count = 0
        self._since_change = 0
        self.estimator = QUEUE_LENGTH
        "The number of the chosen one."

    def served(self, predicted: Sequence[float], waited_s: float) -> None:
        """A call with these predictions, in the order of ESTIMATORS, went to an agent."""
        if not _usable(predicted):
            return
        for number, wait_s in zip(ESTIMATORS, predicted, strict=True):
            self._ratios[number].add(max(waited_s, _WAIT_S_MIN) / max(wait_s, _WAIT_S_MIN))
        self._judge([wait_s - waited_s for wait_s in predicted])

    def left(self, predicted: Sequence[float], waited_s: float) -> None:
        """A call with these predictions left unserved after `waited_s`: it gave up or was moved.

        Its wait is censored: longer than this, by how much nobody knows (Brown et al. 2005, JASA
        100(469), section 6). A prediction above `waited_s` may yet have been right and cannot be
        judged; one below was too short by at least the difference, and that much counts. Where
        all may have been right the call says nothing. The range is of calls that were served.
        """
        if _usable(predicted) and min(predicted) < waited_s:
            self._judge([min(wait_s - waited_s, 0.0) for wait_s in predicted])

    def error_s(self, number: int) -> float:
        """Root of the forgotten mean squared error of an estimator, in seconds."""
        return sqrt(self._squares[number])

    def range_percent(self) -> tuple[int, int]:
        """Nine of ten served calls waited between these percentages of the chosen prediction."""
        settings, ratios = self._settings, self._ratios[self.estimator]
        if len(ratios) < settings.ratios_min:
            return settings.percent_low, settings.percent_high
        low, high = ratios.between(settings.outside)
        return min(floor(low * 100), _PERCENT_MAX), min(ceil(high * 100), _PERCENT_MAX)

    def _judge(self, errors_s: Sequence[float]) -> None:
        self._calls_count += 1
        self._since_change += 1
        forget = max(self._settings.forget, 1.0 / self._calls_count)
        for number, error_s in zip(ESTIMATORS, errors_s, strict=True):
            self._squares[number] += forget * (error_s * error_s - self._squares[number])
        if self._since_change >= self._settings.calls_min:
            self._choose()

    def _choose(self) -> None:
        best = min(ESTIMATORS, key=lambda number: (self._squares[number], number))
        now = self._squares[self.estimator]
        if self._squares[best] < now * (1.0 - self._settings.gain_min):
            self.estimator = best
            self._since_change = 0


def _usable(predicted: Sequence[float]) -> bool:
    """Infinite ones (nobody was there) are no prediction, and 0 is said of free agents only."""
    return all(isfinite(wait_s) and wait_s > 0 for wait_s in predicted)
