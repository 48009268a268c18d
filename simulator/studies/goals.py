"""Targets as a command line writes them: `service_level>=0.8`, `abandonment<=5%`, `asa_s<=20`; and
precisions: `0.5%`, `asa_s=5%`.

Rule of this file: a figure by its name, the way that is better for it, and a number.
"""

from __future__ import annotations

import re
from math import isfinite, nan

from routing_policies.errors import nearest
from simulator.errors import StudyError
from simulator.measures.figures import FIGURES
from simulator.measures.targets import Target
from simulator.studies.study import REPLICATIONS_MAX, Precision

SHORT = {"service_level": "service_level_negative", "asa": "asa_s"}
"What people say, and the figure that is meant."
EXAMPLE = "write it as in `--target 80/20` or `--target 'service_level>=0.8'`, with quotes"
_FORM = re.compile(r"\s*([a-z_0-9]+)\s*(>=|<=|=|>|<)\s*([0-9.eE+-]+)\s*(%?)\s*")

_LEVEL = re.compile(r"\s*([0-9.]+)\s*%?\s*/\s*([0-9.]+)\s*s?\s*")
_PRECISION = re.compile(r"\s*(?:([a-z_0-9]+)\s*=)?\s*([0-9.eE+-]+)\s*(%?)\s*")
PRECISION_MIN = 0.0001


def figure_named(name: str) -> str:
    """A figure by its name or a short one. Raises StudyError."""
    name = SHORT.get(name, name)
    if name not in FIGURES:
        near = nearest(name, [*FIGURES, *SHORT])
        remedy = f"did you mean {near}?" if near else "docs/measures.md lists them"
        raise StudyError(f"{name} is no figure", remedy)
    return name


def target_of(text: str) -> Target:
    """A target by its text. Raises StudyError."""
    level = _LEVEL.fullmatch(text)
    found = _FORM.fullmatch(f"service_level>={level[1]}%" if level else text)
    if found is None:
        raise StudyError(f"--target {text}: this is no target", EXAMPLE)
    figure = FIGURES[figure_named(found[1])]
    if not figure.better:
        raise StudyError(
            f"--target {text}: more of {figure.name} is neither better nor worse",
            "take service_level, abandonment, asa_s, wait_p95_s or trunk_blocking",
        )
    sign = ">=" if figure.better == "higher" else "<="
    if found[2] not in (sign, "="):
        raise StudyError(
            f"--target {text}: {figure.name} is better {figure.better}",
            f"write {sign} before the number",
        )
    try:
        value = float(found[3]) / (100 if found[4] else 1)
    except ValueError as error:
        raise StudyError(f"--target {text}: {found[3]} is no number", EXAMPLE) from error
    if figure.unit == "share" and not 0 <= value <= 1:
        raise StudyError(
            f"--target {text}: {figure.name} runs from 0 to 1", "write 0.8 or 80%, for four of five"
        )
    if not isfinite(value):
        raise StudyError(f"--target {text}: {found[3]} is too large a number", EXAMPLE)
    if value < 0:
        raise StudyError(f"--target {text}: {figure.name} is never below 0", EXAMPLE)
    return Target(figure=figure.name, value=value)


def precision_of(text: str, count_max: int | None = None) -> Precision:
    """How well a figure is to be known: `0.01`, `1%`, `asa_s=5%`. Raises StudyError."""
    found = _PRECISION.fullmatch(text)
    remedy = "write it as in `--precision 0.01`, `--precision 1%` or `--precision asa_s=5%`"
    try:
        width = float(found[2]) / (100 if found[3] else 1) if found else nan
    except ValueError:
        width = nan
    if found is None or not PRECISION_MIN <= width < 1:
        raise StudyError(
            f"--precision {text}: this is no share from {PRECISION_MIN:g} to 1", remedy
        )
    return Precision(
        width=width,
        figure=figure_named(found[1] or "service_level"),
        count_max=count_max or REPLICATIONS_MAX,
    )


def changes_of(text: str) -> list[str]:
    """What a target asks of the scenario: `80/20`, 80 % answered in 20 s, sets the threshold.

    >>> changes_of("80/20")
    ['services.*.service_level.threshold_s=20']
    """
    found = _LEVEL.fullmatch(text)
    return [f"services.*.service_level.threshold_s={found[2]}"] if found else []


def target_told(target: Target) -> str:
    """`service level >= 80.0 %`."""
    from simulator.measures.reading import told

    figure = FIGURES[target.figure]
    return f"{figure.title.lower()} {'>=' if target.higher else '<='} {told(figure, target.value)}"
