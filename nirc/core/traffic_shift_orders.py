"""Orders sites to ask about the callers of a shift, follows how these are served, and gives up.

Rule of this file: only the leader orders, and goes on ordering; a site that is told no more lets
its callers in. A shift that is given up is over here at once, whether etcd knows it yet or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nirc.core.actions import Action, EndControl
from nirc.core.parts import Parts
from nirc.core.site_liveness import SiteLiveness
from nirc.core.site_state import Change
from nirc.core.traffic_shift import LevelWatch, TrafficShift
from nirc.core.traffic_shifts import DRAIN, SHIFT, shift_of
from nrcli.wire.messages import (
    DOMAIN_FIRST,
    NO_EPOCH,
    Epoch,
    QueueReport,
    ShiftOrder,
    ShiftOrders,
)
from nrcli.wire.shift_models import ShiftState

GIVEN_UP = "shift_given_up"
Told = tuple[Epoch, tuple[ShiftOrder, ...]]


class ShiftsOrdered:
    """What each site was told, and what is seen of each shift."""

    __slots__ = ("_again_at_s", "_given_up", "_liveness", "_parts", "_told", "_watches")

    def __init__(self, parts: Parts, liveness: SiteLiveness) -> None:
        self._parts = parts
        self._liveness = liveness
        self._told: dict[str, Told] = {}
        self._again_at_s = 0.0
        self._watches: dict[str, LevelWatch] = {}
        self._given_up: dict[str, str] = {}
        "Shifts that this node gave up, with the reason, until they are no control any more."

    # ---- what happens

    def link_up(self, site: str, takes: bool) -> None:
        """A site's stream stands: whatever it was told before, it may have lost."""
        known = self._parts.controls.shifts.known_to
        (known.add if takes else known.discard)(site)
        self._told.pop(site, None)

    def views(self, now_s: float) -> tuple[ShiftState, ...]:
        """How each shift goes, oldest first."""
        controls, unix_s = self._parts.controls, self._parts.active.hours.unix_s(now_s)
        found = []
        for one in controls.in_force:
            if one.kind not in (SHIFT, DRAIN):
                continue
            shift, since_s = shift_of(one), unix_s - one.began_unix_s
            watch = self._watches.get(one.id)
            found.append(
                ShiftState(
                    id=one.id,
                    from_site=shift.from_site,
                    to_site=shift.to_site,
                    service=shift.service,
                    queue=shift.queue,
                    share=shift.share(since_s),
                    next_step_s=shift.next_step_s(since_s),
                    floor=shift.roll_back.floor,
                    service_level=watch.level(now_s) if watch is not None else None,
                    ordered=shift.from_site in self._told,
                    given_up=self._given_up.get(one.id, ""),
                )
            )
        return tuple(found)

    def reported(self, site: str, changes: Iterable[Change], now_s: float) -> None:
        """A site told what changed: callers who left queues that shifts lead to are counted."""
        for shift, _ in self._parts.controls.shifts.standing if self._watches else ():
            watch = self._watches.get(shift.shift_id)
            if watch is None or not shift.goes_to(site):
                continue
            left, in_time = _served(changes, self._queues_of(shift))
            if left > 0:
                watch.heard(left, min(in_time, left), now_s)

    def sweep(self, now_s: float, out: list[Action]) -> None:
        """Give up what harms callers, and tell sites what they are to ask about."""
        parts = self._parts
        if not (parts.controls.shifts.standing or self._told or self._watches):
            return
        if not parts.leadership.leads(DOMAIN_FIRST, now_s):
            self._watches.clear()
            self._told.clear()
            return
        self._follow(now_s, out)
        self._order(now_s, out)

    # ---- inner

    def _follow(self, now_s: float, out: list[Action]) -> None:
        controls = self._parts.controls
        kept = {one.id for one in controls.in_force}
        self._given_up = {name: why for name, why in self._given_up.items() if name in kept}
        controls.give_up(self._given_up)
        standing = {shift.shift_id: shift for shift, _ in controls.shifts.standing}
        for name in [name for name in self._watches if name not in standing]:
            del self._watches[name]
        for name, shift in standing.items():
            watch = self._watches.get(name)
            if watch is None:
                watch = self._watches[name] = LevelWatch(shift.roll_back)
            if why := watch.fails(now_s):
                self._give_up(shift, why, now_s, out)
        controls.give_up(self._given_up)

    def _give_up(self, shift: TrafficShift, why: str, now_s: float, out: list[Action]) -> None:
        parts = self._parts
        self._given_up[shift.shift_id] = why
        text = f"calls go from {shift.from_site} as before: {why} (control {shift.shift_id})"
        parts.alarms.raise_event(GIVEN_UP, shift.from_site, text, now_s, out)
        parts.statistics.count("shifts.given_up")
        epoch = parts.leadership.epoch(DOMAIN_FIRST)
        out.append(
            EndControl(
                domain=DOMAIN_FIRST,
                epoch=epoch,
                control_id=shift.shift_id,
                reason=f"given up: {why}",
            )
        )

    def _order(self, now_s: float, out: list[Action]) -> None:
        parts, settings = self._parts, self._parts.settings
        again = now_s >= self._again_at_s
        if again:
            self._again_at_s = now_s + settings.shift_tell_s
        wanted: dict[str, list[ShiftOrder]] = {}
        unix_s = parts.active.hours.unix_s(now_s)
        for shift, began_unix_s in parts.controls.shifts.standing:
            share_percent = round(100 * shift.share(unix_s - began_unix_s))
            wanted.setdefault(shift.from_site, []).extend(self._orders(shift, share_percent))
        epoch = parts.leadership.epoch(DOMAIN_FIRST)
        for site in sorted({*wanted, *self._told} & parts.controls.shifts.known_to):
            orders = tuple(wanted.get(site, ()))
            if not again and self._told.get(site, (NO_EPOCH, ())) == (epoch, orders):
                continue
            message = ShiftOrders(
                domain=DOMAIN_FIRST, epoch=epoch, orders=orders, holds_s=settings.shift_holds_s
            )
            if not parts.leadership.command(DOMAIN_FIRST, site, message, now_s, out):
                continue
            self._told[site] = (epoch, orders)
            if not orders:
                del self._told[site]

    def _orders(self, shift: TrafficShift, share_percent: int) -> Iterator[ShiftOrder]:
        """One for each queue of the site whose callers are meant, if anybody can take them."""
        parts = self._parts
        if not any(shift.goes_to(site) for site in self._liveness.alive):
            return
        table = parts.network.table
        for row in table.rows_of_site(shift.from_site):
            queue = table.columns.queue[row]
            if shift.queue in ("", queue):
                yield ShiftOrder(
                    shift_id=shift.shift_id,
                    queue=queue,
                    service=shift.service,
                    share_percent=share_percent,
                )

    def _queues_of(self, shift: TrafficShift) -> set[str] | None:
        """Names of the queues that serve the shift's callers; None: any."""
        if not shift.service:
            return None
        columns = self._parts.network.table.columns
        rows = self._parts.active.rows(shift.service, "")
        return {columns.queue[row] for row in rows}


def _served(changes: Iterable[Change], queues: set[str] | None) -> tuple[int, int]:
    """How many callers more left these queues, and how many of them in time."""
    left = in_time = 0
    for change in changes:
        old, new = change.old, change.new
        if not isinstance(old, QueueReport) or not isinstance(new, QueueReport):
            continue
        if queues is not None and new.queue not in queues:
            continue
        if new.left_count >= old.left_count and new.in_time_count >= old.in_time_count:
            left += new.left_count - old.left_count
            in_time += new.in_time_count - old.in_time_count
    return left, in_time
