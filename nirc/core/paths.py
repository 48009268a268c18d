"""Decides by which methods a call may be moved: the ladder of rungs for one origin and target.

Rule of this file: only proven paths; before the answer 302, after it REFER, then bridge, then
translation route; a 302 only where the second Contact is followed. One call is lent one number, so
rungs by number all arrive on one trunk group of the target, and only where it owns a pool.
A ladder depends on the documents alone, so each is worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from nirc.core.path_proofs import PathProofs, proof_name
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import ChannelClaim, FailedWay, Rung, TransferMethod
from routing_policies.document import ANY_SITE, PathDoc
from routing_policies.kinds import NumberPoolDoc
from routing_policies.path_problems import AT_TRUNK, by_number, serves

LAST_RUNGS = (TransferMethod.BRIDGE, TransferMethod.TRANSLATION_ROUTE)
BEFORE_ANSWER = (TransferMethod.REDIRECT_302, *LAST_RUNGS)
AFTER_ANSWER = (TransferMethod.REFER, *LAST_RUNGS)
ALL_FAILED = "every way there failed this call just now"
CALLBACK = "(callback)"
"""Stands for the trunk group of a caller who is called back: nothing is moved, whoever takes them
dials. No document can name it."""
CLIENT = "("
"""How the origin of a call begins that no site has yet: its edge's name in brackets. The edge
itself delivers the call, so no path is needed, only a channel of the trunk group it comes in on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The methods to try, in order, with what the target must keep free for them."""

    rungs: tuple[Rung, ...]
    methods: tuple[TransferMethod, ...]
    claims: tuple[ChannelClaim, ...]
    expires_s: float
    place_only: bool
    "Even the fastest way is too long to hold an agent."
    missing: str = ""
    "Why there is no rung, when there is none."
    set_up_p99_s: float = 0.0
    "Of the fastest rung."
    cost: float = 0.0
    "Of the rung tried first."
    origin_channels: int = 0
    "Least that any rung needs free at the origin."
    number_on: str = ""
    "Trunk group of the target at which the lent number arrives; empty: no rung moves by number."


class _Built(dict[str, Ladder]):
    """Ladders by target; one that is missing is built."""

    __slots__ = ("_build",)

    def __init__(self, build: Callable[[str], Ladder]) -> None:
        super().__init__()
        self._build = build

    def __missing__(self, target: str) -> Ladder:
        ladder = self[target] = self._build(target)
        return ladder


class PathTable:
    """Ladders by origin, trunk group, target, and whether the call is answered."""

    __slots__ = ("_callback", "_ladders", "_off", "_paths", "_pools", "_proofs", "_settings")

    def __init__(
        self,
        settings: RouterSettings,
        paths: Iterable[PathDoc] = (),
        pools: Iterable[NumberPoolDoc] = (),
        proofs: PathProofs | None = None,
        off: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`off`: paths that no call takes, and why."""
        self._settings = settings
        self._off = off
        self._pools = tuple(pools)
        self._proofs = proofs or PathProofs(settings)
        self._paths: dict[tuple[str, str], list[PathDoc]] = {}
        for path in paths:
            key = (path.spec.from_site, path.spec.trunk_group)
            self._paths.setdefault(key, []).append(path)
        self._ladders: dict[tuple[str, str, bool], _Built] = {}
        self._callback = Ladder(
            rungs=(),
            methods=(),
            claims=(),
            expires_s=settings.callback_expires_s,
            place_only=False,
        )

    def ladder(self, origin: str, trunk_group: str, target: str, answered: bool) -> Ladder:
        """The ladder for one move; `missing` says why where there is none."""
        return self.ladders(origin, trunk_group, answered)[target]

    def ladders(self, origin: str, trunk_group: str, answered: bool) -> Mapping[str, Ladder]:
        """The ladders from an origin's trunk group, by target; each is built when asked for."""
        if origin.startswith(CLIENT):
            return _Built(partial(_asked_before, self._settings, trunk_group))
        if trunk_group == CALLBACK:
            return _Built(lambda _target: self._callback)
        paths = self._paths.get((origin, trunk_group))
        if paths is None:
            none = _none(f"no path leads from {origin} trunk group {trunk_group or '(none)'}")
            return _Built(lambda _target: none)
        key = (origin, trunk_group, answered)
        ladders = self._ladders.get(key)
        if ladders is None:
            ladders = self._ladders[key] = _Built(partial(self._build, paths, answered))
        return ladders

    def proofs_changed(self) -> None:
        """What test calls say is another now."""
        self._ladders.clear()

    def _build(self, paths: list[PathDoc], answered: bool, target: str) -> Ladder:
        leading = [path for path in paths if path.spec.to_site in (target, ANY_SITE)]
        if not leading:
            return _none("no path leads there")
        on = [path for path in leading if path.name not in self._off]
        if not on:
            return _none(f"path {leading[0].name} is off: {self._off[leading[0].name]}")
        proven = self._proofs.used(on, target)
        if not proven:
            return _none("no path there is proven")
        proven.sort(key=lambda p: (p.spec.to_site == ANY_SITE, p.spec.set_up_p99_s, p.name))
        usable = [path for path in proven if self._has_numbers(path, target)]
        if not usable:
            return _none("no path there: it moves by number, and there is no number pool")
        chosen = self._chosen(usable, target, answered) or self._chosen(
            usable, target, answered, failing=True
        )
        if not chosen:
            return _none(f"no path there works {'after' if answered else 'before'} the answer")
        return self._of(chosen)

    def _chosen(
        self, usable: list[PathDoc], target: str, answered: bool, *, failing: bool = False
    ) -> list[tuple[TransferMethod, PathDoc]]:
        """A path for each method; what failed through the carrier only if nothing else is left."""
        chosen: list[tuple[TransferMethod, PathDoc]] = []
        for method in AFTER_ANSWER if answered else BEFORE_ANSWER:
            number_on = _number_on(chosen)
            for path in usable:
                bad = self._proofs.failing(proof_name(path.name, method.value), target)
                known = self._proofs.proved_by(path, method.value) and (failing or not bad)
                if known and _allows(path, method) and _fits(path, number_on):
                    chosen.append((method, path))
                    break
        return chosen

    def _has_numbers(self, path: PathDoc, target: str) -> bool:
        """Is it a path by token, or does its target own numbers that it can lend?"""
        on = path.spec.arrives_on
        return not by_number(path) or any(serves(pool, target, on) for pool in self._pools)

    def _of(self, chosen: list[tuple[TransferMethod, PathDoc]]) -> Ladder:
        counts: dict[str, int] = {}
        for _, path in chosen:
            name = path.spec.arrives_on
            counts[name] = max(counts.get(name, 0), path.spec.target_channels)
        set_ups_s = [path.spec.set_up_p99_s for _, path in chosen]
        settings = self._settings
        rungs = tuple(rung_of(method, path) for method, path in chosen)
        return Ladder(
            rungs=rungs,
            methods=tuple(method for method, _ in chosen),
            claims=tuple(ChannelClaim(trunk_group=n, count=c) for n, c in counts.items()),
            expires_s=max(settings.expires_s_min, settings.expires_p99_factor * max(set_ups_s)),
            place_only=min(set_ups_s) > settings.place_above_s,
            set_up_p99_s=min(set_ups_s),
            cost=chosen[0][1].spec.cost,
            origin_channels=least_at_home(rungs),
            number_on=_number_on(chosen),
        )


