"""What test calls say of each path: proved when, how fast, or failing; and which paths are used.

Rule of this file: a path is used if its document vouches for it, or its last good test call is
young enough. Twice in a row bad takes it out until one is good again, but never the last way there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from nirc.core.settings import RouterSettings
from nrcli.wire.messages import ProvedPath
from routing_policies.document import PathDoc

TOOK_KEPT = 100
"Set-up times of a path that its 99th percentile is worked out of."
BAD_MAX = 2
THROUGH = ("redirect_302", "refer")
"Methods that a carrier must follow; to be tried through it."
BY = " by "
TO = " to "
SAME_S = 1.0
"Two nodes' clocks of one test call differ by less."


def proof_name(path: str, method: str = "") -> str:
    """What a test call proves: the path by a call of the origin's own, or, through the carrier, one
    of its methods. Also what nodes call it among themselves.

    >>> proof_name("lisbon-out"), proof_name("lisbon-out", "refer")
    ('lisbon-out', 'lisbon-out by refer')
    """
    return f"{path}{BY}{method}" if method else path


@dataclass(slots=True)
class PathProof:
    """One path's test calls."""

    good_at_s: float | None = None
    "The last good one."
    tried_at_s: float | None = None
    bad_count: int = 0
    "Bad ones in a row."
    problem: str = ""
    "Of the last one."
    took_s: deque[float] = field(default_factory=lambda: deque(maxlen=TOOK_KEPT))

    @property
    def p99_s(self) -> float:
        """99th percentile of the set-up times measured; 0: none."""
        ordered = sorted(self.took_s)
        return ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))] if ordered else 0.0


class PathProofs:
    """Proofs by path."""

    __slots__ = ("_found", "_now_s", "_settings")

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._found: dict[str, PathProof] = {}
        self._now_s = 0.0

    def of(self, path: str) -> PathProof:
        """What is known of a path; of an unknown one nothing."""
        return self._found.get(path) or PathProof()

    def good(self, path: str, took_s: float, now_s: float, to: str = "") -> None:
        """A test call went through; `to`: its target, of a path that leads to many."""
        if to and path + TO + to in self._found:
            self.good(path + TO + to, took_s, now_s)
        proof = self._found.setdefault(path, PathProof())
        proof.good_at_s = proof.tried_at_s = self._now_s = now_s
        proof.bad_count, proof.problem = 0, ""
        proof.took_s.append(took_s)

    def bad(self, path: str, problem: str, now_s: float, to: str = "") -> None:
        """A test call did not. With `to`, of a path that leads to many, it counts for that target
        alone."""
        proof = self._found.setdefault(path, PathProof())
        proof.tried_at_s = self._now_s = now_s
        proof.problem = f"to {to}: {problem}" if to else problem
        if to:
            self.bad(path + TO + to, problem, now_s)
        else:
            proof.bad_count += 1

    def untried(self, path: str, now_s: float) -> None:
        """A test call could not even begin; it is tried again in its turn."""
        self._found.setdefault(path, PathProof()).tried_at_s = now_s

    def keep(self, paths: Iterable[str]) -> None:
        """Forget all others."""
        names = set(paths)
        self._found = {
            name: proof
            for name, proof in self._found.items()
            if name.partition(BY)[0].partition(TO)[0] in names
        }

    def time(self, now_s: float) -> bool:
        """Time passes; true if a proof became too old by it."""
        before, self._now_s = self._now_s, now_s
        keep_s = self._settings.probe_keep_s
        good = [one.good_at_s for one in self._found.values() if one.good_at_s is not None]
        return any(before - at_s <= keep_s < now_s - at_s for at_s in good)

    def told(self, now_s: float) -> tuple[ProvedPath, ...]:
        """What other nodes are told."""
        found = self._found.items()
        tried = [name for name, proof in found if proof.tried_at_s is not None]
        return tuple(self.told_of(name, now_s) for name in tried)

    def told_of(self, name: str, now_s: float) -> ProvedPath:
        """What others are told of one that was tried."""
        proof = self.of(name)
        return ProvedPath(
            path=name,
            tried_for_s=now_s - (proof.tried_at_s or 0.0),
            good_for_s=0.0 if proof.good_at_s is None else now_s - proof.good_at_s,
            has_good=proof.good_at_s is not None,
            bad_count=proof.bad_count,
            problem=proof.problem,
            took_s=proof.p99_s,
        )

    def adopt(self, told: Iterable[ProvedPath], now_s: float) -> bool:
        """Another node says so; true if it knows something newer."""
        news = False
        for one in told:
            proof, tried_at_s = self.of(one.path), now_s - one.tried_for_s
            if proof.tried_at_s is not None and tried_at_s <= proof.tried_at_s + SAME_S:
                continue
            news = True
            self._now_s = max(self._now_s, now_s)
            kept = self._found[one.path] = PathProof(
                good_at_s=now_s - one.good_for_s if one.has_good else None,
                tried_at_s=tried_at_s,
                bad_count=one.bad_count,
                problem=one.problem,
            )
            if one.took_s:
                kept.took_s.append(one.took_s)
        return news

    def proved(self, path: PathDoc) -> bool:
        """Does its document vouch for it, or a good test call that is young enough?"""
        ways = [proof_name(path.name, method) for method in THROUGH if method in path.spec.methods]
        return path.spec.proven or any(map(self.young, (path.name, *ways)))

    def young(self, name: str) -> bool:
        """Was the last good test call of this path, or way, not too long ago?"""
        good_at_s = self.of(name).good_at_s
        return good_at_s is not None and self._now_s - good_at_s <= self._settings.probe_keep_s

    def proved_by(self, path: PathDoc, method: str) -> bool:
        """May calls be moved by this method? What was proved of the path holds for all of its
        methods, as long as nobody tries them through the carrier."""
        if path.spec.proven or self.young(path.name):
            return True
        return self.young(proof_name(path.name, method))

    def used(self, paths: list[PathDoc], to: str = "") -> list[PathDoc]:
        """Those of the paths to one target that may be used: bad ones only if there is no other."""
        proved = [path for path in paths if self.proved(path)]
        return [path for path in proved if not self.failing(path.name, to)] or proved

    def failing(self, path: str, to: str = "") -> bool:
        """Were its last test calls bad? With `to`, also those to that target alone."""
        return self._bad(path) or bool(to and self._bad(path + TO + to))

    def bad_targets(self) -> dict[str, dict[str, PathProof]]:
        """By path, or way, to many: the targets whose last test call was bad."""
        found: dict[str, dict[str, PathProof]] = {}
        for name, proof in self._found.items():
            path, to, target = name.partition(TO)
            if to and proof.bad_count:
                found.setdefault(path, {})[target] = proof
        return found

    def _bad(self, name: str) -> bool:
        return self.of(name).bad_count >= BAD_MAX
