"""What every node is told of this site's state, and when.

Rule of this file: the state has one version number per incarnation, the same on all streams; a
delta for a node runs from the version it acknowledged (or was sent whole) to the newest, and its
checksum is of the whole. Durations are worked out when a message leaves and are never a change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from nrcli.wire.messages import (
    AgentReport,
    Entity,
    QueueReport,
    Removed,
    ReservationReport,
    SiteStanding,
    StateAck,
    StateDelta,
    StateSnapshot,
    WaitingCallReport,
    entity_hash,
)
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings
from site_agent.core.standing import Standing

Key = tuple[str, str]
"Kind and name of an entity."
Source = Callable[[str], "tuple[Entity, float | None] | None"]
"Gives the entity of a name, with the instant its duration counts from, or nothing if it is gone."
FLUSH_TIMER = "report"
AGAIN_TIMER = "report-again"
SNAPSHOT_TIMER = "snapshot"
_MODULUS = 1 << 64


class _Node:
    """What one node holds: `base` is acknowledged or was sent whole on this stream."""

    __slots__ = ("acked", "base", "sent")

    def __init__(self, version: int) -> None:
        self.base = version
        self.sent = version
        self.acked = -1


class ReportBuilder:
    """Entities with the version they last changed in, and what each node acknowledged."""

    __slots__ = (
        "_changed",
        "_checksum",
        "_entities",
        "_incarnation",
        "_nodes",
        "_out",
        "_removed",
        "_settings",
        "_sources",
        "_standing",
        "_standing_at",
        "_standing_due",
        "_timed",
        "_versions",
        "version",
    )

    def __init__(self, incarnation: int, settings: SiteSettings, out: Outbox) -> None:
        self.version = 0
        self._incarnation = incarnation
        self._settings = settings
        self._out = out
        self._sources: Mapping[str, Source] = {}
        self._changed: dict[Key, None] = {}
        self._entities: dict[Key, tuple[Entity, float | None, int]] = {}
        "Entity, instant of its duration, hash."
        self._versions: dict[Key, int] = {}
        "Version of the last change, oldest first: a change moves the key to the end."
        self._removed: dict[Key, int] = {}
        "Gone entities that a standing stream may not know of; with no stream there are none."
        self._checksum = 0
        self._nodes: dict[str, _Node] = {}
        self._timed = False
        self._standing: Standing | None = None
        self._standing_at = 0
        "Version in which it was last told anew."
        self._standing_due = False

    def join(self, sources: Mapping[str, Source], standing: Standing | None = None) -> None:
        """Name where entities of each kind come from; once, before the first event."""
        self._sources = sources
        self._standing = standing

    def stands_anew(self) -> None:
        """How the site stands changed: nodes are told with the next report."""
        self._standing_due = True

    def mark(self, kind: str, name: str) -> None:
        """An entity may have changed; it is looked at when the next report leaves."""
        self._changed[(kind, name)] = None

    def turn_ends(self, now_s: float) -> None:
        """At the end of a turn: time the next report, if there is anything to tell."""
        if (self._changed or self._standing_due) and not self._timed:
            self._timed = True
            self._out.start(FLUSH_TIMER, now_s + self._settings.coalesce_s)

    def flush(self, now_s: float) -> None:
        """Tell every node what it does not have yet."""
        self._timed = False
        self._apply()
        for node in self._nodes:
            if self._nodes[node].sent < self.version:
                self._send_delta(node, now_s)

    def again(self, now_s: float) -> None:
        """Repeat to nodes that did not acknowledge, and look again later."""
        for node, held in self._nodes.items():
            if held.acked < held.sent:
                if held.acked < 0:
                    self._send_snapshot(node, now_s)
                else:
                    self._send_delta(node, now_s)
        self._out.start(AGAIN_TIMER, now_s + self._settings.resend_state_s)

    def snapshot_due(self, now_s: float) -> None:
        """Every so often a node gets everything, whatever it acknowledged."""
        self._apply()
        for node in self._nodes:
            self._send_snapshot(node, now_s)
        self._forget_removed()
        self._out.start(SNAPSHOT_TIMER, now_s + self._settings.snapshot_every_s)

    def node_up(self, node: str, now_s: float) -> None:
        """A new stream: it starts with the whole state."""
        if not self._nodes:
            self._out.start(AGAIN_TIMER, now_s + self._settings.resend_state_s)
            self._out.start(SNAPSHOT_TIMER, now_s + self._settings.snapshot_every_s)
        self._apply()
        self._nodes[node] = _Node(self.version)
        self._send_snapshot(node, now_s)

    def node_down(self, node: str) -> None:
        """The stream ended; the next one starts anew."""
        self._nodes.pop(node, None)
        if not self._nodes:
            self._out.stop(AGAIN_TIMER)
            self._out.stop(SNAPSHOT_TIMER)
            self._removed.clear()

    def acknowledged(self, node: str, ack: StateAck) -> None:
        """A node holds our state at a version; older and foreign words change nothing."""
        held = self._nodes.get(node)
        if held is None or ack.incarnation != self._incarnation or ack.version > self.version:
            return
        held.acked = max(held.acked, ack.version)
        held.base = max(held.base, ack.version)
        self._forget_removed()

    def resync(self, node: str, now_s: float) -> None:
        """A node could not apply what it got: it gets everything."""
        if node in self._nodes:
            self._out.count("resyncs")
            self._apply()
            self._nodes[node].acked = -1
            self._send_snapshot(node, now_s)

    def _apply(self) -> None:
        """Look at what was marked; one new version if anything differs."""
        version, changed = self.version + 1, self._changed
        self._changed = {}
        for key in changed:
            kind, name = key
            if self._note(key, self._sources[kind](name), version):
                self.version = version
        if self._standing_due:
            self._standing_due = False
            self.version = self._standing_at = version

    def _standing_beyond(self, base: int, now_s: float) -> tuple[SiteStanding, ...]:
        """How the site stands, where a node that holds `base` does not know."""
        standing = self._standing
        if standing is None or (self._standing_at <= base and not standing.runs_on):
            return ()
        return (standing.told(now_s),)

    def _note(self, key: Key, found: tuple[Entity, float | None] | None, version: int) -> bool:
        old = self._entities.get(key)
        if found is None:
            if old is None:
                return False
            del self._entities[key], self._versions[key]
            self._checksum = (self._checksum - old[2]) % _MODULUS
            if self._nodes:
                self._removed[key] = version
            return True
        entity, at_s = found
        number = entity_hash(entity)
        self._entities[key] = (entity, at_s, number)
        if old is not None and old[2] == number and old[1] == at_s and not _differs(entity, old[0]):
            return False
        self._checksum = (self._checksum + number - (old[2] if old else 0)) % _MODULUS
        self._versions.pop(key, None)
        self._versions[key] = version
        self._removed.pop(key, None)
        return True

    def _send_snapshot(self, node: str, now_s: float) -> None:
        held = self._nodes[node]
        held.base = held.sent = self.version
        self._out.send(
            node,
            StateSnapshot(
                incarnation=self._incarnation,
                version=self.version,
                checksum=self._checksum,
                entities=tuple(self._timed_entity(key, now_s) for key in self._entities),
                standing=self._standing_beyond(-1, now_s),
            ),
        )

    def _send_delta(self, node: str, now_s: float) -> None:
        held = self._nodes[node]
        held.sent = self.version
        self._out.send(
            node,
            StateDelta(
                incarnation=self._incarnation,
                base_version=held.base,
                version=self.version,
                checksum=self._checksum,
                entities=tuple(self._timed_entity(key, now_s) for key in self._since(held.base)),
                removed=tuple(
                    Removed(kind=kind, name=name)
                    for (kind, name), version in self._removed.items()
                    if version > held.base
                ),
                standing=self._standing_beyond(held.base, now_s),
            ),
        )

    def _since(self, base: int) -> list[Key]:
        keys: list[Key] = []
        for key in reversed(self._versions):
            if self._versions[key] <= base:
                break
            keys.append(key)
        return keys[::-1]

    def _timed_entity(self, key: Key, now_s: float) -> Entity:
        entity, at_s, _ = self._entities[key]
        passed_s = 0.0 if at_s is None else max(0.0, now_s - at_s)
        match entity:
            case QueueReport():
                return (
                    entity
                    if entity.oldest_wait_s == passed_s
                    else replace(entity, oldest_wait_s=passed_s)
                )
            case AgentReport():
                return replace(entity, in_state_s=passed_s)
            case WaitingCallReport():
                return replace(entity, waited_s=passed_s)
            case ReservationReport():
                return replace(entity, expires_in_s=max(0.0, (at_s or now_s) - now_s))
            case _:
                return entity

    def _forget_removed(self) -> None:
        base = min((held.base for held in self._nodes.values()), default=self.version)
        for key in [key for key, version in self._removed.items() if version <= base]:
            del self._removed[key]


def _differs(entity: Entity, old: Entity) -> bool:
    """What the network queue needs of a waiting call is told when it changes, and not counted."""
    return isinstance(entity, WaitingCallReport) and entity != old
