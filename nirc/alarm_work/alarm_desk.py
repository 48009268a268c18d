"""Looks at figures by the alarm rules, and keeps the board and the history in step with them.

Rule of this file: it reads the clock and the parts, asks the pure ones, and does what they say. Of
the network's alarms only the leader raises and clears; who leads next goes on with them.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nirc.alarms.figure_windows import Figures, Sample
from nirc.alarms.history import Row, left_behind, standing
from nirc.alarms.network_figures import LeaderChanges, network_figures
from nirc.alarms.notice_text import one_line
from nirc.alarms.rule_set import RuleSet
from nirc.alarms.rule_watch import Over, Raised
from nirc.core.view import DomainView, RouterView
from nirc.stores.alarm_store import AlarmStore
from nirc.telemetry.alarm_board import AlarmBoard, StandingAlarm
from nirc.telemetry.alarm_classes import AlarmClass, class_of
from nrcli.wire.alarm_advice import advice_for
from nrcli.wire.alarm_models import AlarmEvent, Happened
from nrcli.wire.messages import DOMAIN_FIRST
from nrcli.wire.words import NO_EPOCH
from routing_policies.alarm_figures import BY_NAME
from routing_policies.alarm_rules_in_use import AlarmRulesInUse, rules_in_use
from routing_policies.network_documents import NetworkDocuments

log = logging.getLogger(__name__)

SETTLE_S = 30.0
"After a start alarms of before may come again; those that have not by then are over."
AWAY_S = 60.0
"Alarms of a node that is away for so long are over: it will not say so."
RULE_FAILED = "alarm_rule_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSources:
    """Where the desk looks."""

    node: str
    view: Callable[[float], RouterView]
    documents: Callable[[], NetworkDocuments | None]
    own_figures: Callable[[], Figures]
    "Of this node beside its core."
    now_s: Callable[[], float]
    wall_unix_s: Callable[[], float]


class AlarmDesk:
    """One node's. `look` now and then; `run` does so until cancelled."""

    def __init__(
        self, sources: DeskSources, *, board: AlarmBoard, store: AlarmStore, look_s: float
    ) -> None:
        self._sources = sources
        self._board = board
        self._store = store
        self._look_s = look_s
        self._changes = LeaderChanges()
        self._documents: object = None
        self._began_s = sources.now_s()
        self._away_since_s: dict[str, float] = {}
        self._acknowledged_revision: int | None = None
        self._events_count = 0
        self.rules = RuleSet()
        self.in_use = AlarmRulesInUse()
        self.figures: Mapping[str, Mapping[str, Sample]] = {}
        "As they were at the last look."
        self.domain = DomainView(
            domain="", leader="", epoch=NO_EPOCH, leading_here=False, since_s=None
        )
        "The domain whose leader watches the network, as it was at the last look."
        self.peers: tuple[str, ...] = ()
        board.listen = self._happened
        board.class_of = self._class_of

    async def run(self) -> None:
        """Look now and then."""
        while True:
            try:
                self.look()
            except Exception as error:  # alarms must not end with the first mistake of ours
                log.exception("alarms could not be looked at")
                text = f"{type(error).__name__}: see the node's log"
                self._board.raise_alarm("fault", "alarm rules", text)
            await asyncio.sleep(self._look_s)

    def look(self) -> None:
        """At everything, once."""
        now_s = self._sources.now_s()
        view = self._sources.view(now_s)
        self.domain, self.peers = _first(view), view.peers
        documents = self._sources.documents()
        if documents is None and now_s - self._began_s < SETTLE_S:
            return  # they may say that a rule is off
        self._use(documents)
        rows = self._store.rows()
        self._lead(rows, now_s)
        self.figures = {
            **network_figures(view, documents, self._changes),
            **self._sources.own_figures(),
        }
        looked = self.rules.look(self.figures, now_s)
        for change in looked.changes:
            self._change(change)
        self._tell_failed(looked.failed)
        self._clear_left_behind(rows, now_s)
        self._spread_acknowledged(rows)

    # ---- rules ---------------------------------------------------------------------------------

    def _use(self, documents: NetworkDocuments | None) -> None:
        if documents is self._documents and self.in_use.rules:
            return
        self._documents = documents
        self.in_use = rules_in_use(documents.alarm_rules.values() if documents else ())
        for over in self.rules.use(one.rule for one in self.in_use.rules):
            self._board.clear(over.rule, over.place)

    def _lead(self, rows: list[Row], now_s: float) -> None:
        if not self.domain.leading_here:
            for over in self.rules.follow():
                self._board.hand_over(over.rule, over.place)
        elif self._store.is_listed and self._documents is not None:
            for name, place in self.rules.lead(_of_network(rows), now_s):
                event = next(
                    one
                    for one in standing(rows).values()
                    if one.network and (one.rule, one.place) == (name, place)
                )
                self._board.put(_standing(event), told=False)

    def _change(self, change: Raised | Over) -> None:
        if isinstance(change, Over):
            self._board.clear(change.rule, change.place)
            return
        watch = self.rules.watch_of(change.rule)
        assert watch is not None
        rule = watch.rule
        self._board.put(
            StandingAlarm(
                code=rule.name,
                place=change.place,
                text=change.text,
                since_unix_s=self._sources.wall_unix_s(),
                severity=change.severity,
                cause=rule.cause,
                advice=rule.advice,
                rule=rule.name,
                network=BY_NAME[rule.figure].leader_only,
            )
        )

    def _tell_failed(self, failed: Mapping[str, str]) -> None:
        for one in self._board.standing():
            if one.code == RULE_FAILED and one.place not in failed:
                self._board.clear(RULE_FAILED, one.place)
        for name, problem in failed.items():
            self._board.raise_alarm("alarm_rule_failed", name, problem)

    def _class_of(self, code: str) -> AlarmClass:
        found, severity = class_of(code), self.in_use.severities.get(code)
        return found if severity is None else AlarmClass(severity, found.cause)

    # ---- history -------------------------------------------------------------------------------

    def _happened(self, happened: Happened, alarm: StandingAlarm) -> None:
        now_unix_s = self._sources.wall_unix_s()
        self._events_count += 1
        self._store.add(
            AlarmEvent(
                id=f"{int(now_unix_s * 1000):013d}-{self._sources.node}-{self._events_count:06d}",
                at_unix_s=now_unix_s,
                node=self._sources.node,
                code=alarm.code,
                place=alarm.place,
                happened=happened,
                severity=alarm.severity,
                text=one_line(alarm.text),
                rule=alarm.rule,
                network=alarm.network,
                advice=alarm.advice or advice_for(alarm.code),
                who=alarm.acknowledged_by,
                reason=alarm.acknowledged_reason,
            )
        )

    def _clear_left_behind(self, rows: list[Row], now_s: float) -> None:
        """Says what nobody else will: that alarms of before a start, or of a node that is gone, do
        not stand any more."""
        owners = {event.node for event in standing(rows).values()}
        away = owners - {self._sources.node, *self.peers}
        self._away_since_s = {one: self._away_since_s.get(one, now_s) for one in away}
        if not self._store.is_listed or now_s - self._began_s < SETTLE_S:
            return
        gone = [one for one, since_s in self._away_since_s.items() if now_s - since_s >= AWAY_S]
        here = {(one.code, one.place) for one in self._board.standing()}
        leads = self.domain.leading_here and self._documents is not None
        now_unix_s = self._sources.wall_unix_s()
        for event in left_behind(rows, self._sources.node, here, gone, leads):
            self._events_count += 1
            number = f"{self._sources.node}-{self._events_count:06d}"
            update = {
                "id": f"{int(now_unix_s * 1000):013d}-{number}",
                "at_unix_s": now_unix_s,
                "happened": "cleared",
            }
            self._store.add(event.model_copy(update=update))

    def _spread_acknowledged(self, rows: list[Row]) -> None:
        """What was acknowledged at another node is acknowledged here."""
        seen = self._acknowledged_revision
        newest = max((row.revision or 0 for row in rows), default=0)
        self._acknowledged_revision = max(newest, seen or 0)
        for row in rows:
            event = row.event
            if event.happened != "acknowledged" or event.node == self._sources.node:
                continue
            known = self._board.find(event.code, event.place)
            new = seen is None or (row.revision or 0) > seen
            if new and known is not None and known.since_unix_s <= event.at_unix_s:
                self._board.acknowledge(
                    event.code, event.place, event.who, event.reason, told=False
                )


def _of_network(rows: list[Row]) -> list[tuple[str, str]]:
    return [(one.rule, one.place) for one in standing(rows).values() if one.network]


def _standing(event: AlarmEvent) -> StandingAlarm:
    return StandingAlarm(
        code=event.code,
        place=event.place,
        text=event.text,
        since_unix_s=event.at_unix_s,
        severity=event.severity,
        advice=event.advice,
        rule=event.rule,
        network=event.network,
    )


def _first(view: RouterView) -> DomainView:
    """The first domain: of its name, else by the alphabet."""
    named = [one for one in view.domains if one.domain == DOMAIN_FIRST]
    return (named or list(view.domains))[0]
