"""Finds out what has changed since the node was last looked at: the events of the live stream.

Rule of this file: pure. What only grows older has not changed: ages and times since are left out of
every comparison, and readers let them run on by themselves.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel

from nirc.core.view import EntryView, MoveView, RouterView, SiteView
from nirc.links.node_report import NodeReport, alarm_of, decision_of
from nirc.links.site_status import (
    agent_of_site,
    call_in_motion,
    queue_entry,
    queue_of_site,
    site_summary,
)
from nirc.telemetry.alarm_board import StandingAlarm
from nirc.telemetry.decision_log import LoggedDecision
from nrcli.wire.api_models import Status
from nrcli.wire.control_models import Control
from nrcli.wire.live_models import (
    GONE,
    KINDS,
    SKIPPED,
    SNAPSHOT_FIELDS,
    DocumentsState,
    Gone,
    Kind,
    Skipped,
)

INSIDE_A_SITE: tuple[Kind, ...] = ("queue", "agent")
STATUS_AGES: dict[str, Any] = {
    "up_s": True,
    "domains": {"__all__": {"since_s", "heard_s"}},
    "suspended": {"__all__": {"since_s", "next_probe_s"}},
}
SITE_AGES: dict[str, Any] = {
    "state_age_s": True,
    "tier_for_s": True,
    "outages": {"__all__": {"began_for_s", "lasted_s", "peer_plan_s", "local_only_s"}},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePicture:
    """All that live events are made of, at one moment."""

    view: RouterView
    status: Status
    alarms: tuple[StandingAlarm, ...]
    decisions_count: int
    "Made by this node since it started."
    decisions: tuple[LoggedDecision, ...]
    "The newest of them, oldest first; of a flood only so many as a stream carries."


def picture_of(report: NodeReport, decisions_max: int) -> NodePicture:
    """A node as it is now, with at most so many decisions."""
    log = report.sources.decisions
    return NodePicture(
        view=report.view(),
        status=report.status(),
        alarms=tuple(report.sources.alarms.standing()),
        decisions_count=log.added_count,
        decisions=tuple(log.find("", decisions_max)),
    )


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One change. `kind` is what readers choose by, `event` what it is called on the wire."""

    kind: Kind
    event: str
    data: BaseModel


@dataclass(frozen=True, slots=True)
class _Thing:
    """One resource: told again when `sign` differs from the one before."""

    key: str
    sign: object
    tell: Callable[[], BaseModel]


class LiveChanges:
    """What was told last, of everything."""

    def __init__(self) -> None:
        self._decisions_count: int | None = None
        self._signs: dict[Kind, dict[str, object]] = {kind: {} for kind in KINDS}
        self._of_site: dict[tuple[Kind, str], dict[str, object]] = {}
        self._versions: dict[str, tuple[int, int]] = {}

    def look(self, now: NodePicture) -> list[LiveEvent]:
        """What is new, other, or gone since the last look, by kind."""
        view = now.view
        events = self._compared("status", [_status(now.status)])
        events += self._compared("documents", [_documents(now.status)])
        events += self._compared("site", map(_site, view.sites))
        for site in view.sites:
            events += self._inside(site)
        for name in self._versions.keys() - {site.site for site in view.sites}:
            events += self._vanished(name)
        events += self._compared("call", map(_call, view.moves))
        events += self._compared("queue_entry", map(_entry, view.network_queue))
        events += self._compared("alarm", map(_alarm, now.alarms))
        events += self._compared("control", map(_control, view.controls))
        return events + self._decided(now)

    def _compared(self, kind: Kind, things: Iterable[_Thing]) -> list[LiveEvent]:
        before = self._signs[kind]
        events, self._signs[kind] = _differences(kind, before, things)
        return events

    def _inside(self, site: SiteView) -> list[LiveEvent]:
        """Queues and agents: looked at only where the site has said something new."""
        name, version = site.site, (site.incarnation, site.version)
        if self._versions.get(name) == version:
            return []
        self._versions[name] = version
        events = []
        for kind, things in zip(INSIDE_A_SITE, (_queues(site), _agents(site)), strict=True):
            before = self._of_site.get((kind, name), {})
            found, self._of_site[kind, name] = _differences(kind, before, things)
            events += found
        return events

    def _vanished(self, site: str) -> list[LiveEvent]:
        del self._versions[site]
        events = []
        for kind in INSIDE_A_SITE:
            events += _differences(kind, self._of_site.pop((kind, site), {}), ())[0]
        return events

    def _decided(self, now: NodePicture) -> list[LiveEvent]:
        """New decisions; of a flood the newest, and how many were left out."""
        count, known = now.decisions_count, self._decisions_count
        self._decisions_count = count
        if known is None or count == known:
            return []
        told = now.decisions[-(count - known) :]
        events = []
        if (left_out := count - known - len(told)) > 0:
            events.append(LiveEvent("decision", SKIPPED, Skipped(kind="decision", count=left_out)))
        node = now.view.node
        return events + [LiveEvent("decision", "decision", decision_of(one, node)) for one in told]


