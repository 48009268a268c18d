"""Tells what became of a caller at one site, from the records of legs.

Rule of this file: a leg gives moments, each a whole sentence with its time; what ties legs of
several sites together stands in `story`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nrcli.explaining.spans import span_told
from nrcli.explaining.way_words import by_method_fully, status_told
from nrcli.records.csv_rows import masked
from nrcli.wire.explanation_models import Moment
from nrcli.wire.history_messages import CallLegRecord, LegOutcome

PLAN_STARTS = ("nirc-plan-", "nirc-p-")
"How a token begins that no leader gave: of the peer plan."
BLIND = "blind:"
CALLBACK = "callback:"
HANDLER = "handler:"
_WHO_HUNG_UP = {
    "caller": "the caller hung up",
    "agent": "{agent} hung up",
    "site": "the site ended it",
}
_ENDED = {
    "busy": "all lines are busy",
    "closed": "the service is closed",
    "blocked": "the caller is blocked",
    "not_in_service": "the number is not in service",
    "try_later": "they should try later",
    "channels": "no channel was free",
    "load": "the site had too much to do",
    "places": "the queue was full",
}
_CALLBACKS = {
    "answered": "The caller was called back and talked with an agent.",
    "attempts_over": "The caller could not be reached: all attempts were made in vain.",
    "window_over": "The caller was not called back: the time promised was over.",
    "taken_out": "The caller was not called back: an operator took the promise out of the queue.",
}


def came_told(
    leg: CallLegRecord, came_from: CallLegRecord | None, *, called_back: bool = False
) -> Moment:
    """How the caller came into a queue of this site."""
    service = f" for {leg.service}" if leg.service and leg.service != leg.queue else ""
    queue = f"queue {leg.queue}{service}" if leg.queue else "no queue"
    if leg.parent_leg_id:
        text = f"At {leg.site} an agent passed the caller on to {queue}."
    elif came_from is not None:
        kept = span_told(max(0.0, leg.queued_unix_s - leg.offered_unix_s))
        text = f"{leg.site} had the caller for {queue}, the {kept} since they first waited kept."
    elif leg.token:
        text = f"{leg.site} had the caller for {queue}, sent by another site."
        if called_back:
            text = f"{leg.site} rang the caller back, for {queue}."
    elif leg.outcome == LegOutcome.REFUSED.value and not leg.queued_unix_s:
        text = f"{_caller(leg)} rang {leg.site}{_door(leg)} and was turned away."
    else:
        text = f"{_caller(leg)} rang {leg.site}{_door(leg)} and came into {queue}."
    at_unix_s = leg.queued_unix_s or leg.started_unix_s
    until_unix_s = leg.connected_unix_s or leg.ended_unix_s
    return Moment(
        at_unix_s=at_unix_s,
        lasted_s=round(max(0.0, until_unix_s - at_unix_s), 3),
        site=leg.site,
        kind="waits",
        text=text,
    )


def served_told(leg: CallLegRecord, parts: Sequence[CallLegRecord]) -> list[Moment]:
    """What agents and the site did with the caller, up to the end of the leg."""
    told: list[Moment] = []
    for part in parts:
        told += _part_told(leg, part)
    if leg.answered_unix_s and not 0 <= leg.connected_unix_s - leg.answered_unix_s < 0.5:
        text = f"{leg.site} answered the caller, who heard music or an announcement."
        told.append(_moment(leg, leg.answered_unix_s, "waits", text))
    if leg.connected_unix_s and leg.leg == "caller":
        told.append(_connected(leg))
    return sorted(told, key=lambda one: one.at_unix_s)


def ended_told(leg: CallLegRecord) -> Moment | None:
    """How the leg ended; None where the next leg says it."""
    outcome, site = leg.outcome, leg.site
    text, kind = "", "ends"
    if outcome == LegOutcome.MOVED_OUT.value:
        kind, text = "moves", left_told(leg)
    elif outcome == LegOutcome.ANSWERED.value:
        text = _talk_over(leg)
    elif outcome == LegOutcome.ABANDONED.value:
        text = f"The caller hung up at {site} after {span_told(leg.waited_s)}, before any agent."
    elif outcome == LegOutcome.REDIRECTED.value:
        kind = "moves"
        to = leg.target_site.removeprefix(HANDLER) or "a handler"
        text = f"{site} sent the caller to {to}{_by(leg)}{_status(leg)}."
    elif outcome == LegOutcome.REFUSED.value:
        why = _ENDED.get(leg.end_reason, leg.end_reason or "not said")
        text = f"{site} turned the caller away: {why}{_status(leg)}."
    elif outcome == LegOutcome.CALLBACK.value:
        kind = "promise"
        text = (
            f"{site} promised to call the caller back after {span_told(leg.waited_s)}, and let go."
        )
    elif outcome == LegOutcome.FAILED.value:
        text = f"The call at {site} failed{_status(leg)}; nobody had ended it."
    return _moment(leg, leg.ended_unix_s, kind, text) if text else None


def promise_told(leg: CallLegRecord) -> Moment:
    """How a promised callback ended."""
    text = _CALLBACKS.get(leg.end_reason, f"The promised callback ended: {leg.end_reason}.")
    at_unix_s = leg.ended_unix_s or leg.started_unix_s
    return Moment(at_unix_s=at_unix_s, site=leg.site, kind="promise", text=text)


def left_told(leg: CallLegRecord) -> str:
    """How the caller left for another site."""
    to, queue = leg.target_site, f", queue {leg.target_queue}" if leg.target_queue else ""
    if leg.left_token.startswith(PLAN_STARTS):
        by_whom = " by the peer plan, without NIRC,"
    elif to.startswith(BLIND):
        to = "another centre's public number"
        by_whom = " with neither NIRC nor a plan"
    else:
        by_whom = ""
    moved = f"{leg.site} moved the caller to {to or 'another site'}{queue}"
    return f"{moved}{by_whom}{_by(leg)}{_status(leg)}."


def parts_of(legs: Iterable[CallLegRecord]) -> Mapping[str, list[CallLegRecord]]:
    """Agents' parts by the caller's leg that they belong to, in the order of time."""
    found: dict[str, list[CallLegRecord]] = {}
    for one in sorted(legs, key=lambda leg: leg.started_unix_s):
        if one.leg == "agent":
            found.setdefault(one.parent_leg_id, []).append(one)
    return found


def _part_told(leg: CallLegRecord, part: CallLegRecord) -> list[Moment]:
    if part.end_reason == "unanswered":
        rung = f"{part.agent} was rung for {span_told(part.rang_s)} at {part.site}"
        text = f"{rung}, and did not answer."
        return [_moment(part, part.started_unix_s, "rings", text, lasted_s=part.rang_s)]
    if part.rang_s > 0:
        begun = "was held for the caller and rung" if leg.token else "was rung"
        text = f"{part.agent} {begun}, {span_told(part.rang_s)} until the answer."
        return [_moment(part, part.started_unix_s, "rings", text, lasted_s=part.rang_s)]
    return []


def _connected(leg: CallLegRecord) -> Moment:
    who = f"agent {leg.agent}" if leg.agent else "an agent"
    text = f"After {span_told(leg.waited_s)} in all the caller talked with {who} at {leg.site}."
    return _moment(leg, leg.connected_unix_s, "talks", text, lasted_s=leg.talked_s)


def _talk_over(leg: CallLegRecord) -> str:
    if leg.end_reason == "passed_on":
        return ""
    told = _WHO_HUNG_UP.get(leg.released_by, "").format(agent=leg.agent or "the agent")
    after = f"After {span_told(leg.talked_s)} of talk "
    if leg.released_by in ("moved", "redirected"):
        to = leg.target_site.removeprefix(HANDLER)
        return f"{after}the caller was passed on{f' to {to}' if to else ''}{_by(leg)}."
    return f"{after}{told or 'the call ended'}."


def _moment(
    leg: CallLegRecord, at_unix_s: float, kind: str, text: str, *, lasted_s: float = 0.0
) -> Moment:
    return Moment(
        at_unix_s=at_unix_s,
        lasted_s=round(lasted_s, 3),
        site=leg.site,
        kind=kind,
        text=text,
        agent=leg.agent if kind in ("rings", "talks") else "",
    )


def _caller(leg: CallLegRecord) -> str:
    return f"A caller ({masked(leg.ani)})" if leg.ani else "A caller who withheld the number"


def _door(leg: CallLegRecord) -> str:
    number = f" by {leg.dialed_number}" if leg.dialed_number else ""
    return f"{number} on trunk group {leg.trunk_group}" if leg.trunk_group else number


def _by(leg: CallLegRecord) -> str:
    how = by_method_fully(leg.method)
    return f" {how}" if how else ""


def _status(leg: CallLegRecord) -> str:
    return f" ({status_told(leg.sip_status)})" if leg.sip_status else ""
