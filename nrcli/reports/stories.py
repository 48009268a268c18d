"""Joins a caller's stays at one site after another to the story of one call.

Rule of this file: a token joins, for it is given once and for one move; what has lost its other
half stays as it is, and the balance names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nrcli.reports.facts import End, Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A call as the network sees it: its stays, first to last."""

    stays: tuple[Stay, ...]

    @property
    def first(self) -> Stay:
        """Where the caller entered."""
        return self.stays[0]

    @property
    def last(self) -> Stay:
        """Where what became of the caller was decided."""
        return self.stays[-1]


class Stories:
    """Every stay with the one before and the one after it.

    A bridge holds the leg at the origin while the caller talks elsewhere: the stay there ended when
    the one at the target began, not with the leg.
    """

    __slots__ = ("_came_by", "_left_by", "stays")

    def __init__(self, stays: Iterable[Stay]) -> None:
        told = once(stays)
        self._came_by = {one.token: one for one in told if one.moved_in and one.token}
        self.stays: tuple[Stay, ...] = tuple(self._until_moved(one) for one in told)
        self._came_by = {one.token: one for one in self.stays if one.moved_in and one.token}
        self._left_by = {one.left_token: one for one in self.stays if _left(one)}

    def _until_moved(self, one: Stay) -> Stay:
        after = self.after(one)
        if after is None or after.offered_us >= one.decided_us:
            return one
        decided_us = max(after.offered_us, one.offered_us)
        waited_us = max(one.waited_us - (one.decided_us - decided_us), 0)
        return replace(one, decided_us=decided_us, waited_us=waited_us)

    def after(self, one: Stay) -> Stay | None:
        """The stay that it was moved to; None: it was not, or no record tells."""
        return self._came_by.get(one.left_token) if _left(one) else None

    def before(self, one: Stay) -> Stay | None:
        """The stay that it was moved from; None: it was not, or no record tells."""
        return self._left_by.get(one.token) if one.moved_in and one.token else None

    def whole(self) -> Iterable[Story]:
        """Every story once, from its first stay on."""
        for one in self.stays:
            if self.before(one) is None:
                yield Story(stays=tuple(self._from(one)))

    def _from(self, one: Stay | None) -> Iterable[Stay]:
        # A token joins two stays, and a stay has one of each: a chain cannot come back to itself,
        # since its first stay has none before.
        while one is not None:
            yield one
            one = self.after(one)


def _left(one: Stay) -> bool:
    return one.end is End.MOVED_OUT and one.left_token != ""


def once(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Each stay once, in an order that does not depend on that in which records were read.

    A record may be told twice where a writer died between writing it and saying so.
    """
    found: Mapping[object, Stay] = {(one.leg_id or one): one for one in sorted(stays, key=_order)}
    return tuple(found.values())


def _order(one: Stay) -> tuple[object, ...]:
    return one.offered_us, one.site, one.leg_id, one.interaction_id, one.decided_us, one.end.value


def with_thresholds(stays: Iterable[Stay], by_service_us: Mapping[str, int]) -> tuple[Stay, ...]:
    """The same stays, with the thresholds of these services instead of what records tell."""
    return tuple(
        replace(one, threshold_us=by_service_us[one.service])
        if one.service in by_service_us
        else one
        for one in stays
    )
