"""Knows how many channels are left on every site's trunk groups: reported, less what is withheld.

Rule of this file: what a move needs at its origin is withheld from the question to its target on.
It is given back at once if no target holds anything; once the origin was told to move, when it
reports another number of free channels there, and runs out in any case. A group that was never
reported has no number, and rules nothing out at home.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from nrcli.wire.messages import ChannelClaim, TrunkReport

Group = tuple[str, str]
"(site, trunk group)"


@dataclass(slots=True)
class _Move:
    """What one move will need at its origin."""

    group: Group
    count: int
    domain: str
    until_s: float


class Channels:
    """Channels by (site, trunk group), and the moves that will take some at home, by request."""

    __slots__ = ("_moves", "_reported", "_told", "_withheld", "left")

    def __init__(self) -> None:
        self._reported: dict[Group, int] = {}
        "Free ones; what is withheld is not taken off."
        self._withheld: dict[Group, int] = {}
        self._moves: dict[str, _Move] = {}
        self._told: dict[Group, set[str]] = {}
        "Moves that their origin was told of since it last reported another number."
        self.left: dict[Group, int] = {}
        "Free ones, with what is withheld taken off; to look into."

    def report(self, group: Group, trunk: TrunkReport | None) -> None:
        """A site said this of a trunk group; without one it has it no more."""
        if trunk is None:
            self._reported.pop(group, None)
        elif (free := _free_count(trunk)) != self._reported.get(group):
            self._reported[group] = free
            for request_id in self._told.pop(group, ()):
                self.drop(request_id)
        self._count(group)

    def withhold(self, group: Group, count: int) -> None:
        """So many more are withheld; below 0 they are given back."""
        withheld = self._withheld.get(group, 0) + count
        if withheld:
            self._withheld[group] = withheld
        else:
            self._withheld.pop(group, None)
        self._count(group)

    def lacking(self, site: str, claims: tuple[ChannelClaim, ...]) -> str:
        """Empty if a target's trunk groups have what is claimed, else what is missing."""
        for claim in claims:
            left = self.left.get((site, claim.trunk_group))
            if left is None:
                return f"has no trunk group {claim.trunk_group}"
            if left < claim.count and claim.count:
                return f"no free channel on {claim.trunk_group}"
        return ""

    # ---- at the origin

    def left_at_home(self, group: Group) -> float:
        """How many a move may need where the call is; no bound where nothing is known."""
        left = self.left.get(group)
        return inf if left is None else max(left, 0)

    def lacking_at_home(self, group: Group, count: int) -> str:
        """Empty if a move that needs so many where the call is may begin there, else why not."""
        return no_channel_at_home(group) if count > self.left_at_home(group) else ""

    def expect(
        self, request_id: str, group: Group, count: int, *, domain: str, until_s: float
    ) -> None:
        """A target is asked for a call of this group, whose move needs so many at home."""
        if count and request_id not in self._moves:
            self._moves[request_id] = _Move(group, count, domain, until_s)
            self.withhold(group, count)

    def told(self, request_id: str, until_s: float) -> None:
        """The origin was told to move the call: the next other number counts what that takes."""
        move = self._moves.get(request_id)
        if move is not None:
            move.until_s = until_s
            self._told.setdefault(move.group, set()).add(request_id)

    def drop(self, request_id: str) -> None:
        """Gives back what a move would have needed at home; nothing happens if it was nothing."""
        move = self._moves.pop(request_id, None)
        if move is not None:
            self._told.get(move.group, set()).discard(request_id)
            self.withhold(move.group, -move.count)

    def forget(self, domain: str) -> None:
        """This node leads the domain no more."""
        for request_id in [k for k, move in self._moves.items() if move.domain == domain]:
            self.drop(request_id)

    def sweep(self, now_s: float) -> None:
        """Gives back what ran out."""
        for request_id in [k for k, move in self._moves.items() if move.until_s <= now_s]:
            self.drop(request_id)

    def _count(self, group: Group) -> None:
        free = self._reported.get(group)
        if free is None:
            self.left.pop(group, None)
        else:
            self.left[group] = free - self._withheld.get(group, 0)


def no_channel_at_home(group: Group) -> str:
    """Why a call cannot be moved from here, for a person."""
    site, trunk_group = group
    return f"no free channel on {trunk_group} at {site}, where the call is"


def _free_count(trunk: TrunkReport) -> int:
    used = trunk.channels_used_count + trunk.channels_reserved_count + trunk.min_free
    return trunk.channels_max - used
