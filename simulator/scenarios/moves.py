"""Which way a call really goes from site to site, and what NIRC is told of it: one choice for both.

Rule of this file: for each origin, trunk group, target and method one entry of `paths` counts: the
one that names its target, then its origin, then its trunk group, then the first. The Path documents
are made so that the ladders of `nirc.core.paths` come to the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from routing_policies.kinds_base import ANY_SITE
from simulator.model.instants import to_us
from simulator.model.network import MoveMethod, MoveModel
from simulator.scenarios.kind import PathKind, ScenarioSpec

METHODS: tuple[MoveMethod, ...] = ("redirect_302", "refer", "bridge")
SET_UP_S_MIN = 0.001
"Least that a Path document says."
NAME_LENGTH_MAX = 63
Key = tuple[int, int, str, MoveMethod]
"(origin, its trunk group, name of the target or *, method)"


@dataclass(frozen=True, slots=True)
class PathText:
    """What a Path document is to say."""

    name: str
    spec: dict[str, Any]


def chosen_paths(spec: ScenarioSpec) -> dict[Key, PathKind]:
    """The entry that counts, for targets that are named and for all others."""
    best: dict[Key, tuple[tuple[bool, bool], PathKind]] = {}
    for path in spec.paths:
        rank = (path.from_site != ANY_SITE, path.trunk_group != ANY_SITE)
        for f, t in _origins(spec, path):
            for method in path.methods:
                key: Key = (f, t, path.to_site, method)
                if key not in best or rank > best[key][0]:
                    best[key] = (rank, path)
    return {key: path for key, (_, path) in best.items()}


def moves_of(spec: ScenarioSpec) -> tuple[MoveModel, ...]:
    """How moves really go."""
    paths = chosen_paths(spec)
    groups = [{trunk.name: t for t, trunk in enumerate(site.trunks)} for site in spec.sites]
    found: list[MoveModel] = []
    for f, origin in enumerate(spec.sites):
        for t in range(len(origin.trunks)):
            for g, target in enumerate(spec.sites):
                if g == f:
                    continue
                for method in METHODS:
                    path = paths.get((f, t, target.name, method))
                    path = path or paths.get((f, t, ANY_SITE, method))
                    if path is not None:
                        arrives_on = groups[g][path.arrives_on]
                        found.append(_move(path, method, (f, t, g, arrives_on)))
    return tuple(found)


def path_texts(spec: ScenarioSpec) -> Iterator[PathText]:
    """What NIRC is told, a document for all that one entry says of one origin's trunk group."""
    numbers = {id(path): i for i, path in enumerate(spec.paths)}
    grouped: dict[tuple[int, int, str, int, bool], list[MoveMethod]] = {}
    for (f, t, target, method), path in chosen_paths(spec).items():
        key = (f, t, target, numbers[id(path)], method == "bridge")
        grouped.setdefault(key, []).append(method)
    for n, ((f, t, target, p, bridge), methods) in enumerate(sorted(grouped.items())):
        site, path = spec.sites[f], spec.paths[p]
        trunk = site.trunks[t].name
        set_up_s = path.set_up_s if path.set_up_p99_s is None else path.set_up_p99_s
        told = {
            "from_site": site.name,
            "trunk_group": trunk,
            "to_site": target,
            "methods": methods,
            "arrives_on": path.arrives_on,
            "origin_channels": path.origin_channels if bridge else 0,
            "set_up_p99_s": max(round(set_up_s, 6), SET_UP_S_MIN),
            "cost": path.cost,
            "follows_contacts": True,
            "proven": True,
        }
        name = f"{n}.{site.name}.{trunk}"
        yield PathText(name if len(name) <= NAME_LENGTH_MAX else f"{n}.path", told)


def _origins(spec: ScenarioSpec, path: PathKind) -> Iterator[tuple[int, int]]:
    for f, site in enumerate(spec.sites):
        if path.from_site not in (ANY_SITE, site.name) or path.to_site == site.name:
            continue
        for t, trunk in enumerate(site.trunks):
            if path.trunk_group in (ANY_SITE, trunk.name):
                yield f, t


def _move(path: PathKind, method: MoveMethod, ends: tuple[int, int, int, int]) -> MoveModel:
    from_site, trunk, to_site, arrives_on = ends
    return MoveModel(
        from_site=from_site,
        trunk=trunk,
        to_site=to_site,
        method=method,
        arrives_on=arrives_on,
        set_up_us=to_us(path.set_up_s),
        channels_us=to_us(path.channels_s) if method == "refer" else 0,
        origin_channels=path.origin_channels if method == "bridge" else 0,
    )
