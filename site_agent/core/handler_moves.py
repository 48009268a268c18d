"""Sends callers to handlers (voicemail, callback machines): by NIRC's word or the site's own rules.

Rule of this file: the address and the methods come from the published documents alone, never from
an answer or from a call. Nothing is reserved at a handler: a caller it fails waits on as before,
and is not sent there again for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from nrcli.wire.messages import (
    DOMAIN_FIRST,
    NO_EPOCH,
    MoveOutcome,
    RouteAnswer,
    RouteOutcome,
    Rung,
    TransferMethod,
    TransferOutcome,
)
from routing_policies.handler_kinds import NO_HANDLER, PLACE, HandlerSpec, host_is_name, methods_of
from routing_policies.handler_load import HandlerLoad
from site_agent.core.addresses import Addresses
from site_agent.core.asking import Asking
from site_agent.core.calls import Call, CallState
from site_agent.core.leaders import Leaders
from site_agent.core.moves import HANDLER_START, Move
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings, TrunkRules
from site_agent.core.site_documents import SiteDocuments

REST_S = 30.0
"A caller whom a handler failed is not sent there again before this."
SPARE_S = 15.0
"Beside the ringing, for the methods before the last."
NO_ANSWER = "no_answer"
CLOSED = "closed"
ALARM = "handler_unknown"
Begin = Callable[[Call, RouteAnswer, float], None]
Fits = Callable[[Call, RouteAnswer], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What a move to a handler does otherwise than one to a site."""

    ring_s: float
    ours: bool
    because: str
    "Why the caller comes, as a rule's `reason`."


class Base(Protocol):
    """What is built on, of the site daemon's parts."""

    @property
    def settings(self) -> SiteSettings: ...
    @property
    def documents(self) -> SiteDocuments: ...
    @property
    def asking(self) -> Asking: ...
    @property
    def leaders(self) -> Leaders: ...
    @property
    def out(self) -> Outbox: ...
    @property
    def new_token(self) -> Callable[[], str]: ...