def _asked_before(settings: RouterSettings, trunk_group: str, _target: str) -> Ladder:
    return Ladder(
        rungs=(),
        methods=(),
        claims=(ChannelClaim(trunk_group=trunk_group, count=1),),
        expires_s=settings.pre_route_expected_s,
        place_only=False,
    )


def least_at_home(rungs: tuple[Rung, ...]) -> int:
    """Free channels at the origin without which none of the rungs can be tried there."""
    return min((rung.origin_channels for rung in rungs), default=0)


def _allows(path: PathDoc, method: TransferMethod) -> bool:
    """A 302 cannot be taken back: only where a second Contact is tried (RFC 3261 8.1.3.4)."""
    if method is TransferMethod.REDIRECT_302 and not path.spec.follows_contacts:
        return False
    return method.value in path.spec.methods


def _number_on(chosen: list[tuple[TransferMethod, PathDoc]]) -> str:
    """The trunk group at which the lent number arrives, as the rungs so far have it."""
    return next((path.spec.arrives_on for _, path in chosen if by_number(path)), "")


def _fits(path: PathDoc, number_on: str) -> bool:
    """Can its rung go with the same number as those before it?"""
    return not by_number(path) or number_on in ("", path.spec.arrives_on)


def rung_of(method: TransferMethod, path: PathDoc) -> Rung:
    """The rung of one method over one path."""
    spec = path.spec
    bridge, number = method in LAST_RUNGS, by_number(path)
    return Rung(
        method=method,
        path=path.name,
        arrives_on="" if number else spec.arrives_on,
        number_on=spec.arrives_on if number else "",
        at_trunk=spec.address == AT_TRUNK,
        trunk_domain=spec.trunk_domain or "",
        set_up_p99_s=spec.set_up_p99_s,
        origin_channels=max(spec.origin_channels, 1) if bridge else spec.origin_channels,
        follows_contacts=spec.follows_contacts and method is TransferMethod.REDIRECT_302,
    )


def with_rungs(ladder: Ladder, rungs: tuple[Rung, ...]) -> Ladder:
    """The ladder with some of its rungs only. What it claims at the target stays."""
    return replace(
        ladder,
        rungs=rungs,
        methods=tuple(rung.method for rung in rungs),
        origin_channels=least_at_home(rungs),
    )


def without_failed(ladder: Ladder, failed: tuple[FailedWay, ...]) -> Ladder:
    """The ladder for a call that could not be moved by these ways."""
    rungs = tuple(
        rung for rung in ladder.rungs if FailedWay(path=rung.path, method=rung.method) not in failed
    )
    if len(rungs) == len(ladder.rungs):
        return ladder
    left = with_rungs(ladder, rungs)
    return left if rungs else replace(left, missing=ALL_FAILED)


def _none(missing: str) -> Ladder:
    return Ladder(rungs=(), methods=(), claims=(), expires_s=0.0, place_only=False, missing=missing)
