"""Judges what a site says about its state: is it newer, does it follow, is it whole.

Rule of this file: a site's entities change only here, all of a report or nothing of it, and never
go back: neither to a lower incarnation nor to a lower version.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nirc.core.settings import RouterSettings
from nirc.core.site_standing import KeptStanding
from nrcli.wire.messages import (
    Entity,
    StateAck,
    StateDelta,
    StateResync,
    StateSnapshot,
    entity_hash,
    entity_key,
)

Key = tuple[str, str]
"(kind, name)"
CHECKSUM_MODULUS = 2**64


@dataclass(slots=True)
class Change:
    """One entity that is new, other, or gone (`new` is None)."""

    key: Key
    old: Entity | None
    new: Entity | None


@dataclass(slots=True)
class Judgement:
    """What follows from a report."""

    reply: StateAck | StateResync | None
    changes: list[Change] = field(default_factory=list)
    fault: str = ""
    "Why the report was not taken, where that is the site's mistake."


class SiteState:
    """One site's entities at one version. Invariant: `_sum` is the checksum of `_entities`."""

    __slots__ = (
        "_entities",
        "_hashes",
        "_settings",
        "_sum",
        "incarnation",
        "reported_at_s",
        "standing",
        "synced",
        "version",
    )

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._entities: dict[Key, Entity] = {}
        self._hashes: dict[Key, int] = {}
        self._sum = 0
        self.incarnation = 0
        self.version = 0
        self.reported_at_s: float | None = None
        "When its last report was taken, by this node's clock."
        self.standing = KeptStanding()
        self.synced = False
        "Was a snapshot applied since the stream stands."

    def link_up(self, incarnation: int) -> bool:
        """A stream stands; False when the incarnation is older than one known: nothing changes."""
        if incarnation < self.incarnation:
            return False
        if incarnation > self.incarnation:
            self.version = 0
            self.standing.started_again()
        self.incarnation = incarnation
        self.synced = False
        return True

    def snapshot(self, message: StateSnapshot) -> Judgement:
        """The whole state, if it is not older than what is known."""
        if message.incarnation != self.incarnation:
            return Judgement(None, fault="snapshot of another incarnation")
        if message.version < self.version:
            return Judgement(self._ack(), fault="snapshot older than the state known")
        if len(message.entities) > self._settings.entities_per_site_max:
            return Judgement(None, fault="snapshot has too many entities")
        staged: dict[Key, Entity | None] = dict.fromkeys(self._entities)
        staged.update((entity_key(entity), entity) for entity in message.entities)
        return self._take(staged, message.version, message.checksum)

    def delta(self, message: StateDelta) -> Judgement:
        """What changed, if it starts at or before the version known and leads beyond it."""
        if message.incarnation != self.incarnation:
            return Judgement(None, fault="delta of another incarnation")
        if not self.synced or message.base_version > self.version:
            return Judgement(StateResync(reason="gap"))
        if message.version <= self.version:
            return Judgement(self._ack())
        staged: dict[Key, Entity | None] = {(r.kind, r.name): None for r in message.removed}
        staged.update((entity_key(entity), entity) for entity in message.entities)
        if len(self._entities) + len(staged) > 2 * self._settings.entities_per_site_max:
            return Judgement(None, fault="delta has too many entities")
        return self._take(staged, message.version, message.checksum)

    def entities(self) -> list[Entity]:
        """Everything known."""
        return list(self._entities.values())

    def get(self, kind: str, name: str) -> Entity | None:
        """One entity."""
        return self._entities.get((kind, name))

    def _take(self, staged: dict[Key, Entity | None], version: int, checksum: int) -> Judgement:
        hashes = {key: entity_hash(new) for key, new in staged.items() if new is not None}
        total = self._sum
        for key in staged:
            total += hashes.get(key, 0) - self._hashes.get(key, 0)
        total %= CHECKSUM_MODULUS
        if total != checksum:
            return Judgement(StateResync(reason="checksum"))
        changes = [
            Change(key, self._entities.get(key), new)
            for key, new in staged.items()
            if new is not None or key in self._entities
        ]
        for change in changes:
            if change.new is None:
                del self._entities[change.key], self._hashes[change.key]
            else:
                self._entities[change.key] = change.new
        self._hashes.update(hashes)
        self._sum = total
        self.version = version
        self.synced = True
        return Judgement(self._ack(), changes)

    def _ack(self) -> StateAck:
        return StateAck(incarnation=self.incarnation, version=self.version)
