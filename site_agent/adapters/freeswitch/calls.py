"""The calls at this site, the figures of its queues, and the channels of its trunk groups.

Rule of this file: a call is offered once and ends once; figures are counted from calls, and told
when they change.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from site_agent.adapters import base
from site_agent.adapters.freeswitch.desk import Desk
from site_agent.adapters.held_queues import HeldQueues

ENDED_MAX = 10_000


class Stage(Enum):
    """Where a caller is, inside FreeSWITCH."""

    ARRIVING = "arriving"  # parked with a token, nothing was decided
    PARKED = "parked"  # rings, in none of mod_callcenter's queues
    KEPT = "kept"  # answered, hears music, in none of mod_callcenter's queues
    QUEUED = "queued"  # in the queue of mod_callcenter
    RINGING = "ringing"  # a held agent is rung for it
    TALKING = "talking"  # with an agent
    BRIDGED = "bridged"  # joined with another site


WAITING = (Stage.PARKED, Stage.KEPT, Stage.QUEUED, Stage.RINGING)


class Call:
    """One call; its id is the channel's."""

    def __init__(self, call_id: str, stage: Stage, trunk_group: str, now_s: float) -> None:
        self.call_id = call_id
        self.stage = stage
        self.trunk_group = trunk_group
        self.queue = ""
        self.interaction_id = ""
        self.offered_at_s = now_s
        self.came_at_s = now_s
        self.answered_at_s: float | None = None
        self.talks_since_s: float | None = None
        self.agent = ""
        self.rung = ""
        "The agent who was held for it and is rung."
        self.own_agent_rings = False
        "mod_callcenter rings an agent for it now."
        self.answer_first = False
        self.by_token = False
        self.acknowledged = False
        self.held_back = False
        self.move_id = ""
        self.bridge_id = ""
        "The last move that was begun as a bridge."
        self.silent_move = ""
        "A move of which nothing was heard in time, and which said so."
        self.moved = ""
        "How it left, once it did: redirected | moved | site."
        self.sip_status = 0
        self.data = b""

    @property
    def answered(self) -> bool:
        """Does the caller pay already?"""
        return self.answered_at_s is not None


