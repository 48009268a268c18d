"""Joins what is known of one caller (decisions, moves, legs) into one story in the order of time.

Rule of this file: pure, and it invents nothing: what was not told is named as missing. Clocks of
sites and nodes differ a little, so what follows from something stands behind it, whatever its time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from nrcli.explaining import leg_words
from nrcli.explaining.decision_words import Conditions, decision_told
from nrcli.explaining.headlines import headline
from nrcli.explaining.spans import clock_told, span_told
from nrcli.explaining.way_words import ENDINGS, by_method, status_told
from nrcli.wire.api_models import CallInMotion, Decision, QueueEntry
from nrcli.wire.explanation_models import DecisionTold, Explanation, Moment
from nrcli.wire.history_messages import CallLegRecord, LegOutcome
from nrcli.wire.messages import MoveOutcome

NO_CONDITIONS: Mapping[tuple[str, int], Conditions] = {}
AFTER_S = 1e-6
"By so much what follows from something stands behind it."
_DECIDES_NOTHING = ("shadow", "dry run")
_WAITS_ON = ("stay", "network_queue", "retry_after", "announce", "act_locally", "deadline")
_STATES = {
    "answered": "the site of origin has been told to move the call",
    "taken": "the other site has accepted the call",
    "arrived": "the other site has the caller",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTold:
    """How a move ended, by the word of its origin."""

    at_unix_s: float
    request_id: str
    origin_site: str
    target_site: str
    method: str = ""
    outcome: str = ""
    sip_status: int = 0
    took_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that was found of one interaction."""

    interaction_id: str
    decisions: Sequence[Decision] = ()
    legs: Sequence[CallLegRecord] = ()
    moves: Sequence[MoveTold] = ()
    moving: Sequence[CallInMotion] = ()
    "Its moves that are on their way now."
    waiting: Sequence[QueueEntry] = ()
    "Its entries in the network queue now."
    conditions: Mapping[tuple[str, int], Conditions] = field(default_factory=dict)
    "By policy and version."
    recorded: bool = True
    "Records are kept: this network has a Redis, and it is in reach."


@dataclass(slots=True)
class _Item:
    """One moment with its place in the story."""

    order: float
    rank: int
    moment: Moment
    sentences: tuple[str, ...]


def explanation_of(call: str, known: Known) -> Explanation:
    """The whole of it. `call`: what was asked for."""
    decisions = sorted(known.decisions, key=lambda one: (one.at_unix_s, one.decision_id))
    told = [
        decision_told(one, known.conditions.get((one.policy, one.policy_version), {}))
        for one in decisions
    ]
    live = [
        (one, words)
        for one, words in zip(decisions, told, strict=True)
        if one.mode not in _DECIDES_NOTHING
    ]
    callers = _callers(known.legs)
    items = [*_legs_told(callers, known), *_decisions_told(live), *_moves_told(callers, known)]
    items.sort(key=lambda one: (one.order, one.rank))
    shadows = [one for one in told if one.mode == "shadow"]
    story = [sentence for one in items for sentence in one.sentences]
    return Explanation(
        call=call,
        interaction_id=known.interaction_id,
        headline=headline([one for one, _ in live], callers),
        story=(*story, *_now_told(known), *_shadows_told(shadows)),
        decisions=tuple(told),
        moments=tuple(one.moment for one in items),
        missing=_missing([one for one, _ in live], callers, known),
    )


# ---- legs


