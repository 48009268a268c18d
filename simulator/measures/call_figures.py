"""Works out figures from counted calls and moves.

Rule of this file: counts in, columns of figures out, whatever the places are. Division by nothing
gives NaN: not measured.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nrcli.reports.service_levels import ignoring, negative, positive
from simulator.measures.call_tally import AT, CATEGORIES, ENTERED, WAITED
from simulator.measures.places import Columns
from simulator.measures.wait_histogram import percentiles
from simulator.model.instants import US

Numbers = NDArray[np.float64]
PERCENTILES = {"wait_p50_s": 0.5, "wait_p90_s": 0.9, "wait_p95_s": 0.95, "wait_p99_s": 0.99}


def ratio(part: Numbers, whole: Numbers) -> Numbers:
    """Quotients, NaN where the whole is 0."""
    found = np.full(part.shape, np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def _total(sums: Numbers, names: tuple[str, ...], suffix: str = "") -> Numbers:
    total: Numbers = sums[:, [AT[name + suffix] for name in names]].sum(axis=1)
    return total


def entry_columns(sums: Numbers, longest: Numbers) -> Columns:
    """Figures of calls where they entered; `sums` is [place, COLUMNS]."""

    def of(*names: str) -> Numbers:
        return _total(sums, names)

    def waits(*names: str) -> Numbers:
        return _total(sums, names, "_wait_us") / US

    answered = of("answered_in_time", "answered_late")
    abandoned = of("abandoned_in_time", "abandoned_late")
    in_time, gone_in_time = of("answered_in_time"), of("abandoned_in_time")
    offered, entered, waited = of(*CATEGORIES), of(*ENTERED), of(*WAITED)
    balked = of("balked")
    blocked, redials = of("no_channel", "no_place"), of("redials")
    callers = offered - redials
    gone_in_time = gone_in_time + balked
    return {
        "offered": offered,
        "answered": answered,
        "abandoned": abandoned,
        "balked": balked,
        "blocked": blocked,
        "rejected": of("rejected"),
        "no_answer": of("no_answer"),
        "site_lost": of("site_lost_waiting", "site_lost_outside"),
        "lost": of("lost"),
        "unfinished": of("unfinished"),
        "to_handler": of("to_handler"),
        "callbacks_reached": of("called_back"),
        "callbacks_given_up": of("not_reached"),
        "entered": entered,
        "callers": callers,
        "redials": redials,
        "callers_answered": np.minimum(ratio(answered + of("called_back"), callers), 1.0),
        "service_level_ignore": ratio(*ignoring(in_time, gone_in_time, entered)),
        "service_level_negative": ratio(*negative(in_time, gone_in_time, entered)),
        "service_level_positive": ratio(*positive(in_time, gone_in_time, entered)),
        "abandonment": ratio(abandoned, entered),
        "blocking": ratio(blocked, offered),
        "asa_s": ratio(waits("answered_in_time", "answered_late"), answered),
        "abandon_mean_s": ratio(waits("abandoned_in_time", "abandoned_late"), abandoned),
        "wait_mean_s": ratio(waits(*WAITED), waited),
        "wait_max_s": np.where(waited > 0, longest / US, np.nan),
        "callbacks_offered": of("callback"),
        "callbacks_taken": of("promised"),
        "callback_calls": of("calls_back"),
        "callback_wait_s": ratio(waits("called_back"), of("called_back")),
        "ewt_error_mean_s": ratio(of("ewt_error_us") / US, of("ewt_count")),
        "ewt_error_abs_s": ratio(of("ewt_size_us") / US, of("ewt_count")),
        "held_for_s": of("held_us") / US,
        "ring_no_answer": of("rings"),
        "asked": of("asked"),
        "refused": of("refused"),
        "moved_share": ratio(of("moved"), offered),
    }


def work_of_service(sums: Numbers) -> Columns:
    """Talk and after-call work, and moves, of the calls of a service, wherever they were served."""
    handled = _total(sums, ("answered_in_time", "answered_late", "called_back"))
    talk, acw = sums[:, AT["talk_us"]] / US, sums[:, AT["acw_us"]] / US
    return _work(handled, talk, acw) | {"moves": sums[:, AT["moves"]].astype(np.float64)}


def work_columns(served: Numbers) -> Columns:
    """Figures of calls where they were served; `served` is [place, SERVED]."""
    handled, foreign, talk, acw = served.T
    return _work(handled, talk / US, acw / US) | {"handled_foreign": foreign}


def _work(handled: Numbers, talk_s: Numbers, acw_s: Numbers) -> Columns:
    return {
        "handled": handled,
        "aht_s": ratio(talk_s + acw_s, handled),
        "talk_s": ratio(talk_s, handled),
        "acw_s": ratio(acw_s, handled),
    }


def wait_percentiles(counts: NDArray[np.int64]) -> Columns:
    """Percentiles from histograms, [place, bin]."""
    found = percentiles(counts, tuple(PERCENTILES.values())) / US
    return {name: found[:, i] for i, name in enumerate(PERCENTILES)}


def move_columns(rows: Numbers) -> Columns:
    """Figures of moves by place; `rows` is [place, ROW_COLUMNS]."""
    moves, moved_in, back, gone, took = rows.T
    return {
        "moves": moves,
        "moved_in": moved_in,
        "moves_back": back,
        "moves_caller_gone": gone,
        "move_mean_s": ratio(took / US, moves),
    }


def flow_columns(flows: Numbers) -> Columns:
    """Figures of flows; `flows` is [flow, FLOW_COLUMNS]."""
    moves, back, gone, took = flows.T
    return {
        "moves": moves,
        "moves_back": back,
        "moves_caller_gone": gone,
        "move_mean_s": ratio(took / US, moves),
    }
