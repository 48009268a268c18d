"""Says a whole call in one sentence.

Rule of this file: the last leg says how it ended, the decisions only where no leg is there yet.
"""

from __future__ import annotations

from collections.abc import Sequence

from nrcli.explaining import decision_words
from nrcli.explaining.spans import span_told
from nrcli.explaining.way_words import by_method
from nrcli.wire.api_models import Decision
from nrcli.wire.history_messages import CallLegRecord, LegOutcome

_MOVES = (
    LegOutcome.MOVED_OUT.value,
    LegOutcome.REDIRECTED.value,
    LegOutcome.CALLBACK.value,
)


def headline(live: Sequence[Decision], callers: Sequence[CallLegRecord]) -> str:
    """What happened to the caller, shortly."""
    if not callers:
        return decision_words.ended_told(live[-1]) if live else "Nothing is known of this call."
    first, callers = callers[0], _chain(callers)
    last = callers[-1]
    service = f" for {first.service}" if first.service else ""
    begun = f"A caller{service} rang {first.site}"
    moved = "".join(_moved(one) for one in callers if one.outcome in _MOVES)
    return f"{begun}{moved}{_ended(last, moved=bool(moved))}."


def _chain(callers: Sequence[CallLegRecord]) -> Sequence[CallLegRecord]:
    """Those by which the caller went on; an attempt that came to nothing elsewhere is left out."""
    came = {one.token: one for one in callers if one.token}
    left = {one.left_token for one in callers if one.left_token}
    if not left & came.keys():
        return callers
    return [one for one in callers if not one.token or one.token in left]


def _moved(leg: CallLegRecord) -> str:
    if leg.outcome == LegOutcome.CALLBACK.value:
        return f", was promised a call back after {span_told(leg.waited_s)}"
    to = leg.target_site.removeprefix("handler:") or "another site"
    how = by_method(leg.method)
    sent = "was sent to" if leg.outcome == LegOutcome.REDIRECTED.value else "was moved to"
    return f", {sent} {to}" + (f" {how}" if how else "")


def _ended(last: CallLegRecord, *, moved: bool) -> str:
    waited, there = span_told(last.waited_s), "there" if moved else last.site
    at = "there" if moved else f"at {there}"
    match last.outcome:
        case LegOutcome.ANSWERED.value:
            agent = f"agent {last.agent}" if last.agent else "an agent"
            return (
                f", waited {waited} in all and talked with {agent} for {span_told(last.talked_s)}"
            )
        case LegOutcome.ABANDONED.value:
            return f", and hung up {at} after {waited}"
        case LegOutcome.REFUSED.value:
            return f", and was turned away {at}"
        case LegOutcome.FAILED.value:
            return f", and the call failed {at}"
    return ""
