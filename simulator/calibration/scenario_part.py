"""Writes fits as keys of a Scenario's `spec`, to be pasted there.

Rule of this file: only what a scenario may say; names are the one the user gives, for ingress and
service alike.
"""

from __future__ import annotations

from typing import Any

import yaml

from routing_policies.calendars import WEEKDAYS
from simulator.calibration.fitted import Calibration
from simulator.calibration.patience import PatienceFit
from simulator.calibration.times import TimesFit

Part = dict[str, Any]


def scenario_part(found: Calibration, name: str) -> Part:
    """Keys of `spec`: profiles, arrivals, callers, talk, after-call work."""
    part: Part = {"profiles": [], "arrivals": []}
    fit = found.arrivals
    for kind, calls in fit.profiles.items():
        profile = name if kind not in WEEKDAYS else f"{name}-{kind}"
        part["profiles"].append(
            {"name": profile, "interval_s": fit.interval_s, "calls": list(calls)}
        )
        arrival: Part = {"ingress": name, "profile": {"name": profile}}
        if fit.spread.gamma_shape is not None:
            arrival["busyness"] = {"gamma_shape": round(fit.spread.gamma_shape, 2)}
        if kind in WEEKDAYS:
            arrival["days"] = [kind]
        part["arrivals"].append(arrival)
    if found.patience is not None:
        part["caller_classes"] = [_callers(found.patience, name)]
    if found.talk is not None:
        part["talk"] = {name: _times(found.talk)}
    if found.acw is not None:
        part["acw"] = {name: _times(found.acw)}
    return part


def part_text(found: Calibration, name: str) -> str:
    """The same as YAML, with where it is from."""
    head = [
        f"# Fitted by `nirc-sim calibrate` to {found.calls_count} calls.",
        f"# {found.source}" if found.source else "",
        f"# Keys of a Scenario's `spec`; its ingress and service must be named {name}.",
    ]
    body = yaml.safe_dump(
        scenario_part(found, name), sort_keys=False, default_flow_style=None, width=100
    )
    return "\n".join(line for line in head if line) + "\n" + body


def _callers(fit: PatienceFit, name: str) -> Part:
    patience: Part = {"exponential": {"mean_s": round(fit.mean_s, 1)}}
    if not fit.exponential:
        patience = {"empirical": {"values_s": list(fit.values_s)}}
    return {
        "name": f"{name}-callers"[:63],
        "share": 1.0,
        "ingresses": [name],
        "balk_share": round(fit.at_once_share, 4),
        "patience": patience,
    }


def _times(fit: TimesFit) -> Part:
    best = fit.best
    if fit.constant:
        return {"constant": {"value_s": round(fit.mean_s, 1)}}
    numbers = {"mean_s": round(best.mean_s, 1)}
    if best.form != "exponential":
        numbers["sd_s"] = max(round(best.sd_s, 1), 0.1)
    main: Part = {best.form: numbers}
    if not fit.short_apart:
        return main
    short = {"uniform": {"from_s": 0.0, "to_s": round(2 * fit.short_mean_s, 1)}}
    share = round(fit.short_share, 4)
    return {"mixture": [{"share": share, "of": short}, {"share": round(1 - share, 4), "of": main}]}
