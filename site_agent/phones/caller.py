"""One caller: rings a site, waits, follows a 302 or a REFER as a carrier does, talks, hangs up.

Rule of this file: decisions only; every method returns what the user agent core returned. The
caller writes its own story into `result`, whose outcome is set once, in `_finish`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nrcli.sip.message import SipUri
from site_agent.phones.attached_data import DATA_HEADER, INTERACTION_HEADER, to_header
from site_agent.phones.plan import CallPlan, ReferMode
from site_agent.phones.redirect import by_edge, contacts_by_q, peer_of
from site_agent.phones.results import CallResult, Moved, Outcome
from site_agent.phones.sdp import CALL, agent_of, offer_or_answer
from site_agent.sip.signals import (
    AckReceived,
    AnswerReceived,
    ByeDone,
    ByeReceived,
    Header,
    InviteFailed,
    LegLost,
    Output,
    ReferReceived,
    ReinviteReceived,
    UserAgentCore,
    UserAgentEvent,
)

NOT_FOUND, REFUSED = 404, 405
OLD_LEG_S_MAX = 40.0
"A leg that was left by REFER and whose far end sends no BYE is ended by us after so long."


@dataclass(slots=True)
class Caller:
    """State of one caller. `leg` is where the caller is; `refer_leg` is a try that REFER began."""

    plan: CallPlan
    user_agent: UserAgentCore
    local: tuple[str, int]
    "Our listen point: the IVR's address or a caller's."
    rtp: tuple[str, int]
    new_leg: Callable[[], str]
    start_timer: Callable[[float, Callable[[float], list[Output]]], None]
    agent_hung_up: Callable[[int], bool]
    "Whether an agent ended the call of that number."
    result: CallResult
    leg: str = ""
    refer_leg: str = ""
    old_leg: str = ""
    up: bool = False
    contacts: list[SipUri] = field(default_factory=list)
    via: Moved = Moved.NO
    connected_at_s: float | None = None
    began_at_s: float = 0.0
    leaving: bool = False
    "The caller has given up or hung up; what comes now changes nothing."

    @property
    def over(self) -> bool:
        """Whether the call has its outcome."""
        return self.result.outcome is not Outcome.OPEN

    def start(self, now_s: float) -> list[Output]:
        """Ring the site."""
        host, port = self.plan.door.address
        self.began_at_s = now_s
        self.start_timer(now_s + self.plan.patience_s, self._give_up)
        self.leg = self.new_leg()
        uri = SipUri.parse(f"sip:{self.plan.dialed}@{host}:{port}")
        return self._invite(self.leg, uri, now_s, _ivr_headers(self.plan))

    def on(self, event: UserAgentEvent, now_s: float) -> list[Output]:
        """One event of one of this caller's legs."""
        match event:
            case AnswerReceived():
                return self._answered(event, now_s)
            case InviteFailed():
                return self._invite_failed(event, now_s)
            case ReinviteReceived():
                return self._reinvited(event, now_s)
            case AckReceived():
                return self._learn_agent(event.leg, event.body, now_s)
            case ReferReceived():
                return self._referred(event, now_s)
            case ByeReceived():
                return self._ended_by_site(event.leg, now_s, 0)
            case LegLost():
                return self._ended_by_site(event.leg, now_s, event.status)
            case ByeDone():
                self._left(event.leg, now_s)
        return []

    # ---- placing -----------------------------------------------------------------------------

    def _invite(self, leg: str, uri: SipUri, now_s: float, headers: list[Header]) -> list[Output]:
        host, port = self.local
        return self.user_agent.invite(
            leg,
            uri,
            peer_of(uri, self.local),
            now_s,
            from_=f"<sip:{self.plan.ani}@{host}:{port}>",
            to=f"<{uri}>",
            body=_sdp(self),
            headers=[("Session-ID", f"{self.plan.interaction_id};remote={'0' * 32}"), *headers],
        )

    def _follow_contact(self, now_s: float) -> list[Output]:
        self.via = Moved.REDIRECT
        self.leg = self.new_leg()
        return self._invite(self.leg, self.contacts.pop(0), now_s, [])

    # ---- answers -----------------------------------------------------------------------------

    def _answered(self, event: AnswerReceived, now_s: float) -> list[Output]:
        outputs = self.user_agent.ack(event.leg, now_s)
        if self.leaving:
            return [*outputs, *self.user_agent.bye(event.leg, now_s)]
        if event.leg == self.refer_leg:
            outputs += self._came_over(now_s)
        self.up = True
        return outputs + self._learn_agent(event.leg, event.response.body, now_s)

    def _came_over(self, now_s: float) -> list[Output]:
        """The call that a REFER asked for was answered: the old leg waits for its BYE."""
        self.old_leg, self.leg, self.refer_leg = self.leg, self.refer_leg, ""
        self.via = Moved.REFER
        old_leg = self.old_leg
        self.start_timer(now_s + OLD_LEG_S_MAX, lambda then_s: self._end_old(old_leg, then_s))
        return self._notify(old_leg, 200, "OK", now_s)

    def _end_old(self, leg: str, now_s: float) -> list[Output]:
        if self.old_leg != leg:
            return []
        self.old_leg = ""
        self.result.why = self.result.why or "the origin sent no BYE after the REFER"
        return self.user_agent.bye(leg, now_s)

    def _invite_failed(self, event: InviteFailed, now_s: float) -> list[Output]:
        if event.is_reinvite:
            return []
        if event.leg == self.refer_leg:
            self.refer_leg = ""
            return self._notify(self.leg, event.status, "Failed", now_s)
        if event.leg != self.leg:
            return []
        if self.leaving:
            self._finish(Outcome.ABANDONED, now_s)
            return []
        if event.response is not None and 300 <= event.status < 400:
            self.result.redirects += 1
            found = (by_edge(uri, self.plan.reaches) for uri in contacts_by_q(event.response))
            self.contacts = [uri for uri in found if uri is not None]
        if self.contacts:
            return self._follow_contact(now_s)
        self.result.status = event.status
        self._finish(Outcome.FAILED, now_s)
        return []

    # ---- in dialog ---------------------------------------------------------------------------

    def _reinvited(self, event: ReinviteReceived, now_s: float) -> list[Output]:
        outputs = self.user_agent.accept_reinvite(event.leg, _sdp(self), now_s)
        return outputs + self._learn_agent(event.leg, event.request.body, now_s)

    def _learn_agent(self, leg: str, body: bytes, now_s: float) -> list[Output]:
        found = agent_of(body)
        if found is not None and leg == self.leg:
            self.talks_with(found, now_s)
        return []

    def talks_with(self, found: tuple[str, str], now_s: float) -> None:
        """An agent of a site has the call: the media says so, or the agent's own phone."""
        if self.leaving:
            return
        result = self.result
        if found != (result.agent, result.agent_site):
            result.agent, result.agent_site = found
            result.agents_count += 1
        if self.connected_at_s is None:
            self.connected_at_s = now_s
            if self.plan.talk_s is not None:
                self.start_timer(now_s + self.plan.talk_s, self.leave)

    def _referred(self, event: ReferReceived, now_s: float) -> list[Output]:
        self.result.refers += 1
        if self.plan.door.refer is ReferMode.REFUSE:
            self.result.refers_refused += 1
            return self.user_agent.refuse_refer(event.leg, REFUSED, now_s)
        if self.leaving or self.refer_leg or event.leg != self.leg:
            return self.user_agent.refuse_refer(event.leg, 603, now_s)
        target = by_edge(event.refer_to.bare(), self.plan.reaches)
        if target is None:
            self.result.refers_refused += 1
            return self.user_agent.refuse_refer(event.leg, NOT_FOUND, now_s)
        outputs = self.user_agent.accept_refer(event.leg, now_s)
        self.refer_leg = self.new_leg()
        return outputs + self._invite(self.refer_leg, target, now_s, [])

    def _notify(self, leg: str, status: int, reason: str, now_s: float) -> list[Output]:
        if self.plan.door.refer is ReferMode.ACCEPT_WITHOUT_NOTIFY:
            return []
        return self.user_agent.notify_refer(leg, status, reason, now_s)

    def _ended_by_site(self, leg: str, now_s: float, status: int) -> list[Output]:
        if leg == self.old_leg:
            self.old_leg = ""
            return []
        if leg != self.leg or self.over:
            return []
        self.result.status = status
        wanted = self.leaving or self.agent_hung_up(self.plan.number)
        if self.connected_at_s is not None and wanted:
            self._finish(Outcome.SERVED, now_s)
        elif self.leaving:
            self._finish(Outcome.ABANDONED, now_s)
        else:
            self.result.why = "dropped by the site" + (f" ({status})" if status else "")
            self._finish(Outcome.LOST, now_s)
        return self._drop_refer(now_s)

    # ---- leaving -----------------------------------------------------------------------------

    def _give_up(self, now_s: float) -> list[Output]:
        if self.connected_at_s is not None or self.over:
            return []
        return self.leave(now_s)

    def leave(self, now_s: float) -> list[Output]:
        """Hang up, wherever the call is: BYE after an answer, CANCEL before."""
        if self.leaving or self.over:
            return []
        self.leaving = True
        outputs = self._drop_refer(now_s)
        if self.up:
            outputs += self.user_agent.bye(self.leg, now_s)
            served = self.connected_at_s is not None
            self._finish(Outcome.SERVED if served else Outcome.ABANDONED, now_s)
            return outputs
        return outputs + self.user_agent.cancel(self.leg, now_s)

    def _left(self, leg: str, now_s: float) -> None:
        """The CANCEL came too late, the core ended the answered call: the caller's own wish."""
        if self.leaving and leg == self.leg and not self.over:
            self._finish(Outcome.ABANDONED, now_s)

    def _drop_refer(self, now_s: float) -> list[Output]:
        if not self.refer_leg:
            return []
        leg, self.refer_leg = self.refer_leg, ""
        self.leaving = True
        return self.user_agent.cancel(leg, now_s)

    def _finish(self, outcome: Outcome, now_s: float) -> None:
        result = self.result
        result.outcome = outcome
        connected_at_s = self.connected_at_s
        result.waited_s = (now_s if connected_at_s is None else connected_at_s) - self.began_at_s
        result.talked_s = 0.0 if connected_at_s is None else now_s - connected_at_s
        if outcome is Outcome.SERVED and result.agent_site != result.site:
            result.moved = Moved.BRIDGE if self.via is Moved.NO else self.via


def story_of(plan: CallPlan) -> CallResult:
    """The empty story of a call that will be placed."""
    return CallResult(
        number=plan.number,
        site=plan.door.site,
        trunk_group=plan.door.trunk_group,
        interaction_id=plan.interaction_id,
        data_sent=plan.data,
    )


def _ivr_headers(plan: CallPlan) -> list[Header]:
    if not plan.from_ivr:
        return []
    return [(INTERACTION_HEADER, plan.interaction_id), (DATA_HEADER, to_header(plan.data))]


def _sdp(caller: Caller) -> bytes:
    return offer_or_answer(f"{CALL}{caller.plan.number}", *caller.rtp)