class HandlerMoves:
    """The origin's side: where to, by what, and who was failed."""

    __slots__ = (
        "_asking",
        "_begin",
        "_documents",
        "_failed",
        "_fits",
        "_leaders",
        "_load",
        "_new_token",
        "_out",
        "_settings",
    )

    def __init__(self, base: Base) -> None:
        self._settings = base.settings
        self._documents = base.documents
        self._asking = base.asking
        self._leaders = base.leaders
        self._out = base.out
        self._new_token = base.new_token
        self._load = HandlerLoad()
        self._failed: dict[tuple[str, str], float] = {}
        "By interaction and handler: until when the caller is not sent there again."
        self._fits: Fits = lambda call, answer: False
        self._begin: Begin = lambda call, answer, now_s: None

    def join(self, fits: Fits, begin: Begin, addresses: Addresses) -> None:
        """Name what carries out a move and wants addresses; once, before the first event."""
        self._fits, self._begin = fits, begin
        addresses.join_handlers(self.address)

    # ---- beginning

    def told(self, call: Call, answer: RouteAnswer, now_s: float) -> bool:
        """NIRC says that a handler may have the caller. False: it cannot, NIRC hears so, and they
        wait on."""
        if self._send(call, answer.handler, answer.reject_reason, answer, now_s):
            return True
        said = TransferOutcome(
            domain=answer.domain,
            request_id=answer.request_id,
            token="",
            target_site=PLACE + answer.handler,
            method=None,
            outcome=MoveOutcome.SERVED_AT_HOME,
        )
        self._out.send(self._leaders.node_of(answer.domain), said)
        return False

    def by_rule(self, call: Call, ready_count: int, now_s: float) -> bool:
        """Send the caller where the site's own rules say, if they say so now. `ready_count`: own
        agents who could have the call."""
        if not self._asking.has_handlers(call.queue) or (ready_count and not call.held_back):
            return False
        for name, reason in self._asking.handlers(call, now_s):
            if name not in self._documents.handlers:
                text = f"the site's own rules send callers to {name}, and NIRC has no such Handler"
                self._out.alarm(ALARM, name, text)
                continue
            self._out.clear(ALARM, name)
            if self._send(call, name, reason, None, now_s):
                return True
        return False

    def resting(self, call: Call, now_s: float) -> tuple[str, ...]:
        """Handlers that may not be named for this caller, as targets that a question names: those
        that failed them, or all."""
        if _stays(call):
            return (NO_HANDLER,)
        return tuple(
            PLACE + name
            for (interaction, name), until_s in self._failed.items()
            if interaction == call.interaction_id and until_s > now_s
        )

    def _send(
        self, call: Call, name: str, reason: str, told: RouteAnswer | None, now_s: float
    ) -> bool:
        spec = self._spec(name)
        problem = self._problem(call, name, spec, now_s)
        if spec is None or problem:
            self._out.count("handlers_" + (problem or "unknown"))
            return False
        answer = self._answer(call, name, spec, reason, told)
        if not self._fits(call, answer):
            self._out.count("handlers_without_rung")
            return False
        self._load.put(name, answer.request_id, now_s + spec.call_s)
        self._begin(call, answer, now_s)
        return True

    def _problem(self, call: Call, name: str, spec: HandlerSpec | None, now_s: float) -> str:
        """What keeps the call from it, by a word that is counted; empty: nothing."""
        if call.state is not CallState.WAITING or call.agent or _stays(call):
            return "call_is_busy"
        if spec is None:
            return "unknown"
        if self._failed.get((call.interaction_id, name), now_s) > now_s:
            return "failed_before"
        if spec.calendar and not self._documents.is_open(spec.calendar, now_s):
            return "closed"
        if spec.calls_max is not None and self._load.count(name, now_s) >= spec.calls_max:
            return "full"
        return ""

    def _answer(
        self, call: Call, name: str, spec: HandlerSpec, reason: str, told: RouteAnswer | None
    ) -> RouteAnswer:
        token = HANDLER_START + self._new_token().removeprefix("nirc-")
        way = spec.way(self._asking.site, call.trunk_group)
        far = spec.uri is None or host_is_name(spec.uri)
        rungs = tuple(
            Rung(
                method=TransferMethod(method),
                path=PLACE + name,
                arrives_on="",
                set_up_p99_s=way.set_up_p99_s if way else 0.5,
                origin_channels=int(method == "bridge"),
                follows_contacts=method == "redirect_302",
                at_trunk=far,
            )
            for method in methods_of(way, answered=call.answered)
        )
        return RouteAnswer(
            domain=told.domain if told else DOMAIN_FIRST,
            epoch=told.epoch if told else NO_EPOCH,
            request_id=told.request_id if told else token,
            outcome=RouteOutcome.MOVE,
            target_site=PLACE + name,
            queue=call.queue,
            token=token,
            rungs=rungs,
            expires_s=2 * spec.ring_s + SPARE_S,
            decision_id=told.decision_id if told else "",
            reject_reason=reason or _why(call),
            handler=name,
        )

    # ---- carrying out

    def address(self, trunk_group: str, answer: RouteAnswer, rung: Rung) -> str:
        """SIP URI by which a rung reaches a handler from a trunk group; empty: it cannot."""
        spec = self._spec(answer.target_site.removeprefix(PLACE))
        if spec is None:
            return ""
        way = spec.way(self._asking.site, trunk_group)
        if way is None or rung.method.value not in way.methods:
            return ""
        if spec.uri is not None:
            return spec.uri
        rules = self._settings.trunks.get(trunk_group)
        domain = _domain(rules, rung.method) if rules else ""
        return f"sip:{spec.number}@{domain}" if domain else ""

    def manner(self, move: Move) -> Manner:
        """How the move to a handler goes."""
        spec = self._spec(move.answer.target_site.removeprefix(PLACE))
        return Manner(
            ring_s=spec.ring_s if spec else SPARE_S,
            ours=bool(spec and spec.ours),
            because=move.answer.reject_reason,
        )

    def ended(self, move: Move, outcome: MoveOutcome, now_s: float) -> None:
        """A move to a handler is over."""
        name = move.answer.target_site.removeprefix(PLACE)
        if outcome is MoveOutcome.ARRIVED:
            return
        self._load.drop(name, move.answer.request_id)
        if outcome is MoveOutcome.CALLER_GONE:
            return
        for key in [key for key, until_s in self._failed.items() if until_s <= now_s]:
            del self._failed[key]
        self._failed[move.call.interaction_id, name] = now_s + REST_S

    def _spec(self, name: str) -> HandlerSpec | None:
        found = self._documents.handlers.get(name)
        return found.spec if found is not None else None


def _why(call: Call) -> str:
    """Why the caller goes, where no rule says."""
    return CLOSED if call.held_back else NO_ANSWER


def _domain(rules: TrunkRules, method: TransferMethod) -> str:
    if method is TransferMethod.BRIDGE:
        return rules.dial_to
    return next(iter(rules.number_domains), "")


def _stays(call: Call) -> bool:
    """Is the caller one whom no handler gets: an agent waits for them, or the call is not ours to
    move?"""
    came = call.foreign and not call.answered
    agents = bool(call.passed_by or call.consult_of)
    return came or agents or call.kept_home or call.emergency
