"""What carriers do with moves while paths are broken: refuse, keep silent, come late.

Rule of this file: drawn by chance from the run's dice; nothing else here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from simulator.model.instants import US
from simulator.world.dice import Dice


class Way(Enum):
    """How one move goes."""

    WELL = "well"
    REFUSED = "refused"  # at once, and never begun
    NOWHERE = "nowhere"  # accepted, but the target is never called
    LATE = "late"  # the target is called long after
    MUTE = "mute"  # it goes well, and nobody says so


SHARES = (
    (Way.REFUSED, 0.2),
    (Way.NOWHERE, 0.15),
    (Way.LATE, 0.25),
    (Way.MUTE, 0.1),
)
LATE_S = (4.0, 14.0)
"Beyond the life of a reservation, now and then."


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """One move: how, and how much longer than it should take."""

    way: Way = Way.WELL
    more_us: int = 0


WELL = Going()


def drawn(dice: Dice) -> Going:
    """How a move goes on a broken path."""
    luck = dice.share("way")
    for way, share in SHARES:
        luck -= share
        if luck < 0:
            late_us = int(dice.between(*LATE_S, "late") * US) if way is Way.LATE else 0
            return Going(way=way, more_us=late_us)
    return WELL
