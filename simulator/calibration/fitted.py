"""Everything that is fitted to one record of calls.

Rule of this file: it calls the fits and joins them; what is written of them stands in
`scenario_part`, what is told in `words`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulator.calibration.arrivals import ArrivalFit, fit_arrivals
from simulator.calibration.bursts import Burst, bursts_of, outside
from simulator.calibration.patience import PatienceFit, fit_patience
from simulator.calibration.times import TimesFit, fit_times
from simulator.errors import CallsError
from simulator.model.instants import US
from simulator.records.recorded import RecordedCalls

CALLS_MIN = 30
INTERVAL_S_MIN = 60.0
INTERVAL_S_MAX = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Fits of one record."""

    source: str
    notes: tuple[str, ...]
    "What reading the record changed."
    first_day: date
    dated: bool
    days_count: int
    calls_count: int
    served_count: int
    abandoned_count: int
    bursts: tuple[Burst, ...]
    arrivals: ArrivalFit
    talk: TimesFit | None
    acw: TimesFit | None
    patience: PatienceFit | None


def calibrated(
    calls: RecordedCalls, *, interval_s: float = 1800.0, keep_bursts: bool = False
) -> Calibration:
    """The fits. With `keep_bursts` stretches that stand out are fitted like all others. Raises
    CallsError if there are too few calls."""
    if len(calls) < CALLS_MIN:
        problem = f"has {len(calls)} calls"
        raise CallsError(calls.source or "record", problem, f"at least {CALLS_MIN} are needed")
    bursts = bursts_of(calls)
    keep = outside(calls, () if keep_bursts else bursts)
    talk = calls.talk_us[calls.served & (calls.talk_us >= 0)] / US
    acw = calls.acw_us[calls.served & (calls.acw_us >= 0)] / US
    return Calibration(
        source=calls.source,
        notes=calls.notes,
        first_day=calls.first_day,
        dated=calls.dated,
        days_count=calls.days_count,
        calls_count=len(calls),
        served_count=int(calls.served.sum()),
        abandoned_count=int(calls.abandoned.sum()),
        bursts=bursts,
        arrivals=fit_arrivals(calls, np.asarray(keep), interval_s),
        talk=fit_times(talk),
        acw=fit_times(acw, tell_short=False),
        patience=fit_patience(calls, keep),
    )
