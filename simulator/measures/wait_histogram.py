"""Counts waits in bins so narrow that a percentile read from them is within 0.4 %.

Rule of this file: whole microseconds to bins and back. Bins are those of a floating-point number
cut to 7 bits of fraction (the log-linear bins of HdrHistogram), so that finding one takes no
logarithm and memory does not grow with the number of calls.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FRACTION_BITS = 7
RELATIVE_ERROR = 1 / (1 << (FRACTION_BITS + 1))
"A percentile is at most this share off: half a bin."
_SHIFT = 52 - FRACTION_BITS
_OFFSET = 1023 << FRACTION_BITS
_POWERS = 44
BINS = 1 + (_POWERS << FRACTION_BITS)
"Bin 0 is no wait; the last ends at 2^44 us, 203 days."


def bins_of(wait_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bin of each wait."""
    cut = (wait_us.astype(np.float64).view(np.int64) >> _SHIFT) - (_OFFSET - 1)
    bins: NDArray[np.int64] = np.clip(cut, 0, BINS - 1)
    return bins


def values_of(bins: NDArray[np.int64]) -> NDArray[np.float64]:
    """Middle of each bin, in microseconds; a bin that holds one whole number gives that number."""
    low = ((np.maximum(bins, 1) + (_OFFSET - 1)) << _SHIFT).view(np.float64)
    high = ((np.maximum(bins, 1) + _OFFSET) << _SHIFT).view(np.float64)
    middle = np.where(high - low <= 1.0, np.ceil(low), (low + high) / 2)
    return np.where(bins == 0, 0.0, middle)


def percentiles(counts: NDArray[np.int64], shares: tuple[float, ...]) -> NDArray[np.float64]:
    """Value, in microseconds, at or below which each share of the counted lies: the smallest such
    (inverse of the empirical distribution). `counts` is [place, bin]; the result [place, share];
    NaN where nothing was counted."""
    grown = np.cumsum(counts, axis=1)
    totals = grown[:, -1]
    found = np.empty((len(counts), len(shares)))
    for i, (row, total) in enumerate(zip(grown, totals, strict=True)):
        ranks = np.maximum(np.ceil(np.asarray(shares) * total - 1e-9), 1)
        found[i] = values_of(np.searchsorted(row, ranks)) if total else np.nan
    return found
