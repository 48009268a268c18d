"""What nodes are told of an answer that began no move of a caller: declined, or a test call's.

Rule of this file: words only; who asks decides what they say.
"""

from __future__ import annotations

from nrcli.wire.messages import MoveOutcome, RouteAnswer, TransferMethod, TransferOutcome


def outcome_of(
    answer: RouteAnswer,
    outcome: MoveOutcome,
    *,
    method: TransferMethod | None = None,
    sip_status: int = 0,
    took_s: float = 0.0,
    detail: str = "",
    through_carrier: bool = False,
) -> TransferOutcome:
    """The outcome of this answer's token; `took_s` in seconds."""
    return TransferOutcome(
        domain=answer.domain,
        request_id=answer.request_id,
        token=answer.token,
        target_site=answer.target_site,
        method=method,
        outcome=outcome,
        sip_status=sip_status,
        took_s=took_s,
        detail=detail,
        through_carrier=through_carrier,
    )
