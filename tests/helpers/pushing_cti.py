"""A CTI that pushes what an ACD in memory does, and does what it is told: bytes on both sides.

Rule of this file: it speaks the wire as a vendor would, by `as_wire` and JSON alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from site_agent.adapters import base
from site_agent.adapters.acd_commands import AcdCommand
from site_agent.adapters.http_push.adapter import HttpPushAcd
from site_agent.adapters.http_push.said_by_cti import Problem, Taken, Welcome
from site_agent.adapters.http_push.said_to_cti import PushCommand
from site_agent.adapters.http_push.settings import HttpPushSettings, QueueLimits
from site_agent.adapters.http_push.wire_models import as_wire

CAN: dict[str, Any] = {
    "hold_agent": "exact",
    "hold_place": True,
    "insert_by_age": "exact",
    "methods": ["redirect_302", "refer", "bridge"],
    "announce": True,
    "announcements": ["welcome"],
    "probe_caller": True,
    "dial": True,
}
SETTINGS = HttpPushSettings(
    queues={"sales": QueueLimits(), "support": QueueLimits(places_max=1)},
    trunks={"carrier": 20, "network": 10},
    site="porto",
)


class Ids:
    """Ids that can be foretold."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return f"id{self.count}"


class Pushing:
    """One adapter and the vendor's end of its wire."""

    def __init__(
        self,
        settings: HttpPushSettings = SETTINGS,
        pop: Callable[[Any], str] = lambda shown: "",
        **can: Any,
    ) -> None:
        self.acd = HttpPushAcd(settings, Ids(), pop)
        self.events: list[base.AcdEvent] = []
        self.now_s = 1000.0
        self.seq = 0
        self.session = ""
        self.can = CAN | can

    def hello(self, **more: Any) -> Welcome:
        """A session begins."""
        body = json.dumps({"protocol": 1, "capabilities": self.can} | more).encode()
        events, welcome = self.acd.hello(body, self.now_s)
        self.events += events
        self.session, self.seq = welcome.session, 0
        return welcome

    def begins(self, *agents: str, **more: Any) -> Taken:
        """Hello and a snapshot with these agents, ready, and one queue."""
        self.hello()
        return self.snapshot(*agents, **more)

    def snapshot(self, *agents: str, **more: Any) -> Taken:
        return self.says(whole(*agents, **more))

    def says(self, *messages: dict[str, Any], seq: int = 0) -> Any:
        """One batch; the answer."""
        self.seq = seq or self.seq + 1
        body = {"session": self.session, "seq": self.seq, "messages": messages}
        return self.sends(json.dumps(body).encode())

    def sends(self, body: bytes) -> Taken | Problem:
        events, answer = self.acd.take(body, self.now_s)
        self.events += events
        if isinstance(answer, Problem):
            self.seq = max(self.seq - 1, 0)
        return answer

    def told(self, *events: base.AcdEvent) -> Any:
        """Events of an ACD as a vendor says them."""
        return self.says(*(self.wire(event) for event in events))

    def wire(self, event: base.AcdEvent) -> dict[str, Any]:
        said: dict[str, Any] = as_wire(event)
        if isinstance(event, base.QueueChanged):
            since_s = event.oldest_offered_at_s
            said["oldest_waited_ms"] = None if since_s is None else _ms(self.now_s - since_s)
        return said

    def asks(self, command: AcdCommand) -> list[base.AcdEvent]:
        """The daemon's command; what happened at once."""
        events = self.acd.command(command, self.now_s)
        self.events += events
        return events

    def reads(self, *, ack: bool = True) -> list[PushCommand]:
        """What the CTI is told now."""
        found = self.acd.commands_due(self.now_s)
        if ack and found:
            self.says({"type": "ack", "up_to": found[-1][0]})
        return [command for _, command in found]

    def passes(self, seconds: float, *, heard: bool = True, step_s: float = 1.0) -> None:
        """Time passes; a CTI that is well says something all the while."""
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            self.now_s = min(self.now_s + step_s, until_s)
            if heard and self.session:
                self.says()
            self.events += self.acd.fire(self.now_s)

    def take(self) -> list[base.AcdEvent]:
        """All events since the last time."""
        events, self.events = self.events, []
        return events


def _ms(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def whole(*agents: str, queue: str = "sales", **more: Any) -> dict[str, Any]:
    """A snapshot."""
    return {
        "type": "snapshot",
        "agents": [
            {"agent": one, "state": "ready", "queues": [{"queue": queue, "level": 5}]}
            for one in agents
        ],
        "queues": [figures(queue)],
        "trunk_groups": [{"trunk_group": "carrier", "channels_max": 30, "channels_used_count": 0}],
    } | more


def figures(queue: str = "sales", **more: Any) -> dict[str, Any]:
    """A queue's figures."""
    return {
        "queue": queue,
        "open": True,
        "waiting_count": 0,
        "places_max": 50,
        "answered_count": 0,
        "abandoned_count": 0,
        "aht_ms": 0,
        "oldest_waited_ms": None,
    } | more


def agent_is(agent: str, state: str) -> dict[str, Any]:
    return {
        "type": "agent_changed",
        "agent": agent,
        "state": state,
        "queues": [{"queue": "sales", "level": 5}],
    }


def enters(call_id: str = "c1", **more: Any) -> dict[str, Any]:
    said = {"type": "call_offered", "call_id": call_id, "queue": "sales", "trunk_group": "carrier"}
    return said | more


def kinds(events: Iterable[object]) -> list[str]:
    """Names of the events, without figures of queues and trunk groups."""
    names = [type(event).__name__ for event in events]
    return [name for name in names if name not in ("QueueChanged", "TrunkChanged")]