def _callers(legs: Sequence[CallLegRecord]) -> list[CallLegRecord]:
    """Callers' legs in their order, each once; a leg follows the one that it came from."""
    found = {one.leg_id or f"{one.site}/{one.call_id}": one for one in legs if one.leg == "caller"}
    left = {one.left_token: one for one in found.values() if one.left_token}
    waiting = sorted(found.values(), key=lambda leg: leg.queued_unix_s or leg.started_unix_s)
    ordered: list[CallLegRecord] = []
    while waiting:
        ready = next(
            (one for one in waiting if left.get(one.token) not in waiting or not one.token),
            waiting[0],
        )
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def _legs_told(callers: Sequence[CallLegRecord], known: Known) -> list[_Item]:
    parts = leg_words.parts_of(known.legs)
    left = {one.left_token: one for one in callers if one.left_token}
    there = {one.token: one for one in callers if one.token}
    decided = [one for one in known.decisions if one.outcome == "move"]
    items: list[_Item] = []
    floor, promised = 0.0, False
    for leg in callers:
        came_from = left.get(leg.token) if leg.token else None
        came = leg_words.came_told(leg, came_from, called_back=promised and came_from is None)
        promised = promised or leg.outcome == LegOutcome.CALLBACK.value
        floor = max(came.at_unix_s, floor if leg.token else 0.0)
        items.append(_item(came, floor, 0))
        arrived = there.get(leg.left_token) if leg.left_token else None
        for one in leg_words.served_told(leg, parts.get(leg.leg_id, ())):
            passed_on = arrived is not None and one.at_unix_s >= arrived.queued_unix_s
            if one.kind != "waits" or not passed_on:
                items.append(_item(one, max(one.at_unix_s, floor), 3))
        ended = leg_words.ended_told(leg)
        if ended is None:
            continue
        at_unix_s = ended.at_unix_s
        floor = max(floor, _decided_at(decided, leg))
        if leg.outcome == LegOutcome.MOVED_OUT.value and arrived is not None:
            at_unix_s = min(at_unix_s, arrived.queued_unix_s or at_unix_s)
            ended = ended.model_copy(update={"at_unix_s": at_unix_s})
        rank = 2 if ended.kind == "moves" else 4
        items.append(_item(_with_time(ended, leg, callers, known), max(at_unix_s, floor), rank))
        if ended.kind == "moves":
            floor = max(at_unix_s, floor) + AFTER_S
    newest = max((one.moment.at_unix_s + one.moment.lasted_s for one in items), default=0.0)
    for promise in known.legs:
        if promise.leg == "callback":
            told = leg_words.promise_told(promise)
            at_unix_s = promise.ended_unix_s or max(newest, promise.started_unix_s)
            items.append(_item(told.model_copy(update={"at_unix_s": at_unix_s}), inf, 5))
    return items


def _decided_at(decided: list[Decision], leg: CallLegRecord) -> float:
    """When NIRC decided the move by which the caller left; 0: none that is known."""
    if leg.outcome != LegOutcome.MOVED_OUT.value or leg.left_token.startswith(
        leg_words.PLAN_STARTS
    ):
        return 0.0
    for one in decided:
        if (one.origin_site, one.target_site) == (leg.site, leg.target_site):
            decided.remove(one)
            return one.at_unix_s + AFTER_S
    return 0.0


def _with_time(
    ended: Moment, leg: CallLegRecord, callers: Sequence[CallLegRecord], known: Known
) -> Moment:
    """The move that took the caller away also says how long it took, where its origin told so."""
    if ended.kind != "moves":
        return ended
    same = [one for one in callers if _left_for(one) == _left_for(leg)]
    arrived = _arrived(known, *_left_for(leg))
    place = same.index(leg)
    if place >= len(arrived) or arrived[place].took_s <= 0:
        return ended
    took_s = arrived[place].took_s
    text = f"{ended.text.removesuffix('.')}, which took {span_told(took_s)}."
    return ended.model_copy(update={"text": text, "lasted_s": took_s})


def _left_for(leg: CallLegRecord) -> tuple[str, str]:
    return leg.site, leg.target_site.removeprefix(leg_words.HANDLER)


def _arrived(known: Known, origin: str, target: str) -> list[MoveTold]:
    return [
        one
        for one in sorted(known.moves, key=lambda move: move.at_unix_s)
        if one.outcome == MoveOutcome.ARRIVED.value
        and (one.origin_site, one.target_site.removeprefix(leg_words.HANDLER)) == (origin, target)
    ]


# ---- decisions


def _decisions_told(live: Sequence[tuple[Decision, DecisionTold]]) -> list[_Item]:
    """Each decision whole; of the same answer again and again how often."""
    items: list[_Item] = []
    before: Decision | None = None
    repeated: list[Decision] = []
    for decision, words in live:
        if before is not None and _same(before, decision):
            repeated.append(decision)
            continue
        items += _repeated_told(repeated)
        repeated = []
        items.append(_decision_item(decision, words.sentences))
        before = decision
    return [*items, *_repeated_told(repeated)]


def _same(one: Decision, other: Decision) -> bool:
    return one.outcome in _WAITS_ON and (
        (one.outcome, one.reason, one.rules, one.policy, one.policy_version, one.origin_site)
        == (
            *(other.outcome, other.reason, other.rules),
            *(other.policy, other.policy_version, other.origin_site),
        )
    )


def _repeated_told(repeated: Sequence[Decision]) -> list[_Item]:
    if not repeated:
        return []
    last = repeated[-1]
    times = "once more" if len(repeated) == 1 else f"{len(repeated)} more times"
    text = f"NIRC was asked {times}, until {clock_told(last.at_unix_s)}, with the same outcome."
    item = _decision_item(last, (text,))
    item.order = repeated[0].at_unix_s
    return [item]


