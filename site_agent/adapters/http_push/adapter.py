"""A CTI that pushes: its sessions, its numbered batches, the commands it takes, and its silence.

Rule of this file: pure. A batch counts once and in its order; a gap is answered by asking for a
snapshot, and until one came nothing is promised. What is wrong with a batch is known before
anything of it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from site_agent.adapters.acd_commands import AcdCommand, SetQueueClosed
from site_agent.adapters.acd_events import AcdEvent
from site_agent.adapters.base import Capabilities, HoldLevel
from site_agent.adapters.http_push.asked import Asked, Pop
from site_agent.adapters.http_push.desk import Desk
from site_agent.adapters.http_push.heard import Heard
from site_agent.adapters.http_push.http_push_protocol import (
    ProtocolError,
    as_event,
    read_batch,
    read_hello,
)
from site_agent.adapters.http_push.resync import Resync, parts_as_events
from site_agent.adapters.http_push.said_by_cti import (
    PROTOCOL,
    Ack,
    Batch,
    CommandFailed,
    CtiCapabilities,
    HeardLevels,
    Problem,
    Snapshot,
    Taken,
    Welcome,
)
from site_agent.adapters.http_push.said_to_cti import PushCommand, SendSnapshot
from site_agent.adapters.http_push.settings import HttpPushSettings

CONFLICT = 409
EXACTNESS = {HoldLevel.NONE: 0, HoldLevel.PAUSE: 1, HoldLevel.EXACT: 2}
SNAPSHOT = ("snapshot", "")
"What a CTI owes that said hello."
Step = AcdEvent | Ack | CommandFailed | tuple[Snapshot, dict[int, AcdEvent]]
"One message, read."


class HttpPushAcd:
    """One site's CTI."""

    def __init__(
        self,
        settings: HttpPushSettings,
        new_id: Callable[[], str],
        pop: Pop = lambda shown: "",
    ) -> None:
        self.unix_offset_s = 0.0
        "Time on the wall minus `now_s`."
        self.session = ""
        self.taken = 0
        "Number of the last batch."
        self._settings = settings
        self._desk = Desk(settings, new_id)
        self._asked = Asked(self._desk, pop)
        self._heard = Heard(self._desk, self._asked)
        self._resync = Resync(self._desk, self._asked, self._heard)
        self._heard_at_s = 0.0

    @property
    def is_synced(self) -> bool:
        """Is the CTI heard, and its state known?"""
        return self._desk.mirror.synced

    def capabilities(self) -> Capabilities:
        """What the CTI said it can do, clipped by the site's settings."""
        inserts = self._desk.can.insert_by_age != "none"
        return Capabilities(
            hold_agent=self._desk.can.hold_agent,
            insert_by_age=HoldLevel.EXACT if inserts else HoldLevel.NONE,
            methods=self._desk.methods,
        )

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Everything as it is known, told again."""
        self._desk.now_s = now_s
        mirror = self._desk.mirror
        mirror.forget_told()
        return mirror.tell_all()

    def command(self, command: AcdCommand, now_s: float) -> list[AcdEvent]:
        """Carry out one command."""
        self._desk.now_s = now_s
        return self._asked.do(command)

    # ---- what the CTI says -------------------------------------------------------------------

    def hello(self, body: bytes, now_s: float) -> tuple[list[AcdEvent], Welcome]:
        """A session begins; nothing is promised until its snapshot. Raises ProtocolError."""
        hello = read_hello(body, self._settings.bounds)
        self._desk.now_s = self._heard_at_s = now_s
        self._desk.can = _clipped(hello.capabilities, self._settings.hold_agent)
        self.session, self.taken = self._desk.new_id(), 0
        self._desk.mirror.synced = False
        closed = [SetQueueClosed(queue=one, closed=True) for one in sorted(self._asked.closed)]
        self._desk.outbox.begin_anew(closed, now_s)
        self._desk.waits.start(
            SNAPSHOT, now_s + self._settings.silence_s, lambda now_s: self._silent("no snapshot")
        )
        return self._desk.mirror.tell_all(), self._welcome()

    def take(self, body: bytes, now_s: float) -> tuple[list[AcdEvent], Taken | Problem]:
        """One batch. What is answered with a `Problem` has changed nothing."""
        self._desk.now_s = now_s
        try:
            batch = read_batch(body, self._settings.bounds)
            problem = self._out_of_turn(batch)
            if problem is not None:
                return [], problem
            self._heard_at_s = now_s
            if batch.seq <= self.taken:
                return [], Taken(taken=self.taken, want=self._want())
            steps = [self._read(message, n, now_s) for n, message in enumerate(batch.messages)]
        except ProtocolError as error:
            return [], error.told(taken=self.taken)
        self.taken = batch.seq
        self._heard.notes = []
        events: list[AcdEvent] = []
        for step in steps:
            events += self._do(step)
        notes = tuple(self._heard.notes)
        return events, Taken(taken=self.taken, want=self._want(), notes=notes)

    def _out_of_turn(self, batch: Batch) -> Problem | None:
        if not self.session or batch.session != self.session:
            return Problem(
                status=CONFLICT,
                detail="this session is not known here",
                place="session",
                remedy="say hello again, then send a snapshot",
                want="hello",
            )
        begins = bool(batch.messages) and isinstance(batch.messages[0], Snapshot)
        gap = batch.seq > self.taken + 1
        unknown = not self.is_synced and any(not isinstance(one, Ack) for one in batch.messages)
        if begins or batch.seq <= self.taken or not (gap or unknown):
            return None
        missing = f"batch {self.taken + 1} is missing" if gap else "the state is not known"
        return Problem(
            status=CONFLICT,
            detail=missing,
            place="seq",
            remedy="send a batch that begins with a snapshot, with any higher number",
            want="snapshot",
            taken=self.taken,
        )

    def _want(self) -> Literal["", "snapshot"]:
        return "" if self.is_synced else "snapshot"

    def _read(self, message: Any, number: int, now_s: float) -> Step:
        if isinstance(message, Ack | CommandFailed):
            return message
        place, most = f"messages[{number}]", self._settings.bounds.data_bytes_max
        unix_s = now_s + self.unix_offset_s
        if isinstance(message, Snapshot):
            return message, parts_as_events(message, place, now_s, unix_s, most)
        return as_event(message, place, now_s, unix_s, most)

    def _do(self, step: Step) -> list[AcdEvent]:
        if isinstance(step, Ack):
            self._desk.outbox.acknowledge(step.up_to)
            return []
        if isinstance(step, CommandFailed):
            command = self._desk.outbox.get(step.number)
            return self._asked.failed(command, step.problem) if command is not None else []
        if isinstance(step, tuple):
            self._desk.waits.stop(SNAPSHOT)
            return self._resync.take(*step)
        return self._heard.take(step)

    def _welcome(self) -> Welcome:
        settings, methods = self._settings, self._desk.methods
        return Welcome(
            protocol=PROTOCOL,
            session=self.session,
            site=settings.site,
            next_seq=1,
            heartbeat_ms=round(settings.heartbeat_s * 1000),
            silence_ms=round(settings.silence_s * 1000),
            batch_messages_max=settings.bounds.batch_messages_max,
            body_bytes_max=settings.bounds.body_bytes_max,
            capabilities=HeardLevels(hold_agent=self._desk.can.hold_agent, methods=methods),
            queues=tuple(settings.queues),
            trunk_groups=tuple(settings.trunks),
        )

    # ---- what the CTI is told ----------------------------------------------------------------

    def commands_after(self, number: int, now_s: float) -> list[tuple[int, PushCommand]]:
        """All that is not acknowledged, for a reader who has everything up to `number`."""
        return self._desk.outbox.after(number, now_s)

    def commands_due(self, now_s: float) -> list[tuple[int, PushCommand]]:
        """What is new, and what was not acknowledged in time."""
        return self._desk.outbox.due(now_s)

    def push(self, command: PushCommand, now_s: float) -> bool:
        """Tell the CTI something that is not the daemon's."""
        self._desk.now_s = now_s
        return self._desk.push(command)

    # ---- time --------------------------------------------------------------------------------

    def fire(self, now_s: float) -> list[AcdEvent]:
        """Answers that did not come, and silence."""
        self._desk.now_s = now_s
        events = self._desk.waits.due(now_s)
        if self.is_synced and now_s >= self._silent_at_s():
            events += self._silent("the CTI is silent")
        return events

    def _silent(self, reason: str) -> list[AcdEvent]:
        events = self._resync.lose_sync(reason)
        self._desk.push(SendSnapshot(reason=reason))
        return events

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""
        silent_s = self._silent_at_s() if self.is_synced else None
        known = [at_s for at_s in (self._desk.waits.next_s(), silent_s) if at_s is not None]
        return min(known, default=None)

    def next_command_s(self) -> float | None:
        """When `commands_due` is needed next."""
        return self._desk.outbox.next_s()

    def _silent_at_s(self) -> float:
        oldest_s = self._desk.outbox.oldest_s()
        since_s = self._heard_at_s if oldest_s is None else min(self._heard_at_s, oldest_s)
        return since_s + self._settings.silence_s


def _clipped(said: CtiCapabilities, most: HoldLevel) -> CtiCapabilities:
    level = min(said.hold_agent, most, key=EXACTNESS.__getitem__)
    return said.model_copy(update={"hold_agent": level})
