"""Decides what each receiver is told of alarms, and when: grouped, once, again until it is taken.

Rule of this file: pure. A notice is the difference between what a receiver was told stands and
what stands; so nothing is told twice that a leader has written down, and what a dead leader did not
tell the next one tells. A receiver that fails is tried again ever more rarely, and what comes
meanwhile joins the same message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2s

from nirc.alarms.history import Key, Row, standing, told_key
from nirc.alarms.silences import KeptSilence, silenced
from nrcli.wire.alarm_models import AlarmEvent
from routing_policies.alarm_kinds import SEVERITIES, Severity

LISTED_MAX = 100
"Alarms that one message names; of more it says how many."
RETRY_FIRST_S, RETRY_S_MAX = 1.0, 300.0
SEEN_MAX = 5_000
RANK = {name: number for number, name in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How much goes into one message."""

    wait_s: float
    "From the first that is to be told."
    every_s: float
    "Between two messages."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a receiver was told: kept in etcd for the next leader."""

    standing: tuple[Key, ...] = ()
    revision: int = 0
    "Of etcd: what happened up to here is dealt with."


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to one receiver."""

    id: str
    "The same for the same content, so that a receiver can leave out what it has."
    channel: str
    raised: tuple[AlarmEvent, ...]
    cleared: tuple[AlarmEvent, ...]
    passed: tuple[AlarmEvent, ...]
    "Raised and over again before they could be told."
    left_out_count: int
    standing_count: int
    "Alarms that stand now."
    told: Told
    "What the receiver knows once it has this."

    @property
    def count(self) -> int:
        """Alarms that it is about."""
        return len(self.raised) + len(self.cleared) + len(self.passed) + self.left_out_count


@dataclass(slots=True)
class Receiver:
    """One receiver as this node knows it."""

    name: str
    severity_at_least: Severity
    told: Told = Told()
    since_s: float | None = None
    "When the first was seen that is to be told."
    not_before_s: float = 0.0
    failures_count: int = 0
    problem: str = ""
    sent_count: int = 0
    sent_at_unix_s: float | None = None
    is_sending: bool = False
    seen: dict[str, None] = field(default_factory=dict)
    "Events that were told as passed and are not in etcd yet, so that they are told once."

    def due(
        self,
        rows: Sequence[Row],
        silences: Sequence[KeptSilence],
        grouping: Grouping,
        now_s: float,
        now_unix_s: float,
    ) -> Notice | None:
        """The message that is to be sent now. `rows` are in order."""
        if self.is_sending:
            return None
        notice = self._notice(rows, silences, grouping.wait_s, now_unix_s)
        if notice is None:
            self.since_s = None
            return None
        if self.since_s is None:
            self.since_s = now_s
        if now_s < max(self.since_s + grouping.wait_s, self.not_before_s):
            return None
        self.is_sending = True
        return notice

    def sent(self, notice: Notice, grouping: Grouping, now_s: float, now_unix_s: float) -> None:
        """The receiver has taken it."""
        self.is_sending, self.since_s = False, None
        self.told = notice.told
        self.failures_count, self.problem = 0, ""
        self.sent_count += 1
        self.sent_at_unix_s = now_unix_s
        self.not_before_s = now_s + grouping.every_s
        for event in notice.passed:
            self.seen[event.id] = None
        while len(self.seen) > SEEN_MAX:
            del self.seen[next(iter(self.seen))]

    def failed(self, problem: str, now_s: float) -> None:
        """It has not; the next try is later each time."""
        self.is_sending = False
        self.problem = problem
        self.failures_count += 1
        wait_s = min(RETRY_FIRST_S * 2 ** min(self.failures_count - 1, 20), RETRY_S_MAX)
        self.not_before_s = now_s + wait_s

    def _notice(
        self,
        rows: Sequence[Row],
        silences: Sequence[KeptSilence],
        wait_s: float,
        now_unix_s: float,
    ) -> Notice | None:
        def is_told(event: AlarmEvent) -> bool:
            grave = RANK[event.severity] <= RANK[self.severity_at_least]
            return grave and not silenced(silences, told_key(event), now_unix_s)

        now = {told_key(event): event for event in standing(rows).values()}
        known = set(self.told.standing)
        raised = [event for key, event in now.items() if key not in known and is_told(event)]
        gone = [key for key in self.told.standing if key not in now]
        last = {told_key(row.event): row.event for row in rows if row.event.happened == "cleared"}
        cleared = [last[key] for key in gone if key in last]
        revision = max((row.revision or 0 for row in rows), default=0)
        new = [row.event for row in rows if (row.revision or revision + 1) > self.told.revision]
        passed = [
            event
            for event in _passed(new, known | set(now), wait_s)
            if is_told(event) and event.id not in self.seen
        ]
        if not (raised or cleared or passed):
            if gone:  # the history does not tell how they ended, and nobody waits for it
                self.told = _after(self.told, gone, [], revision)
            return None
        listed, left_out = _listed(raised, cleared, passed)
        return Notice(
            id=_id(self.name, [*raised, *cleared, *passed]),
            channel=self.name,
            raised=listed[0],
            cleared=listed[1],
            passed=listed[2],
            left_out_count=left_out,
            standing_count=len(now),
            told=_after(self.told, gone, [told_key(one) for one in raised], revision),
        )


def _passed(events: Iterable[AlarmEvent], known: set[Key], wait_s: float) -> list[AlarmEvent]:
    """Alarms that were raised and are over, and that nobody was told of; those that did not stand
    as long as others are waited for say nothing."""
    begun: dict[Key, AlarmEvent] = {}
    found: dict[Key, AlarmEvent] = {}
    for event in events:
        key = told_key(event)
        if event.happened == "raised":
            begun.setdefault(key, event)
        elif event.happened == "cleared" and key in begun and key not in known:
            first = begun.pop(key)
            if event.at_unix_s - first.at_unix_s >= wait_s:
                found[key] = first
    return list(found.values())


def _listed(*groups: list[AlarmEvent]) -> tuple[list[tuple[AlarmEvent, ...]], int]:
    """Of each group the gravest, and how many were left out in all."""
    room, listed, left_out = LISTED_MAX, list[tuple[AlarmEvent, ...]](), 0
    for group in groups:
        ordered = sorted(group, key=lambda one: (RANK[one.severity], one.at_unix_s, one.id))
        listed.append(tuple(ordered[:room]))
        left_out += max(len(ordered) - room, 0)
        room -= len(listed[-1])
    return listed, left_out


def _after(told: Told, gone: Iterable[Key], raised: Iterable[Key], revision: int) -> Told:
    over = set(gone)
    kept = [key for key in told.standing if key not in over]
    return Told(standing=(*kept, *raised), revision=max(told.revision, revision))


def _id(channel: str, events: Iterable[AlarmEvent]) -> str:
    ids = sorted(event.id for event in events)
    return blake2s("\n".join([channel, *ids]).encode(), digest_size=10).hexdigest()
