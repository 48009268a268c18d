"""Holds the traffic shifts in force, and says of a call whether one of them means it.

Rule of this file: what is in force follows from the controls and the time; nothing is sent or
decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from nirc.core.traffic_shift import RollBack, TrafficShift
from nrcli.wire.control_models import Control
from nrcli.wire.shift_models import ShiftParameters

SHIFT, DRAIN = "shift", "drain_site"


def shift_of(control: Control) -> TrafficShift:
    """The shift that a control of these kinds is."""
    given = control.parameters.shift or ShiftParameters()
    return TrafficShift(
        shift_id=control.id,
        from_site=control.target.name,
        to_site=given.to_site if control.kind == SHIFT else "",
        service=given.service,
        queue=given.queue,
        steps=tuple(percent / 100 for percent in given.steps),
        step_s=given.step_s,
        roll_back=RollBack(
            floor=given.floor,
            after_s=given.after_s,
            window_s=given.window_s,
            calls_min=given.calls_min,
        ),
    )


Standing = tuple[tuple[TrafficShift, float], ...]


class TrafficShifts:
    """Shifts by age. None is the usual case, and costs a decision nothing."""

    __slots__ = ("drained", "known_to", "standing")

    def __init__(self) -> None:
        self.standing: Standing = ()
        "With the instant on the wall at which it began, oldest first."
        self.known_to: set[str] = set()
        "Sites whose agents hold new callers back when they are told."
        self.drained: dict[str, str] = {}
        "Why no call is moved to a site; to look into."

    def put(self, controls: Iterable[Control]) -> None:
        """These controls are in force."""
        self.standing = tuple(
            (shift_of(one), one.began_unix_s) for one in controls if one.kind in (SHIFT, DRAIN)
        )
        self.drained = _drained(self.standing)

    def leave(self, given_up: Collection[str]) -> None:
        """These are over, though they are controls still."""
        if given_up:
            left = tuple(one for one in self.standing if one[0].shift_id not in given_up)
            self.standing = left
            self.drained = _drained(left)

    def meaning(
        self, site: str, service: str, queue: str, interaction_id: str, unix_s: float
    ) -> TrafficShift | None:
        """The oldest shift that means this caller."""
        for shift, began_unix_s in self.standing:
            if shift.covers(site, service, queue) and shift.means(
                interaction_id, unix_s - began_unix_s
            ):
                return shift
        return None


def _drained(standing: Standing) -> dict[str, str]:
    return {
        shift.from_site: f"drained by control {shift.shift_id}"
        for shift, _ in standing
        if shift.drains
    }
