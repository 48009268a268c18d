"""What is told to the history about questions to NIRC: begun, answered, ended, and how.

Rule of this file: it words, it decides nothing. Every question that is begun is ended once.
"""

from __future__ import annotations

from nrcli.wire.messages import RouteAnswer, RouteOutcome, RouteRequest
from site_agent.core.calls import Call
from site_agent.core.outbox import Outbox

ROUTED = "routed"
"NIRC's answer is being carried out: the call is on its way."
LOCAL = "local"
"The call stays here, by NIRC's word, or because the question was withdrawn."
OVERFLOWED = "overflowed"
"The call waits in the network queue."
FAILED = "failed"
"No usable answer: the call stays in its own queue, which never stopped serving it."


def write_begun(
    out: Outbox, call: Call, message: RouteRequest, *, deadline_s: float, ready_count: int
) -> None:
    """A question is asked; `ready_count`: own agents who could have had the call."""
    out.write(
        "request_begun",
        request=message.request_id,
        call=call.call_id,
        interaction=call.interaction_id,
        about=message.reason.value if message.reason else "",
        entry=message.entry_id,
        deadline_s=deadline_s,
        ready_count=0 if call.held_back else ready_count,
    )


def write_answer(out: Outbox, answer: RouteAnswer) -> None:
    """An answer that counts."""
    out.count(f"answers_{answer.outcome.value}")
    out.write(
        "answer",
        request=answer.request_id,
        outcome=answer.outcome.value,
        policy=answer.policy,
        version=answer.policy_version,
        decision=answer.decision_id,
        reason=answer.reason,
    )


def write_ended(out: Outbox, call: Call, request_id: str, how: str, why: str) -> None:
    """A question is over: `how` is one of the four words above."""
    out.write(
        "request_ended",
        request=request_id,
        call=call.call_id,
        interaction=call.interaction_id,
        how=how,
        why=why,
    )


def write_answered(out: Outbox, call: Call, answer: RouteAnswer, *, moves: bool) -> None:
    """A question ended by its answer; `moves`: which is being carried out."""
    write_ended(
        out, call, answer.request_id, how_it_ended(answer, moves=moves), answer.outcome.value
    )


def how_it_ended(answer: RouteAnswer, *, moves: bool) -> str:
    """What became of a question that was answered; `moves`: the answer is being carried out."""
    if moves:
        return ROUTED
    if answer.outcome is RouteOutcome.NETWORK_QUEUE:
        return OVERFLOWED
    return FAILED if answer.outcome is RouteOutcome.MOVE else LOCAL