class CallBook:
    """All calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._calls: dict[str, Call] = {}
        self._ended: dict[str, None] = {}
        "Ids of late: FreeSWITCH's threads may tell of a call once more after its end."
        self._channels: dict[str, str] = {}
        "Trunk group of every channel that has one."
        self.held_queues = HeldQueues()
        self._there: set[str] | None = None
        "Queues that mod_callcenter has; None: not asked yet."
        self._answered: dict[str, int] = {}
        self._abandoned: dict[str, int] = {}
        self._told: dict[str, base.AcdEvent] = {}

    def get(self, call_id: str) -> Call | None:
        """By the channel's id."""
        return self._calls.get(call_id)

    def all(self) -> list[Call]:
        """Every call."""
        return list(self._calls.values())

    def add(self, call: Call) -> bool:
        """A new one; false if there are too many, or it has ended before."""
        if call.call_id in self._ended or len(self._calls) >= self._desk.settings.calls_max:
            return False
        self._calls[call.call_id] = call
        return True

    def end(self, call: Call, released_by: str) -> None:
        """It is over: told once."""
        if self._calls.pop(call.call_id, None) is None:
            return
        self._ended[call.call_id] = None
        if len(self._ended) > ENDED_MAX:
            del self._ended[next(iter(self._ended))]
        now_s = self._desk.now_s
        for name in ("queue", "probe", "move", "ack", "data", "lost"):
            self._desk.timers.stop(f"{name} {call.call_id}")
        if call.stage in WAITING and released_by == "caller" and not call.move_id:
            self._abandoned[call.queue] = self._abandoned.get(call.queue, 0) + 1
        talks_s = call.talks_since_s
        ended_wait_s = now_s if talks_s is None else talks_s
        if call.stage is not Stage.ARRIVING:
            self._desk.tell(
                base.CallEnded(
                    call_id=call.call_id,
                    released_by=released_by,
                    sip_call_id="",
                    sip_status=call.sip_status,
                    agent=call.agent,
                    talked_s=0.0 if talks_s is None else now_s - talks_s,
                    waited_s=max(0.0, ended_wait_s - call.offered_at_s),
                )
            )

    def connected(self, call: Call, agent: str) -> None:
        """An agent talks with the caller."""
        if call.stage is Stage.TALKING and call.agent == agent:
            return
        call.stage, call.agent, call.talks_since_s = Stage.TALKING, agent, self._desk.now_s
        self._answered[call.queue] = self._answered.get(call.queue, 0) + 1
        self._desk.tell(base.CallConnected(call_id=call.call_id, agent=agent, queue=call.queue))

    # ---- queues ------------------------------------------------------------------------------

    def queue_of(self, pbx_name: str) -> str:
        """A queue of this site by mod_callcenter's name, empty for any other."""
        name = self._desk.settings.site_name(pbx_name)
        return name if any(queue.name == name for queue in self._desk.settings.queues) else ""

    def take_queues(self, names: Iterable[str]) -> None:
        """`callcenter_config queue list`."""
        self._there = {self.queue_of(name) for name in names} - {""}

    def waiting(self, queue: str) -> list[Call]:
        """Callers without an agent."""
        return [
            call for call in self._calls.values() if call.queue == queue and call.stage in WAITING
        ]

    def free_places(self, name: str) -> int | None:
        """How many more may wait, None for an unknown queue."""
        for queue in self._desk.settings.queues:
            if queue.name == name and self._exists(name):
                return queue.places_max - len(self.waiting(name))
        return None

    def _exists(self, queue: str) -> bool:
        return self._desk.synced and self._there is not None and queue in self._there

    # ---- trunk groups ------------------------------------------------------------------------

    def channel(self, channel: str, name: str, trunk: str = "") -> str:
        """A channel by FreeSWITCH's name `sofia/PROFILE/...`; its trunk group, empty if none."""
        known = self._channels.get(channel, "")
        profile = name.split("/")[1] if name.startswith("sofia/") and name.count("/") > 1 else ""
        for group in self._desk.settings.trunks:
            if group.name == trunk or (not known and not trunk and group.profile == profile):
                self._channels[channel] = group.name
                return group.name
        return known

    def used(self, trunk_group: str) -> int:
        """Channels of a trunk group."""
        return sum(1 for group in self._channels.values() if group == trunk_group)

    def channel_gone(self, channel: str) -> None:
        """It has ended."""
        self._channels.pop(channel, None)

    def keep_channels(self, there: set[str]) -> None:
        """All others are gone."""
        for channel in set(self._channels) - there:
            del self._channels[channel]

    # ---- telling -----------------------------------------------------------------------------

    def forget_told(self) -> None:
        """Tell everything again."""
        self._told.clear()

    def tell(self) -> None:
        """Queues and trunk groups that have changed."""
        used: dict[str, int] = {}
        for group in self._channels.values():
            used[group] = used.get(group, 0) + 1
        for trunk in self._desk.settings.trunks:
            self._tell(
                trunk.name,
                base.TrunkChanged(
                    trunk_group=trunk.name,
                    channels_max=trunk.channels_max,
                    channels_used_count=used.get(trunk.name, 0),
                ),
            )
        waiting: dict[str, list[float]] = {}
        for call in self._calls.values():
            if call.stage in WAITING:
                waiting.setdefault(call.queue, []).append(call.offered_at_s)
        for queue in self._desk.settings.queues:
            since = waiting.get(queue.name, [])
            self._tell(
                "queue " + queue.name,
                base.QueueChanged(
                    queue=queue.name,
                    open=queue.open and self._exists(queue.name),
                    waiting_count=len(since),
                    places_max=queue.places_max,
                    answered_count=self._answered.get(queue.name, 0),
                    abandoned_count=self._abandoned.get(queue.name, 0),
                    aht_s=queue.aht_s,
                    oldest_offered_at_s=min(since, default=None),
                ),
            )

    def _tell(self, key: str, event: base.AcdEvent) -> None:
        if self._told.get(key) != event:
            self._told[key] = event
            self._desk.tell(event)
