"""Calendars that policies read of calls, laid out as stretches in which nothing changes.

Rule of this file: what a stretch says is said by the calendar itself; here time is only cut.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from routing_policies import columns as k
from routing_policies.calendars import Calendar, CalendarState
from simulator.compiled import networked_layout as n
from simulator.compiled.policies import Policies
from simulator.model.instants import US
from simulator.model.network import NetworkModel

STEP_S = 900
"Dates begin at a multiple of this in every time zone."
MORE_S = 86_400
KINDS = {
    "calendar_open": n.IS_OPEN,
    "calendar_holiday": n.IS_HOLIDAY,
    "calendar_closes_in_s": n.CLOSES_IN,
    "calendar_opens_in_s": n.OPENS_IN,
}


class Hours:
    """Features of calls that are calendars', and what these say through the run."""

    def __init__(self, model: NetworkModel, policies: Policies) -> None:
        features: list[tuple[int, ...]] = []
        stretches: list[tuple[float, ...]] = []
        known: dict[str, tuple[int, int]] = {}
        for service, used in enumerate(policies.of_service):
            for number, feature in enumerate(policies.used[used].features):
                if feature.kind not in KINDS:
                    continue
                name = feature.args[0]
                if name not in known:
                    found = stretches_of(model, name)
                    known[name] = len(stretches), len(stretches) + len(found)
                    stretches += found
                column = k.CALL_FEATURES_FROM + number
                features.append((service, column, KINDS[feature.kind], *known[name]))
        self.count = len(features)
        self.features: Any = np.array(features or [(0,) * n.HOURS_WIDTH], np.int64)
        self.stretches: Any = np.array(stretches or [(0.0,) * n.STRETCH_WIDTH], np.float64)


def stretches_of(model: NetworkModel, name: str) -> list[tuple[float, ...]]:
    """(from, is open, is a holiday, when it opens or closes next) through a run, in Unix seconds;
    nothing where there is no such calendar."""
    document = model.documents.calendars.get(name)
    if document is None:
        return []
    calendar = Calendar(document)
    at_s = float(int(model.start_unix_s) // STEP_S * STEP_S)
    end_s = model.start_unix_s + (model.duration_us + model.drain_us) / US + MORE_S
    found: list[tuple[float, ...]] = []
    while at_s < end_s:
        state = calendar.state(at_s)
        said = (float(state.open), float(bool(state.holiday)), at_s + _left_s(state))
        if not found or found[-1][1:] != said:
            found.append((at_s, *said))
        at_s = min(at_s // STEP_S * STEP_S + STEP_S, said[2])
    return found


def _left_s(state: CalendarState) -> float:
    return state.closes_in_s if state.open else state.opens_in_s
