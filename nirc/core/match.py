"""Decides which entry of the network queue is offered which agent, and when.

Rule of this file: only the leader matches. An entry's own policy says who may serve it; here stands
whom it is asked about, in which order, and how often: bounded work for each report and each sweep.
At most one target is asked for an entry at a time, and an entry whose target did not take the call
stays where it was.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nirc.core.actions import Action
from nirc.core.choice import Choice
from nirc.core.match_notes import MatchNotes
from nirc.core.network_queue import RESTING, Entry, Group
from nirc.core.open_request import OpenRequest
from nirc.core.parts import Parts
from nirc.core.queue_fullness import QueueFullness
from nirc.core.queue_order import Merit, QueueOrder
from nirc.core.queue_positions import QueuePositions
from nirc.core.reservations import Reservations
from nirc.core.site_state import Change
from nirc.core.telling import say_failed
from nirc.core.view import EntryView
from nirc.core.ways import Ways
from nrcli.wire.messages import RouteOutcome

OWN_AGENT = "own agent"
"Why an origin needs nobody: the one reason that tells how long callers wait to be served."


@dataclass(slots=True)
class _Asked:
    """One bounded piece of work: which entries were asked about, how many per group."""

    left: int
    entries: set[str]
    groups: dict[int, int]


class Match:
    """Offers entries to agents."""

    __slots__ = (
        "_fresh",
        "_fullness",
        "_order",
        "_parts",
        "_positions",
        "_reservations",
        "_round",
        "notes",
    )

    def __init__(self, parts: Parts, reservations: Reservations) -> None:
        self._parts = parts
        self._reservations = reservations
        self._order = QueueOrder(parts.active, parts.settings)
        self._positions = QueuePositions(parts)
        self._fullness = QueueFullness(parts.queue, parts.alarms, parts.settings)
        self.notes = MatchNotes(parts.settings, parts.queue)
        self._fresh: deque[str] = deque(maxlen=parts.settings.queue_entries_max)
        "Entries that came or changed and were not looked at yet."
        self._round: deque[str] = deque()
        "Entries to be looked at before any is looked at again."
        reservations.offer_ended, reservations.offers_forgotten = self.ended, self.forget

    # ---- what happens

    def reported(
        self, site: str, changes: Iterable[Change], now_s: float, out: list[Action]
    ) -> None:
        """A site's state changed: entries come and go, agents get ready."""
        parts = self._parts
        changes = list(changes)
        found = parts.queue.changed(site, changes, now_s)
        self._withdraw_gone(now_s, out)
        if not parts.leadership.leading(now_s):
            return
        self._fresh.extend(entry.id for entry in found)
        if any(change.key[0] in ("queue", "agent") for change in changes):
            for row in self._rows_of(site):
                self.notes.resting.pop(row, None)
        work = self._work()
        if len(parts.queue) > len(found):
            self._offer_rows(self._rows_of(site), work, now_s, out)
        self._look_at(self._fresh, work, now_s, out)

    def cancelled(
        self, site: str, entry_id: str, reason: str, now_s: float, out: list[Action]
    ) -> None:
        """The origin says that an entry needs no agent any more; its state will say so, too."""
        entry = self._parts.queue.get(entry_id)
        if entry is None or entry.site != site:
            return
        if reason == OWN_AGENT:
            self._positions.served(entry, now_s)
        self._drop_open(entry_id, site, now_s, out)
        self.notes.withdrawn(entry_id, now_s)

    def asked_about(self, site: str, entry_id: str, now_s: float, out: list[Action]) -> None:
        """The origin asks about an entry itself: that question takes the place of any open here."""
        entry = self._parts.queue.get(entry_id)
        if entry is not None and entry.site == site:
            self._drop_open(entry_id, site, now_s, out)

    def ended(self, request: OpenRequest, token: str, now_s: float) -> None:
        """An offer made here ended: with a token the origin was told to move."""
        entry = self._parts.queue.get(request.request.entry_id)
        if token and entry is not None:
            self._positions.served(entry, now_s)
        self.notes.ended(request, token, now_s)
        word = "matched" if token else "unmatched"
        self._parts.statistics.count(f"network_queue.{word}")

    def forget(self, domain: str) -> None:
        """This node leads the domain no more: the next leader begins anew, with the same queue."""
        self.notes.forget(domain)
        self._fresh.clear()

    def sweep(self, now_s: float, out: list[Action]) -> None:
        """Safety net and slow round: agents nobody was offered, waits that relax a policy."""
        parts = self._parts
        self.notes.sweep(now_s)
        self._fullness.look(bool(parts.leadership.leading(now_s)), out)
        if not len(parts.queue) or not parts.leadership.leading(now_s):
            return
        work = self._work()
        lendable = parts.network.table.columns.lendable_count
        usable = [one for one in parts.queue.groups() if self._origin_usable(one, now_s)]
        rows = {r for one in usable for r in self._ways(one, now_s).rows if lendable[r] > 0}
        self._offer_rows(sorted(rows), work, now_s, out)
        if not self._round:
            self._round.extend(entry.id for entry in parts.queue)
        self._look_at(self._round, self._work(parts.settings.match_looks_max), now_s, out)
        self._positions.sweep(now_s, out)

    def views(self, now_s: float) -> tuple[EntryView, ...]:
        """The whole queue, for people."""
        queue = self._parts.queue
        return tuple(
            EntryView(
                entry_id=entry.id,
                interaction_id=entry.report.interaction_id,
                service=service,
                site=entry.site,
                queue=entry.report.queue,
                priority=entry.report.priority,
                waited_s=max(0.0, now_s - entry.since_s),
                position=number + 1,
                state=entry.report.callback_state
                if entry.group.callback == RESTING
                else self.notes.state(entry.id),
                kind="callback" if entry.group.callback else "call",
                attempts_count=entry.report.callback_attempts_count,
            )
            for service in sorted(queue.counts())
            for number, entry in enumerate(self._order.of_service(queue, service, now_s))
        )

    # ---- an agent looks for a call

    def _offer_rows(
        self, rows: Iterable[int], work: _Asked, now_s: float, out: list[Action]
    ) -> None:
        lendable = self._parts.network.table.columns.lendable_count
        for row in rows:
            while lendable[row] > 0 and row not in self.notes.resting and work.left > 0:
                entry = self._best(row, work, now_s)
                if entry is None:
                    break
                self._ask(entry, work, now_s, out)

    def _best(self, row: int, work: _Asked, now_s: float) -> Entry | None:
        """Who comes first for an agent of this row, of those not asked about yet. A group whose
        first callers could not have the agent lets the other groups go first."""
        site = self._parts.network.table.columns.site[row]
        best: tuple[int, Merit] | None = None
        for group in self._parts.queue.groups():
            ways = self._ways(group, now_s)
            k = ways.at.get(row)
            if k is None or not self._origin_usable(group, now_s):
                continue
            way_s = self._order.way_s(ways.cost[k], ways.set_up_s[k])
            place = next(
                (
                    p
                    for p in group.places
                    if p[1] not in work.entries and self.notes.free(p[1], site)
                ),
                None,
            )
            if place is not None:
                merit = self._order.merit(group, place, now_s, way_s=way_s)
                found = (work.groups.get(id(group), 0), merit)
                best = found if best is None else min(best, found)
        return self._parts.queue.get(best[1][-1]) if best else None

    def _ways(self, group: Group, now_s: float) -> Ways:
        """From the group's trunk to every queue that may serve it, whatever its state."""
        return self._parts.active.ways(group.site, group.question(), now_s)

    def _origin_usable(self, group: Group, now_s: float) -> bool:
        parts = self._parts
        if group.callback == RESTING:
            return False
        if parts.active.documents is None or not parts.leadership.leads(group.domain, now_s):
            return False
        return not parts.choice.unusable(group.domain, group.site)

    # ---- a call looks for an agent

    def _look_at(self, entries: deque[str], work: _Asked, now_s: float, out: list[Action]) -> None:
        while entries and work.left > 0:
            entry = self._parts.queue.get(entries.popleft())
            if entry is None or not self.notes.free(entry.id):
                continue
            if entry.id not in work.entries and self._origin_usable(entry.group, now_s):
                self._ask(entry, work, now_s, out, in_turn=True)

    def _ask(
        self,
        entry: Entry,
        work: _Asked,
        now_s: float,
        out: list[Action],
        *,
        in_turn: bool = False,
    ) -> None:
        """Asks the entry's policy; where it names somebody, they are reserved. `in_turn`: whoever
        comes before this entry for the same agent goes first."""
        if in_turn and (row := self._agents_row(entry, now_s)):
            self._offer_rows([row], work, now_s, out)
            if entry.id in work.entries:
                return
        work.left -= 1
        work.entries.add(entry.id)
        key = id(entry.group)
        choice = self._chosen(entry, now_s, out)
        if not choice.targets:
            work.groups[key] = work.groups.get(key, 0) + 1
            return
        request_id = self._parts.new_id()
        self.notes.open[entry.id] = request_id
        choice.outcome = RouteOutcome.NETWORK_QUEUE
        message = entry.request(request_id, now_s)
        message = replace(message, deadline_s=self._parts.settings.match_s)
        self._reservations.offer(entry.site, message, choice, now_s, out)

    def _agents_row(self, entry: Entry, now_s: float) -> int:
        """Where the entry's policy would find an agent now, or 0; nothing is remembered of it."""
        message = entry.request("", now_s, self.notes.paused(entry.id))
        targets = self._parts.choice.dry_run(entry.site, message, None, now_s).targets
        return targets[0].row if targets and targets[0].wants_agent else 0

    def _chosen(self, entry: Entry, now_s: float, out: list[Action]) -> Choice:
        parts = self._parts
        message = entry.request("", now_s, self.notes.paused(entry.id))
        choice = parts.choice.choose(entry.site, message, now_s)
        if choice.failed:
            say_failed(parts, choice, message, now_s, out)
        resting = self.notes.resting
        choice.targets = [
            target
            for target in choice.targets
            if target.row not in resting and (target.wants_agent or not message.callback)
        ]
        parts.statistics.count("network_queue.asked")
        return choice

    # ---- small things

    def _work(self, most: int = 0) -> _Asked:
        return _Asked(most or self._parts.settings.match_asked_max, set(), {})

    def _rows_of(self, site: str) -> list[int]:
        return self._parts.network.table.rows_of_site(site)

    def _withdraw_gone(self, now_s: float, out: list[Action]) -> None:
        """Calls that are served or gone need no target; a move that began is the origin's."""
        for _, request_id in self.notes.gone():
            self._reservations.drop("", request_id, now_s, out)

    def _drop_open(self, entry_id: str, site: str, now_s: float, out: list[Action]) -> None:
        request_id = self.notes.open.pop(entry_id, "")
        if request_id:
            self._reservations.drop(site, request_id, now_s, out)
