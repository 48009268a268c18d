"""What people may see of the paths: what they do, what proves them, and test calls under way.

Rule of this file: reading only; plain values that turn into JSON as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from nirc.core.active_policy import ActivePolicy
from nirc.core.hole_places import BY, PATH, PlaceView
from nirc.core.outcome_window import ARRIVED, FAILED
from nirc.core.path_proofs import BAD_MAX, THROUGH, PathProof, PathProofs, proof_name
from nirc.core.probes import Probe
from routing_policies.document import ANY_SITE, PathDoc


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
class TargetView:
    """One site that a path to many leads to, whose last test call was bad."""

    to_site: str
    method: str
    "Through the carrier, by this; empty: a call by the origin itself."
    state: str
    "failing | bad (once)"
    tried_s_ago: float
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
    bad_targets: tuple[TargetView, ...] = ()
    "Of a path to many: the sites to which the last test call was bad."


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
    sites = frozenset(active.documents.sites) if active.documents else frozenset[str]()
    known = _Known(paths, sites, active.proofs, active.proofs.bad_targets(), now_s)
    for place in places:
        if place.kind == PATH:
            path, _, method = place.name.rpartition(BY)
            moved.setdefault(path, []).append(_way(place, method))
    return tuple(
        replace(
            _view(path, known),
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


@dataclass(frozen=True, slots=True)
class _Known:
    """What every path is shown by."""

    paths: tuple[PathDoc, ...]
    sites: frozenset[str]
    proofs: PathProofs
    bad_targets: dict[str, dict[str, PathProof]]
    now_s: float

    def led_to(self, path: PathDoc) -> frozenset[str]:
        """The other sites, of a path to many."""
        return self.sites - {path.spec.from_site}

    def fails_for_all(self, path: PathDoc, name: str) -> bool:
        """Of a path to many: is there no site to which its test calls do not fail?"""
        sites = self.led_to(path) if path.spec.to_site == ANY_SITE else frozenset[str]()
        return bool(sites) and all(self.proofs.failing(name, site) for site in sites)

    def is_used(self, path: PathDoc) -> bool:
        """Are callers moved by it, to some site at least?"""
        spec = path.spec
        beside = [
            one
            for one in self.paths
            if (one.spec.from_site, one.spec.trunk_group) == (spec.from_site, spec.trunk_group)
        ]
        same = [one for one in beside if one.spec.to_site == spec.to_site]
        if not self.fails_for_all(path, path.name):
            return path in self.proofs.used(same)
        return any(
            path
            in self.proofs.used([p for p in beside if p.spec.to_site in (site, ANY_SITE)], site)
            for site in self.led_to(path)
        )


def _view(path: PathDoc, known: _Known) -> PathView:
    spec, proof, now_s = path.spec, known.proofs.of(path.name), known.now_s
    return PathView(
        path=path.name,
        from_site=spec.from_site,
        trunk_group=spec.trunk_group,
        to_site=spec.to_site,
        methods=spec.methods,
        address=spec.address,
        cost=spec.cost,
        state=_state(path, known),
        used=known.is_used(path),
        proved_s_ago=None if proof.good_at_s is None else now_s - proof.good_at_s,
        tried_s_ago=None if proof.tried_at_s is None else now_s - proof.tried_at_s,
        p99_s=spec.set_up_p99_s,
        p99_measured_s=proof.p99_s,
        problem=proof.problem,
        through=tuple(
            _through(path, method, known)
            for method in THROUGH
            if method in spec.methods and spec.acted_on_by != "site"
        ),
        bad_targets=tuple(
            _target(site, method, bad, known)
            for method in ("", *THROUGH)
            for site, bad in sorted(
                known.bad_targets.get(proof_name(path.name, method), {}).items()
            )
            if site in known.sites
        ),
    )


def _target(site: str, method: str, proof: PathProof, known: _Known) -> TargetView:
    return TargetView(
        to_site=site,
        method=method,
        state="failing" if proof.bad_count >= BAD_MAX else "bad",
        tried_s_ago=known.now_s - (proof.tried_at_s or 0.0),
        problem=proof.problem,
    )


def _through(path: PathDoc, method: str, known: _Known) -> ThroughView:
    name, proofs = proof_name(path.name, method), known.proofs
    proof = proofs.of(name)
    only_bad = proof.good_at_s is None and bool(known.bad_targets.get(name))
    state = "untried" if proof.tried_at_s is None else "too_old"
    if proofs.failing(name) or known.fails_for_all(path, name):
        state = "failing"
    elif proof.bad_count or only_bad:
        state = "bad"
    elif proofs.young(name):
        state = "proved"
    return ThroughView(
        method=method,
        state=state,
        proved_s_ago=None if proof.good_at_s is None else known.now_s - proof.good_at_s,
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


def _state(path: PathDoc, known: _Known) -> str:
    proofs = known.proofs
    if proofs.failing(path.name) or known.fails_for_all(path, path.name):
        return "failing"
    if path.spec.proven:
        return "vouched"
    if proofs.proved(path):
        return "proved"
    return "unproved" if proofs.of(path.name).good_at_s is None else "too_old"
