"""What people may see of the paths: what they do, what proves them, and test calls under way.

Rule of this file: reading only; plain values that turn into JSON as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from nirc.core.active_policy import ActivePolicy
from nirc.core.hole_places import BY, PATH, PlaceView
from nirc.core.outcome_window import ARRIVED, FAILED
from nirc.core.path_proofs import THROUGH, PathProofs, proof_name
from nirc.core.probes import Probe
from routing_policies.document import PathDoc


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """The newest moves of callers over a path by one method to one site."""

    method: str
    to_site: str
    arrived_count: int
    failed_count: int
    phase: str
    "open | suspended | returning"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughView:
    """A method that the carrier must follow."""

    method: str
    state: str
    "proved | untried | too_old | failing | bad (once)"
    proved_s_ago: float | None
    p99_measured_s: float
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PathView:
    """One path."""

    path: str
    from_site: str
    trunk_group: str
    to_site: str
    methods: tuple[str, ...]
    address: str
    cost: float
    state: str
    "vouched | proved | unproved | too_old | failing"
    used: bool
    proved_s_ago: float | None
    "Age of the last good test call."
    tried_s_ago: float | None
    p99_s: float
    "As its document says."
    p99_measured_s: float
    "By test calls; 0: none."
    problem: str
    "Of the last test call."
    through: tuple[ThroughView, ...] = ()
    "What test calls through the carrier say, of each method that it must follow."
    moved: tuple[WayView, ...] = ()
    "What became of callers who were moved by it; those not tried lately are absent."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeView:
    """One test call."""

    id: str
    path: str
    origin: str
    target: str
    state: str
    "reserving | calling | good | bad"
    steps: tuple[str, ...]
    problem: str
    took_s: float
    tried: bool
    "False: a site could not do it, and nothing was found out."


def path_views(
    active: ActivePolicy, now_s: float, places: Iterable[PlaceView] = ()
) -> tuple[PathView, ...]:
    """Every path of the network; `places`: what became of the callers who were moved."""
    paths, moved = active.all_paths(), dict[str, list[WayView]]()
    for place in places:
        if place.kind == PATH:
            path, _, method = place.name.rpartition(BY)
            moved.setdefault(path, []).append(_way(place, method))
    return tuple(
        replace(
            _view(path, paths, active.proofs, now_s),
            moved=tuple(moved.get(path.name, ())),
        )
        for path in paths
    )


def probe_views(probes: Iterable[Probe]) -> tuple[ProbeView, ...]:
    """Test calls under way, and the newest that ended."""
    return tuple(
        ProbeView(
            id=one.id,
            path=one.path,
            origin=one.origin,
            target=one.target,
            state=one.state,
            steps=tuple(one.steps),
            problem=one.problem,
            took_s=one.took_s,
            tried=one.tried,
        )
        for one in probes
    )


def _view(path: PathDoc, paths: tuple[PathDoc, ...], proofs: PathProofs, now_s: float) -> PathView:
    spec, proof = path.spec, proofs.of(path.name)
    same = [
        one
        for one in paths
        if (one.spec.from_site, one.spec.trunk_group, one.spec.to_site)
        == (spec.from_site, spec.trunk_group, spec.to_site)
    ]
    return PathView(
        path=path.name,
        from_site=spec.from_site,
        trunk_group=spec.trunk_group,
        to_site=spec.to_site,
        methods=spec.methods,
        address=spec.address,
        cost=spec.cost,
        state=_state(path, proofs),
        used=path in proofs.used(same),
        proved_s_ago=None if proof.good_at_s is None else now_s - proof.good_at_s,
        tried_s_ago=None if proof.tried_at_s is None else now_s - proof.tried_at_s,
        p99_s=spec.set_up_p99_s,
        p99_measured_s=proof.p99_s,
        problem=proof.problem,
        through=tuple(
            _through(path.name, method, proofs, now_s)
            for method in THROUGH
            if method in spec.methods and spec.acted_on_by != "site"
        ),
    )


def _through(path: str, method: str, proofs: PathProofs, now_s: float) -> ThroughView:
    name = proof_name(path, method)
    proof = proofs.of(name)
    state = "untried" if proof.tried_at_s is None else "too_old"
    if proofs.failing(name) or proof.problem:
        state = "failing" if proofs.failing(name) else "bad"
    elif proofs.young(name):
        state = "proved"
    return ThroughView(
        method=method,
        state=state,
        proved_s_ago=None if proof.good_at_s is None else now_s - proof.good_at_s,
        p99_measured_s=proof.p99_s,
        problem=proof.problem,
    )


def _way(place: PlaceView, method: str) -> WayView:
    return WayView(
        method=method,
        to_site=place.site,
        arrived_count=place.counts.get(ARRIVED, 0),
        failed_count=place.counts.get(FAILED, 0),
        phase=place.phase,
    )


def _state(path: PathDoc, proofs: PathProofs) -> str:
    if proofs.failing(path.name):
        return "failing"
    if path.spec.proven:
        return "vouched"
    if proofs.proved(path):
        return "proved"
    return "unproved" if proofs.of(path.name).good_at_s is None else "too_old"
