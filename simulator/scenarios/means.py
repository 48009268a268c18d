"""Mean times of distributions and services.

Rule of this file: exact means, for what NIRC is told and for warnings; nothing is drawn.
"""

from __future__ import annotations

from math import inf
from pathlib import Path

from simulator.scenarios.distributions import Distribution, Empirical
from simulator.scenarios.draws import AHT_S, acw_of, classes_of, patience_of, shares_of, talk_of
from simulator.scenarios.kind import ScenarioSpec, Service
from simulator.scenarios.number_files import column_of

AHT_S_MIN, AHT_S_MAX = 0.001, 86_400.0


def mean_s(distribution: Distribution, folder: Path) -> float:
    """Mean in seconds; infinite for `never`. Raises DocumentError if a file is wrong."""
    one = distribution
    if one.constant is not None:
        return one.constant.value_s
    if one.uniform is not None:
        return (one.uniform.from_s + one.uniform.to_s) / 2
    if one.empirical is not None:
        values = values_of(one.empirical, folder)
        return sum(values) / len(values)
    if one.mixture is not None:
        return sum(part.share * mean_s(part.of, folder) for part in one.mixture)
    with_mean = one.exponential or one.lognormal or one.gamma
    return with_mean.mean_s if with_mean is not None else inf


def values_of(empirical: Empirical, folder: Path) -> tuple[float, ...]:
    """The values in seconds. Raises DocumentError if the file is wrong."""
    if empirical.file is None:
        return empirical.values_s
    return column_of(folder / empirical.file, empirical.column)


def aht_s_of(spec: ScenarioSpec, service: Service, folder: Path) -> float:
    """What NIRC believes of a service's handle time: as written, else the mean over callers."""
    if service.aht_s is not None:
        return service.aht_s
    found = work_s_of(spec, service.name, folder) or AHT_S
    return min(max(round(found, 6), AHT_S_MIN), AHT_S_MAX)


def work_s_of(spec: ScenarioSpec, service: str, folder: Path) -> float:
    """Mean talk and after-call work of a call, over classes and ingresses alike."""
    classes = classes_of(spec)
    means = [
        mean_s(talk_of(spec, service, one), folder) + mean_s(acw_of(spec, service, one), folder)
        for one in classes
    ]
    ingresses = [one.name for one in spec.ingresses if one.service == service]
    if not ingresses:
        return 0.0
    sums = (
        sum(share * mean for share, mean in zip(shares_of(spec, name), means, strict=True))
        for name in ingresses
    )
    return sum(sums) / len(ingresses)


def waits_for_ever(spec: ScenarioSpec, service: str, folder: Path) -> bool:
    """Is there a class of callers of this service who never give up?"""
    return any(mean_s(patience_of(spec, service, one), folder) == inf for one in classes_of(spec))