def _decision_item(decision: Decision, sentences: tuple[str, ...]) -> _Item:
    moment = Moment(
        at_unix_s=max(0.0, decision.at_unix_s - decision.took_s),
        lasted_s=round(decision.took_s, 4),
        site=decision.node,
        kind="asks",
        text=sentences[-1],
        decision_id=decision.decision_id,
    )
    return _Item(decision.at_unix_s, 1, moment, sentences)


def _shadows_told(shadows: Sequence[DecisionTold]) -> list[str]:
    if not shadows:
        return []
    return [f"A shadow version was asked as well and decided nothing. {shadows[-1].sentences[-1]}"]


# ---- moves


def _moves_told(callers: Sequence[CallLegRecord], known: Known) -> list[_Item]:
    """Moves that failed; those that succeeded are told by the leg, once it is there."""
    items: list[_Item] = []
    legs_left = [_left_for(one) for one in callers if one.left_token or one.target_site]
    decided = {one.request_id: one for one in known.decisions}
    for move in known.moves:
        arrived = move.outcome == MoveOutcome.ARRIVED.value
        to = move.target_site.removeprefix(leg_words.HANDLER)
        if arrived and (move.origin_site, to) in legs_left:
            legs_left.remove((move.origin_site, to))
            continue
        items.append(_move_item(move, to, decided.get(move.request_id)))
    return items


def _move_item(move: MoveTold, to: str, decision: Decision | None) -> _Item:
    how = by_method(move.method)
    status = f" ({status_told(move.sip_status)})" if move.sip_status else ""
    took = f" after {span_told(move.took_s)}" if move.took_s > 0 else ""
    callback = decision is not None and decision.about == "callback_offer"
    arrived = move.outcome == MoveOutcome.ARRIVED.value
    if callback:
        ended = "reached the caller" if arrived else ENDINGS.get(move.outcome, move.outcome)
        text = f"The call back from {to} {ended}{took}."
    elif arrived:
        text = f"{move.origin_site} moved the caller to {to} {how}{status}{took}.".replace(
            "  ", " "
        )
    else:
        tried = f", tried {how}," if how else ""
        kept = (
            ""
            if move.outcome in ("caller_gone", "unresolved")
            else (f" The caller kept their place at {move.origin_site}.")
        )
        ended = ENDINGS.get(move.outcome, move.outcome)
        text = f"The move to {to}{tried} {ended}{status}{took}.{kept}"
    moment = Moment(
        at_unix_s=max(0.0, move.at_unix_s - move.took_s),
        lasted_s=round(move.took_s, 4),
        site=move.origin_site,
        kind="moves" if arrived else "fails",
        text=text,
    )
    order = move.at_unix_s if decision is None else max(move.at_unix_s, decision.at_unix_s)
    return _Item(order, 2, moment, (text,))


# ---- now, and what is missing


def _now_told(known: Known) -> list[str]:
    lines = [
        f"The caller is on the way from {one.origin_site} to {one.target_site} now:"
        f" {_STATES.get(one.state, one.state)}, for {span_told(one.age_s)}."
        for one in known.moving
    ]
    for entry in known.waiting:
        who = "A call back is due" if entry.kind == "callback" else "The caller waits"
        lines.append(
            f"{who} in the network queue for {entry.service} now, {entry.position}. in turn, for"
            f" {span_told(entry.waited_s)}."
        )
    return lines


def _missing(
    live: Sequence[Decision], callers: Sequence[CallLegRecord], known: Known
) -> tuple[str, ...]:
    lines = []
    if not known.recorded:
        lines.append(
            "Records cannot be read (no Redis, or it is out of reach): only what this node"
            " remembers is told, and nothing of what became of the caller."
        )
        return tuple(lines)
    at_sites = {one.site for one in callers}
    for decision in live:
        target = decision.target_site
        if decision.outcome not in ("move", "redirect", "redirect_default") or not target:
            continue
        failed = any(
            move.request_id == decision.request_id and move.outcome != MoveOutcome.ARRIVED.value
            for move in known.moves
        )
        under_way = any(one.request_id == decision.request_id for one in known.moving)
        if target not in at_sites and not failed and not under_way:
            lines.append(
                f"{target} has told nothing of the caller yet; a site does when the call has ended"
                " there, and records are kept for a while only."
            )
    by_plan = any(one.left_token.startswith(leg_words.PLAN_STARTS) for one in callers)
    if not live and not by_plan:
        lines.append("No question to NIRC about this caller is recorded.")
    return tuple(dict.fromkeys(lines))


def _item(moment: Moment, order: float, rank: int) -> _Item:
    return _Item(order, rank, moment, (moment.text,))
