"""Every distribution that a scenario writes, with its place.

Rule of this file: a list; what must hold for each is asked by `checks` and `files_named`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenarios.distributions import Distribution
from simulator.scenarios.kind import ScenarioSpec


def distributions_of(spec: ScenarioSpec) -> Iterator[tuple[str, Distribution]]:
    """Every distribution of a scenario with its place, parts of mixtures after their whole."""
    for key in ("talk", "acw", "patience"):
        for name, one in getattr(spec, key).items():
            yield from _with_parts(f"spec.{key}.{name}", one)
    for c, caller_class in enumerate(spec.caller_classes):
        place = f"spec.caller_classes[{c}]"
        if caller_class.patience is not None:
            yield from _with_parts(f"{place}.patience", caller_class.patience)
        if caller_class.redial is not None:
            yield from _with_parts(f"{place}.redial.after", caller_class.redial.after)
        for key in ("talk", "acw"):
            for name, one in getattr(caller_class, key).items():
                yield from _with_parts(f"{place}.{key}.{name}", one)


def _with_parts(place: str, one: Distribution) -> Iterator[tuple[str, Distribution]]:
    yield place, one
    for i, part in enumerate(one.mixture or ()):
        yield from _with_parts(f"{place}.mixture[{i}].of", part.of)
