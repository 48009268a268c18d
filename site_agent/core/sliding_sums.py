"""Sums of what happened within the last minutes.

Rule of this file: time is cut into buckets, so that memory is bounded; a bucket is forgotten whole,
as soon as its beginning is a window old. Nothing here knows what is added up.
"""

from __future__ import annotations

from collections import deque

BUCKETS = 15


class SlidingSums:
    """Several sums over a sliding window; `totals` are always the sums over the buckets kept."""

    __slots__ = ("_bucket_s", "_buckets", "_width", "totals")

    def __init__(self, *, window_s: float, width: int) -> None:
        self._bucket_s = window_s / BUCKETS
        self._width = width
        self._buckets: deque[tuple[int, list[float]]] = deque()
        "Number of the bucket and its sums, oldest first."
        self.totals: tuple[float, ...] = (0.0,) * width

    def __bool__(self) -> bool:
        return bool(self._buckets)

    def add(self, now_s: float, *numbers: float) -> None:
        """Something happened now."""
        assert len(numbers) == self._width
        bucket = int(now_s // self._bucket_s)
        self._drop(bucket)
        if not self._buckets or self._buckets[-1][0] < bucket:
            self._buckets.append((bucket, [0.0] * self._width))
        sums = self._buckets[-1][1]
        for i, number in enumerate(numbers):
            sums[i] += number
        self._add_up()

    def forget(self, now_s: float) -> bool:
        """Let go of what is too old. Did the totals change?"""
        before = self.totals
        if self._drop(int(now_s // self._bucket_s)):
            self._add_up()
        return self.totals != before

    def _drop(self, bucket: int) -> bool:
        """Let go of buckets a window older than this one; were there any?"""
        oldest, count = bucket - BUCKETS, len(self._buckets)
        while self._buckets and self._buckets[0][0] <= oldest:
            self._buckets.popleft()
        return len(self._buckets) != count

    def _add_up(self) -> None:
        columns = zip(*(sums for _, sums in self._buckets), strict=True)
        self.totals = tuple(map(sum, columns)) or (0.0,) * self._width
