"""A playbook of a site daemon: events in, actions out, timers fired on demand."""

from __future__ import annotations

from itertools import count
from typing import Any, TypeVar

from nrcli.wire import messages as msg
from routing_policies.document import SiteTable
from site_agent.adapters import base
from site_agent.core.actions import Action, SendToNode, StartTimer, StopTimer, WriteHistory
from site_agent.core.events import EpochSaved, NodeLinkUp, NodeSaid, TimerFired
from site_agent.core.outbox import Outbox
from site_agent.core.settings import QueueRules, SiteSettings, TrunkRules
from site_agent.core.site_daemon import SiteDaemon

A = TypeVar("A")
EPOCH = msg.Epoch(generation=1, revision=5)
SETTINGS = SiteSettings(
    queues={"sales": QueueRules(queue="sales", max_loan=2)},
    trunks={
        "carrier": TrunkRules(trunk_group="carrier", min_free=1, address="192.0.2.1:5060"),
        "network": TrunkRules(trunk_group="network", kind="network"),
    },
)
TABLE = SiteTable(
    addresses={("porto", "network"): ("198.51.100.7", 5062, "tcp")},
    numbers={("porto", "network"): ("+35122000*",)},
)


class SitePlay:
    """One daemon, the time, its timers, and the actions nobody looked at yet."""

    def __init__(
        self,
        settings: SiteSettings = SETTINGS,
        start_s: float = 100.0,
        documents: bytes = b"",
    ) -> None:
        tokens, ids = count(1), count(1)
        self.daemon = SiteDaemon(
            site="lisbon",
            incarnation=3,
            settings=settings,
            epochs={},
            site_table=TABLE,
            documents=documents,
            new_token=lambda: f"nirc-{next(tokens)}",
            new_id=lambda: f"id{next(ids)}",
        )
        self.now_s = start_s
        self.timers: dict[str, float] = {}
        self.left: list[Action] = []

    def event(self, event: Any, at_s: float | None = None) -> SitePlay:
        self.now_s = self.now_s if at_s is None else at_s
        self.left = []
        self._do(event)
        return self

    def said(self, message: Any, node: str = "n1", at_s: float | None = None) -> SitePlay:
        return self.event(NodeSaid(node=node, message=message), at_s)

    def wait(self, for_s: float) -> SitePlay:
        until_s = self.now_s + for_s
        self.left = []
        while self.timers and min(self.timers.values()) <= until_s:
            name = min(self.timers, key=lambda n: (self.timers[n], n))
            self.now_s = max(self.now_s, self.timers.pop(name))
            self._do(TimerFired(name=name))
        self.now_s = until_s
        return self

    def all(self, kind: type[A]) -> list[A]:
        return [action for action in self.left if isinstance(action, kind)]

    def one(self, kind: type[A]) -> A:
        found = self.all(kind)
        assert len(found) == 1, f"{len(found)} {kind.__name__} among {self.left}"
        return found[0]

    def sent(self, kind: type[A], node: str | None = None) -> list[A]:
        return [
            action.message
            for action in self.all(SendToNode)
            if isinstance(action.message, kind) and node in (None, action.node)
        ]

    def lines(self, kind: str) -> list[dict[str, Any]]:
        return [dict(a.fields) for a in self.all(WriteHistory) if a.kind == kind]

    def _do(self, event: Any) -> None:
        for action in self.daemon.handle(event, self.now_s):
            if isinstance(action, StartTimer):
                self.timers[action.name] = action.at_s
            elif isinstance(action, StopTimer):
                self.timers.pop(action.name, None)
            else:
                self.left.append(action)


def led(settings: SiteSettings = SETTINGS, documents: bytes = b"") -> SitePlay:
    """A site with a queue, a busy agent, trunks, two nodes and a leader."""
    play = SitePlay(settings, documents=documents)
    play.event(queue_of())
    play.event(trunk_of("carrier")).event(trunk_of("network"))
    play.event(agent_of("anna", msg.AgentState.BUSY))
    for node in ("n1", "n2"):
        play.event(NodeLinkUp(node=node))
    play.said(msg.Leading(domain="default", epoch=EPOCH, node="n1"))
    play.event(EpochSaved(domain="default", epoch=EPOCH, node="n1"))
    play.wait(1.0)
    return play


def queue_of(**fields: Any) -> base.QueueChanged:
    known: dict[str, Any] = {
        "queue": "sales",
        "open": True,
        "waiting_count": 0,
        "places_max": 3,
        "answered_count": 0,
        "abandoned_count": 0,
        "aht_s": 60.0,
        "oldest_offered_at_s": None,
    }
    return base.QueueChanged(**(known | fields))


def trunk_of(name: str, used: int = 0, channels_max: int = 4) -> base.TrunkChanged:
    return base.TrunkChanged(trunk_group=name, channels_max=channels_max, channels_used_count=used)


def agent_of(name: str, state: msg.AgentState = msg.AgentState.READY) -> base.AgentChanged:
    return base.AgentChanged(agent=name, state=state, queues=(msg.AgentQueue(queue="sales"),))


def offered(call_id: str = "c1", **fields: Any) -> base.CallOffered:
    known: dict[str, Any] = {
        "call_id": call_id,
        "interaction_id": f"i-{call_id}",
        "service": "sales",
        "queue": "sales",
        "trunk_group": "carrier",
    }
    return base.CallOffered(**(known | fields))


def reserve(request_id: str = "r1", **fields: Any) -> msg.Reserve:
    known: dict[str, Any] = {
        "domain": "default",
        "epoch": EPOCH,
        "request_id": request_id,
        "interaction_id": "i9",
        "origin_site": "porto",
        "service": "sales",
        "queue": "sales",
        "methods": (msg.TransferMethod.REFER,),
        "channels": (msg.ChannelClaim(trunk_group="network", count=1),),
        "waited_s": 7.0,
        "answered": True,
    }
    return msg.Reserve(**(known | fields))


def move_answer(request_id: str, *methods: msg.TransferMethod, **fields: Any) -> msg.RouteAnswer:
    rungs = tuple(
        msg.Rung(method=m, path="p", arrives_on="network", follows_contacts=True) for m in methods
    )
    known: dict[str, Any] = {
        "domain": "default",
        "epoch": EPOCH,
        "request_id": request_id,
        "outcome": msg.RouteOutcome.MOVE,
        "target_site": "porto",
        "queue": "sales",
        "token": "nirc-target",
        "rungs": rungs,
        "expires_s": 5.0,
    }
    return msg.RouteAnswer(**(known | fields))


def moving(*methods: msg.TransferMethod, answered: bool = True) -> SitePlay:
    """A call whose first rung has begun; `play.move_id` names it."""
    play = led()
    play.event(offered(ask := "c1"))
    request = play.sent(msg.RouteRequest)[0]
    if answered:
        play.event(base.CallAnswered(call_id=ask))
    play.said(move_answer(request.request_id, *methods))
    return play


def sign(play: SitePlay, sign_: base.MoveSign, move_id: str, sip_status: int = 0) -> SitePlay:
    return play.event(
        base.MoveProgress(call_id="c1", move_id=move_id, sign=sign_, sip_status=sip_status)
    )


def held(play: SitePlay, agent: str = "", **fields: Any) -> str:
    """A granted hold; its token."""
    play.said(reserve(agent=agent, **fields))
    command = (play.all(base.HoldAgent) or play.all(base.HoldPlace))[0]
    play.event(base.HoldGranted(hold_id=command.hold_id, queue="sales", agent=agent))
    return play.sent(msg.ReserveGranted)[0].token


def outbox() -> Outbox:
    return Outbox()