def snapshot_part(kind: Kind, now: NodePicture) -> bytes:
    """What a snapshot says of one kind: `"name":value` of a JSON object, in UTF-8."""
    name = SNAPSHOT_FIELDS[kind]
    match kind:
        case "status":
            return _named(name, now.status)
        case "documents":
            return _named(name, _documents(now.status).tell())
        case "site":
            things: Iterable[_Thing] = map(_site, now.view.sites)
        case "queue":
            things = (one for site in now.view.sites for one in _queues(site))
        case "agent":
            things = (one for site in now.view.sites for one in _agents(site))
        case "call":
            things = map(_call, now.view.moves)
        case "queue_entry":
            things = map(_entry, now.view.network_queue)
        case "alarm":
            things = map(_alarm, now.alarms)
        case "control":
            things = map(_control, now.view.controls)
        case "decision":
            return _listed(name, (decision_of(one, now.view.node) for one in now.decisions))
    return _listed(name, (thing.tell() for thing in things))


def _named(name: str, one: BaseModel) -> bytes:
    return f'"{name}":{one.model_dump_json()}'.encode()


def _listed(name: str, many: Iterable[BaseModel]) -> bytes:
    return f'"{name}":[{",".join(one.model_dump_json() for one in many)}]'.encode()


def _differences(
    kind: Kind, before: Mapping[str, object], things: Iterable[_Thing]
) -> tuple[list[LiveEvent], dict[str, object]]:
    events, signs = [], {}
    for thing in things:
        signs[thing.key] = thing.sign
        if before.get(thing.key) != thing.sign:
            events.append(LiveEvent(kind, kind, thing.tell()))
    for key in before:
        if key not in signs:
            events.append(LiveEvent(kind, GONE, Gone(kind=kind, key=key)))
    return events, signs


def _status(status: Status) -> _Thing:
    return _Thing("", status.model_dump(exclude=STATUS_AGES), lambda: status)


def _documents(status: Status) -> _Thing:
    state = DocumentsState(
        revision=status.documents_revision,
        problem=status.documents_problem,
        from_cache=status.documents_from_cache,
    )
    return _Thing("", state, lambda: state)


def _site(site: SiteView) -> _Thing:
    summary = site_summary(site)
    return _Thing(site.site, summary.model_dump(exclude=SITE_AGES), lambda: summary)


def _queues(site: SiteView) -> list[_Thing]:
    ages = dict(zip((one.queue for one in site.queues), site.queue_ages_s, strict=False))
    return [
        _Thing(
            f"{site.site}/{one.queue}",
            one,
            partial(queue_of_site, site.site, one, ages.get(one.queue)),
        )
        for one in site.queues
    ]


def _agents(site: SiteView) -> list[_Thing]:
    return [
        _Thing(f"{site.site}/{one.agent}", one, partial(agent_of_site, site.site, one))
        for one in site.agents
    ]


def _call(move: MoveView) -> _Thing:
    sign = (move.target_site, move.queue, move.agent, move.state)
    return _Thing(move.request_id, sign, partial(call_in_motion, move))


def _entry(entry: EntryView) -> _Thing:
    sign = (entry.position, entry.priority, entry.state, entry.attempts_count)
    return _Thing(entry.entry_id, sign, partial(queue_entry, entry))


def _alarm(alarm: StandingAlarm) -> _Thing:
    return _Thing(f"{alarm.code}/{alarm.place}", alarm, partial(alarm_of, alarm))


def _control(control: Control) -> _Thing:
    return _Thing(control.id, control, lambda: control)
