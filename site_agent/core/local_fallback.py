"""What a site does with a call when NIRC gave no usable answer.

Rule of this file: the call stays in its own queue, which never stopped serving it, or is again with
the agent who passed it on; what else is decided here is when NIRC may be asked again.
"""

from __future__ import annotations

from nrcli.wire.messages import RouteAnswer, RouteOutcome
from site_agent.adapters.base import JoinConsult, PutBack, RejectCall, ReturnToAgent
from site_agent.core.calls import Call, CallBook
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings

ASK_TIMER = "ask:"
NOBODY = 480
"What the phone of an agent is told whose caller nobody takes."
RETRY_S_MIN = 0.5
"A shorter time to the next question is not believed."


def ask_again_at_s(
    settings: SiteSettings, answer: RouteAnswer | None, now_s: float, requery_s: float
) -> float:
    """Instant of the next question; `answer` is None when the deadline passed without one."""
    if answer is not None and answer.outcome is RouteOutcome.ACT_LOCALLY:
        return now_s + max(settings.act_locally_pause_s, requery_s)
    if answer is not None and answer.outcome is RouteOutcome.RETRY_AFTER:
        return now_s + max(answer.retry_after_s, RETRY_S_MIN)
    return now_s + requery_s


def look_again(calls: CallBook, out: Outbox, call: Call, at_s: float) -> None:
    """Time the next look at a call that is still here."""
    if calls.get(call.call_id) is call:
        out.start(ASK_TIMER + call.call_id, at_s)


def let_in(out: Outbox, call: Call) -> None:
    """A call that was held back from own agents waits for them like any other now; one that an
    agent passed on, and that nobody else takes, is that agent's again, or joined with whom the
    agent consulted. A consult call that nobody takes is over."""
    if call.passed_by and call.consult_id:
        out.do(JoinConsult(call_id=call.call_id, consult_call_id=call.consult_id))
    elif call.is_away and call.consult_of:
        out.do(RejectCall(call_id=call.call_id, reason="closed"))
    elif call.passed_by and (call.held_back or call.back_status):
        out.do(ReturnToAgent(call_id=call.call_id, sip_status=call.back_status or NOBODY))
    elif call.held_back:
        call.held_back = False
        out.do(PutBack(call_id=call.call_id))
