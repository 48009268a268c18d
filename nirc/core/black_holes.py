"""Finds black holes: paths, queues and agents whose outcomes harm the callers sent there.

Rule of this file: it hears what became of calls and reservations, and suspends; how a suspended
place comes back stands in `suspension`. Only a leader judges; what a leader suspended the other
nodes keep as it says. A site's own calls are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable

from nirc.core.actions import Action
from nirc.core.agent_table import AgentTable
from nirc.core.alarms import Alarms
from nirc.core.choice import Target
from nirc.core.hole_places import (
    AGENT,
    BY,
    CAUSE_OF,
    PATH,
    QUEUE,
    WORDS,
    Key,
    Place,
    PlaceView,
    keys_of,
    path_told,
    paths_gone,
    place_told,
    view_of,
    way_key,
)
from nirc.core.leadership import Leadership
from nirc.core.outcome_window import (
    ARRIVED,
    BAD,
    FAILED,
    GRANTED,
    LASTED,
    REFUSED,
    SHORT,
    UNANSWERED,
    UsualOutcomes,
)
from nirc.core.pair_outcomes import REQUEST_PENDING
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from nirc.core.site_state import Change
from nirc.core.statistics import Statistics
from nirc.core.suspension import REFUSAL, TALK, TRANSFER, Phase, Suspension
from nirc.core.talk_reports import talks_of
from nrcli.wire.messages import (
    KnownEpoch,
    MoveOutcome,
    ReserveRefusal,
    SuspendedPlace,
    TransferOutcome,
)

ALARM = "black_hole"
ALARM_MANY = "black_holes_many"
HARMLESS = (ReserveRefusal.OVERLOAD, ReserveRefusal.HOP_BUDGET, ReserveRefusal.NO_NUMBER)
"Refusals that say nothing about the place: a pool without numbers is one way there, not the queue."
TRANSFER_FAILED = frozenset(
    {
        MoveOutcome.REFUSED,
        MoveOutcome.BUSY,
        MoveOutcome.NO_ANSWER,
        MoveOutcome.ERROR,
        MoveOutcome.TIMEOUT,
        MoveOutcome.UNRESOLVED,
    }
)


class BlackHoles:
    """Outcomes by place, and the places that are not open."""

    __slots__ = (
        "_agents",
        "_alarms",
        "_leadership",
        "_paths_of",
        "_places",
        "_settings",
        "_statistics",
        "_table",
        "_usual",
        "standing",
    )

    def __init__(
        self,
        *,
        settings: RouterSettings,
        table: QueueTable,
        agents: AgentTable,
        leadership: Leadership,
        alarms: Alarms,
        statistics: Statistics,
    ) -> None:
        self._settings = settings
        self._table = table
        self._agents = agents
        self._leadership = leadership
        self._alarms = alarms
        self._statistics = statistics
        self._places: dict[Key, Place] = {}
        self._usual = UsualOutcomes(settings)
        self._paths_of: dict[str, tuple[str, dict[str, str]]] = {}
        "By token: the target, and the path of each method, in the order they are tried."
        self.standing: dict[Key, Suspension] = {}
        "Places that are not open; to look into."

    # ---- what is heard

    def reported(
        self, site: str, changes: Iterable[Change], now_s: float, out: list[Action]
    ) -> None:
        """A site's state moved on: how talks went, agents before queues."""
        for change in sorted(changes, key=_kind_of):
            kind, name = change.key
            if change.new is None and (kind, site, name) in self.standing:
                self._open((kind, site, name), out)
            talks = talks_of(site, change)
            if talks is None:
                continue
            if talks.usual_good or talks.usual_bad:
                usual = (talks.usual_good, talks.usual_bad)
                self._usual.add((TALK, talks.group), site, usual, now_s)
            for what in talks.outcomes(self._settings.hole_outcomes_max):
                self._outcome(talks.key, talks.group, what, now_s, out)

    def asked(self, target: Target, now_s: float) -> None:
        """A call is about to go there: a reservation is asked for."""
        if not self.standing:
            return
        for key, suspension in self.standing.items():
            if key[:2] == (AGENT, target.site):
                suspension.wanted()
        for key in keys_of(target):
            if suspended := self.standing.get(key):
                suspended.asked(now_s)

    def granted(self, target: Target, token: str, now_s: float, out: list[Action]) -> None:
        """A target granted what was asked, and the origin is told to move the call."""
        self._reserved(target, GRANTED, now_s, out)
        paths = {rung.method.value: rung.path for rung in target.ladder.rungs}
        self._paths_of[token] = (target.site, paths)
        if len(self._paths_of) > self._settings.moves_max:
            del self._paths_of[next(iter(self._paths_of))]

    def refused(
        self, target: Target, reason: ReserveRefusal | None, now_s: float, out: list[Action]
    ) -> None:
        """A target refused, or did not answer (no reason)."""
        if reason not in HARMLESS:
            self._reserved(target, REFUSED, now_s, out)

    def transferred(self, message: TransferOutcome, now_s: float, out: list[Action]) -> None:
        """An origin tells how a move ended: by the last path tried, those before it in vain."""
        site, paths = self._paths_of.pop(message.token, ("", {}))
        arrived = message.outcome is MoveOutcome.ARRIVED
        if message.method is None or not (arrived or message.outcome in TRANSFER_FAILED):
            return
        for method, path in paths.items():
            last = method == message.method.value
            if last and message.sip_status == REQUEST_PENDING:
                return
            what = ARRIVED if arrived and last else FAILED
            usual = (int(what == ARRIVED), int(what == FAILED))
            key = way_key(site, path, method)
            self._usual.add((TRANSFER, ""), path_told(key), usual, now_s)
            self._outcome(key, "", what, now_s, out)
            if last:
                return

    def sweep(self, now_s: float, out: list[Action]) -> None:
        """Lets what returns become open; the alarms stand where somebody leads."""
        leads = self._leads(now_s)
        for key, suspension in list(self.standing.items()):
            if not leads:
                self._alarms.clear(ALARM, place_told(key), out)
            elif suspension.tick(now_s):
                self._statistics.count("black_holes.returned")
                self._open(key, out)
            else:
                self._alarms.raise_(ALARM, place_told(key), suspension.reason, out)
                if key[0] == AGENT:
                    self._agents.suspend(key[1], key[2], suspended=not suspension.admits(now_s))

    # ---- between nodes

    def told(self, now_s: float) -> tuple[SuspendedPlace, ...]:
        """What the other nodes keep, should one of them lead next."""
        return tuple(one.told(*key, now_s) for key, one in self.standing.items())

    def adopt(
        self,
        leading: tuple[KnownEpoch, ...],
        told: tuple[SuspendedPlace, ...],
        now_s: float,
        out: list[Action],
    ) -> None:
        """Another node says what stands; believed of a leader, by a node that leads nothing."""
        if not leading or self._leads(now_s):
            return
        keys = {(o.kind, o.site, o.name): o for o in told if o.kind != PATH or BY in o.name}
        for key in [key for key in self.standing if key not in keys]:
            self._open(key, out)
        for key, one in keys.items():
            place = self._place(key, one.name if one.kind == QUEUE else "")
            if key not in self.standing:
                self._stand(key, place)
            place.suspension.adopt(one, now_s)

    # ---- what others ask

    def view(self, now_s: float) -> tuple[PlaceView, ...]:
        """Every queue and path with outcomes, and the agents that are not open."""
        return tuple(
            view_of(key, place, now_s)
            for key, place in sorted(self._places.items())
            if key[0] != AGENT or key in self.standing
        )

    # ---- inner

    def _leads(self, now_s: float) -> bool:
        return bool(self._leadership.leading(now_s))

    def _reserved(self, target: Target, what: str, now_s: float, out: list[Action]) -> None:
        usual = (int(what == GRANTED), int(what == REFUSED))
        self._usual.add((REFUSAL, target.queue), target.site, usual, now_s)
        self._outcome((QUEUE, target.site, target.queue), target.queue, what, now_s, out)

    def _place(self, key: Key, group: str) -> Place:
        place = self._places.get(key)
        if place is None:
            if len(self._places) >= self._settings.hole_places_max:
                self._forget_one()
            place = self._places[key] = Place(self._settings, group)
        elif group:
            place.group = group
        return place

    def _forget_one(self) -> None:
        """The table is full: of the places that are open, the one known longest goes."""
        del self._places[next(key for key in self._places if key not in self.standing)]

    def _outcome(self, key: Key, group: str, what: str, now_s: float, out: list[Action]) -> None:
        place, cause = self._place(key, group), CAUSE_OF[what]
        suspension = place.suspension
        if suspension.phase is Phase.SUSPENDED:
            if self._leads(now_s):
                suspension.outcome(cause, what in BAD, now_s)
            return
        window = place.windows[cause]
        window.add(what, now_s)
        if what not in BAD or not self._leads(now_s):
            return
        usual = self._usual_share(key, place, cause, now_s)
        relapse = suspension.phase is Phase.RETURNING and cause == suspension.cause
        seen = window.relapsed(usual) if relapse else window.harmful(usual)
        if seen is not None:
            words = WORDS[cause].format(bad=seen[0], count=seen[1])
            self._suspend(key, place, cause, f"{words} (usual: {usual:.0%})", now_s, out)

    def _usual_share(self, key: Key, place: Place, cause: str, now_s: float) -> float:
        """What is usual for others that do the same work."""
        settings, usual = self._settings, self._usual
        kind, site, _ = key
        if cause == TRANSFER:
            found = usual.elsewhere((TRANSFER, ""), path_told(key), now_s)
            return usual.share(found, settings.hole_failed_share_usual)
        if cause == REFUSAL:
            found = usual.elsewhere((REFUSAL, place.group), site, now_s)
            return usual.share(found, settings.hole_refused_share_usual)
        if kind == QUEUE:
            found = usual.elsewhere((TALK, place.group), site, now_s)
        else:
            good, bad = usual.elsewhere((TALK, place.group), "", now_s)
            own = place.windows[TALK].counts()
            found = (max(good - own[LASTED], 0), max(bad - own[SHORT] - own[UNANSWERED], 0))
        return usual.share(found, settings.hole_short_share_usual)

    def _too_many(self, key: Key) -> bool:
        """Would more than the allowed share be suspended? What all have in common is no hole."""
        kind, site, name = key
        if kind == QUEUE:
            alike_count = sum(1 for k in self.standing if k[0] == QUEUE and k[2] == name)
            all_count = len(self._table.rows_of_queue(name))
        elif kind == AGENT:
            alike_count = sum(1 for k in self.standing if k[:2] == (AGENT, site))
            all_count = self._agents.count_of(site)
        else:
            alike_count, all_count = paths_gone(self._places, self.standing, key)
            if alike_count < 0:
                return False
        return alike_count + 1 > self._settings.hole_places_share_max * all_count

    def _suspend(  # noqa: PLR0917 - one act, told whole
        self, key: Key, place: Place, cause: str, reason: str, now_s: float, out: list[Action]
    ) -> None:
        if key not in self.standing and self._too_many(key):
            self._statistics.count("black_holes.not_suspended")
            text = f"{reason}; not suspended, for too many like it are: look for what they share"
            self._alarms.raise_event(ALARM_MANY, place_told(key), text, now_s, out)
            return
        self._statistics.count(f"black_holes.suspended.{key[0]}")
        queue = self._places.get((QUEUE, key[1], place.group))
        if key[0] == AGENT and queue is not None:
            own = place.windows[TALK].counts()
            queue.windows[TALK].take_off(own[SHORT] + own[UNANSWERED])
        place.suspension.suspend(cause, reason, now_s)
        self._stand(key, place)
        self._alarms.raise_(ALARM, place_told(key), reason, out)

    def _stand(self, key: Key, place: Place) -> None:
        """The place is not open from here on; what was seen of it is dealt with."""
        self.standing[key] = place.suspension
        place.clear()
        if key[0] == AGENT:
            self._agents.suspend(key[1], key[2], suspended=True)

    def _open(self, key: Key, out: list[Action]) -> None:
        """Open as if nothing had been."""
        self._alarms.clear(ALARM, place_told(key), out)
        del self.standing[key]
        place = self._places[key]
        place.suspension = Suspension(self._settings)
        place.clear()
        if key[0] == AGENT:
            self._agents.suspend(key[1], key[2], suspended=False)


def _kind_of(change: Change) -> str:
    return change.key[0]
