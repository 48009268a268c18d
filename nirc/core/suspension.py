"""Follows one place from suspicion to trust: suspended, probed, returning, open.

Rule of this file: the phase changes only by `_sign`, which reads MOVES, or as a leader told it.
No dice: whether a call may go there follows from counts of the calls that could have.
"""

from __future__ import annotations

from enum import Enum

from nirc.core.settings import RouterSettings
from nrcli.wire.messages import SuspendedPlace

TALK = "talk"
TRANSFER = "transfer"
REFUSAL = "refusal"
CAUSES = (TALK, TRANSFER, REFUSAL)


class Phase(Enum):
    """What network routing may do with a place."""

    OPEN = "open"
    SUSPENDED = "suspended"
    "Gets probes alone."
    RETURNING = "returning"
    "Gets a growing share of its calls."


class Sign(Enum):
    """What was seen of a place."""

    HARMFUL = "harmful"
    PROBES_GOOD = "probes_good"
    RAMPED = "ramped"


MOVES: dict[tuple[Phase, Sign], Phase] = {
    (Phase.OPEN, Sign.HARMFUL): Phase.SUSPENDED,
    (Phase.OPEN, Sign.PROBES_GOOD): Phase.OPEN,
    (Phase.OPEN, Sign.RAMPED): Phase.OPEN,
    (Phase.SUSPENDED, Sign.HARMFUL): Phase.SUSPENDED,
    (Phase.SUSPENDED, Sign.PROBES_GOOD): Phase.RETURNING,
    (Phase.SUSPENDED, Sign.RAMPED): Phase.SUSPENDED,
    (Phase.RETURNING, Sign.HARMFUL): Phase.SUSPENDED,
    (Phase.RETURNING, Sign.PROBES_GOOD): Phase.RETURNING,
    (Phase.RETURNING, Sign.RAMPED): Phase.OPEN,
}
"Every pair is listed, so that a missing rule is a KeyError in tests and not a guess."


class Suspension:
    """How one place stands."""

    __slots__ = (
        "_next_probe_at_s",
        "_probe_until_s",
        "_settings",
        "_taken_count",
        "_wanted_count",
        "cause",
        "phase",
        "probes_failed_count",
        "probes_good_count",
        "reason",
        "since_s",
    )

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self.phase = Phase.OPEN
        self.cause = ""
        self.reason = ""
        self.since_s = 0.0
        "When the phase began."
        self.probes_good_count = 0
        self.probes_failed_count = 0
        "Of both: in a row."
        self._next_probe_at_s = 0.0
        self._probe_until_s = 0.0
        "A probe is under way until then at most; 0: none is."
        self._wanted_count = 0
        "Calls that could have gone there since the phase began."
        self._taken_count = 0
        "Those that were let through."

    # ---- may a call go there

    def wanted(self) -> None:
        """A call could go there, as far as all else is concerned."""
        self._wanted_count += 1

    def admits(self, now_s: float) -> bool:
        """May one more call go there now."""
        if self.phase is Phase.OPEN:
            return True
        if self.phase is Phase.RETURNING:
            return self._taken_count < self.share(now_s) * self._wanted_count
        if self._probe_until_s > now_s or now_s < self._next_probe_at_s:
            return False
        return self._taken_count + 1 <= self._settings.hole_probe_share * self._wanted_count

    def asked(self, now_s: float) -> None:
        """A call is about to go there."""
        self._taken_count += 1
        if self.phase is Phase.SUSPENDED:
            self._probe_until_s = now_s + self._settings.hole_probe_wait_s

    def share(self, now_s: float) -> float:
        """The share of its calls that it gets: 0 while suspended, growing while it returns."""
        if self.phase is not Phase.RETURNING:
            return float(self.phase is Phase.OPEN)
        steps = int((now_s - self.since_s) / self._settings.hole_return_step_s)
        return float(min(self._settings.hole_return_share * 2.0 ** min(steps, 60), 1.0))

    def next_probe_s(self, now_s: float) -> float:
        """Seconds to the next probe, as far as time alone decides."""
        return max(self._next_probe_at_s - now_s, 0.0)

    # ---- what is seen

    def suspend(self, cause: str, reason: str, now_s: float) -> None:
        """Its outcomes are bad."""
        again = self.phase is Phase.RETURNING
        self.cause, self.reason = cause, reason
        self._sign(Sign.HARMFUL, now_s)
        self.probes_good_count = 0
        self.probes_failed_count += again
        self._time_probe(now_s)

    def outcome(self, cause: str, bad: bool, now_s: float) -> None:
        """An outcome of a suspended place: of a probe, if one is under way."""
        if self.phase is not Phase.SUSPENDED or cause != self.cause or not self._probe_until_s:
            return
        self._probe_until_s = 0.0
        if bad:
            self.probes_good_count = 0
            self.probes_failed_count += 1
        else:
            self.probes_good_count += 1
            self.probes_failed_count = 0
        self._time_probe(now_s)
        if self.probes_good_count >= self._settings.hole_probes_good:
            self._sign(Sign.PROBES_GOOD, now_s)

    def tick(self, now_s: float) -> bool:
        """Looks at the time; True if the place has just become open."""
        if self._probe_until_s and self._probe_until_s <= now_s:
            self._probe_until_s = 0.0
        if self.phase is not Phase.RETURNING or self.share(now_s) < 1.0:
            return False
        self._sign(Sign.RAMPED, now_s)
        self.probes_good_count = self.probes_failed_count = 0
        return True

    # ---- between nodes

    def told(self, kind: str, site: str, name: str, now_s: float) -> SuspendedPlace:
        """For the other nodes."""
        return SuspendedPlace(
            kind=kind,
            site=site,
            name=name,
            cause=self.cause,
            reason=self.reason,
            returning=self.phase is Phase.RETURNING,
            since_s=now_s - self.since_s,
            probes_good_count=self.probes_good_count,
            probes_failed_count=self.probes_failed_count,
        )

    def adopt(self, told: SuspendedPlace, now_s: float) -> None:
        """As the leader says; what is counted since starts anew here."""
        phase = Phase.RETURNING if told.returning else Phase.SUSPENDED
        failed_before = self.probes_failed_count
        self.cause, self.reason = told.cause, told.reason
        self.probes_good_count = told.probes_good_count
        self.probes_failed_count = told.probes_failed_count
        self.since_s = now_s - told.since_s
        if phase is not self.phase or failed_before != told.probes_failed_count:
            self.phase = phase
            self._wanted_count = self._taken_count = 0
            self._time_probe(now_s)

    # ---- inner

    def _sign(self, sign: Sign, now_s: float) -> None:
        phase = MOVES[(self.phase, sign)]
        if phase is not self.phase:
            self.phase, self.since_s = phase, now_s
            self._wanted_count = self._taken_count = 0
            self._probe_until_s = 0.0

    def _time_probe(self, now_s: float) -> None:
        settings = self._settings
        wait_s = settings.hole_probe_every_s * 2.0 ** min(self.probes_failed_count, 20)
        self._next_probe_at_s = now_s + min(wait_s, settings.hole_probe_s_max)
