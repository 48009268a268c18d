"""Reads records as facts: what a site or a node told, in the words that reports count.

Rule of this file: this is the one place that knows how records say things. A record of a version
before lacks words; what it means is read from those it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from nrcli.reports.facts import (
    AllBusy,
    ChannelUse,
    Decided,
    End,
    Facts,
    Promise,
    Spell,
    Stay,
    Work,
)
from nrcli.reports.periods import US
from nrcli.wire.history_messages import (
    AgentStateRecord,
    CallLegRecord,
    LegOutcome,
    SiteRecord,
    TrunkBusyRecord,
)
from nrcli.wire.record_tables import DecisionRow

Record = SiteRecord | DecisionRow
ENDS = {
    LegOutcome.ANSWERED.value: End.ANSWERED,
    LegOutcome.ABANDONED.value: End.ABANDONED,
    LegOutcome.MOVED_OUT.value: End.MOVED_OUT,
    LegOutcome.REDIRECTED.value: End.REDIRECTED,
    LegOutcome.REFUSED.value: End.REFUSED,
    LegOutcome.FAILED.value: End.FAILED,
    LegOutcome.CALLBACK.value: End.CALLBACK,
}
GAVE_UP = frozenset({End.ABANDONED, End.FAILED})
NO_ANSWER_CAUSES = frozenset({18, 19, 102})
"""ITU-T Q.850: no user responding, no answer from user (alerted), recovery on timer expiry. A call
that ends so before an agent talked was given up by the carrier's timer, and by no caller."""
TO_HANDLER, PASSED_ON, ANSWERED = "to_handler", "passed_on", "answered"
"Why a leg ended, in the words of sites."
LIVE = frozenset({"live", "canary"})
"Decisions that had an effect."


def facts_of(records: Iterable[Record]) -> Facts:
    """All facts of these records. One that was told twice counts once."""
    stays: list[Stay] = []
    told: dict[str, _OfCaller] = {}
    parts: list[tuple[str, str, Work]] = []
    promises: list[Promise] = []
    spells: list[Spell] = []
    channels: list[ChannelUse] = []
    all_busy: list[AllBusy] = []
    decided: list[Decided] = []
    for one in once(records):
        if isinstance(one, CallLegRecord):
            if one.leg == "agent":
                parts.append((one.parent_leg_id, one.leg_id, _work(one)))
            elif one.leg == "callback":
                promises.append(_promise(one))
            elif one.leg == "caller":
                told[one.leg_id] = _of_caller(one)
                if one.outcome != LegOutcome.CONTINUED.value:
                    stays.append(stay_of(one))
            channels += _channel(one)
        elif isinstance(one, AgentStateRecord):
            spells.append(_spell(one))
        elif isinstance(one, TrunkBusyRecord):
            all_busy.append(_all_busy(one))
        elif one.mode in LIVE:
            decided.append(_decided(one))
    return Facts(
        stays=_without_called_back(stays),
        works=_with_callers(parts, told),
        promises=tuple(promises),
        spells=tuple(spells),
        channels=tuple(channels),
        all_busy=tuple(all_busy),
        decided=tuple(decided),
    )


def once(records: Iterable[Record]) -> Iterable[Record]:
    """Each record once: by its number among those of its kind, where its site numbers them."""
    seen: set[object] = set()
    for one in records:
        key: object = one
        if isinstance(one, DecisionRow):
            key = one.decision_id
        elif one.incarnation:
            key = (type(one), one.site, one.incarnation, one.number)
        if key not in seen:
            seen.add(key)
            yield one


def _without_called_back(stays: Sequence[Stay]) -> tuple[Stay, ...]:
    """Who was called back as promised is not offered anew: a wait at home is none on the line."""
    promised = {one.interaction_id: one.decided_us for one in stays if one.end is End.CALLBACK}
    return tuple(
        one
        for one in stays
        if one.end is End.CALLBACK
        or one.offered_us < promised.get(one.interaction_id, one.offered_us + 1)
    )


class _OfCaller(NamedTuple):
    """What the caller's leg alone tells of the work on it."""

    held_us: int
    is_passed_on: bool
    is_foreign: bool


def _of_caller(leg: CallLegRecord) -> _OfCaller:
    is_foreign = leg.entry_site not in ("", leg.site) or bool(leg.token)
    return _OfCaller(us(leg.held_s), leg.end_reason == PASSED_ON, is_foreign)


def _with_callers(
    parts: Sequence[tuple[str, str, Work]], told: Mapping[str, _OfCaller]
) -> tuple[Work, ...]:
    """Agents' parts, as (caller's leg, own leg, work), with what the caller's leg tells: hold, and
    that the caller was passed on, are of the agent who talked last."""
    last = {
        caller: own
        for caller, own, work in sorted(parts, key=lambda part: (part[2].ended_us, part[1]))
        if work.answered and caller
    }
    return tuple(
        _joined(work, told[caller], is_last=last.get(caller) == own) if caller in told else work
        for caller, own, work in parts
    )


def _joined(work: Work, said: _OfCaller, *, is_last: bool) -> Work:
    foreign = work.foreign or said.is_foreign
    if not is_last:
        return replace(work, foreign=foreign)
    if not work.held_us:
        # An agent's leg that tells no hold tells talk with it.
        held_us = min(said.held_us, work.talked_us)
        work = replace(work, held_us=held_us, talked_us=work.talked_us - held_us)
    return replace(work, foreign=foreign, passed_on=said.is_passed_on)


def stay_of(leg: CallLegRecord) -> Stay:
    """A caller's leg."""
    end = _end(leg)
    offered_us = us(leg.queued_unix_s or leg.started_unix_s)
    waited_us = us(leg.waited_s)
    ended_us = us(leg.ended_unix_s) or offered_us + waited_us
    if end is End.ANSWERED:
        ended_us = us(leg.connected_unix_s) or offered_us + waited_us
    return Stay(
        interaction_id=leg.interaction_id,
        leg_id=leg.leg_id,
        site=leg.site,
        queue=leg.queue,
        end=end,
        offered_us=offered_us,
        decided_us=max(ended_us, offered_us),
        waited_us=waited_us,
        came_in=bool(leg.queue) and not (end is End.REFUSED and not leg.queued_unix_s),
        moved_in=bool(leg.token) and not leg.parent_leg_id,
        service=leg.service,
        tenant=leg.tenant,
        trunk_group=leg.trunk_group,
        agent=leg.agent,
        ani=leg.ani,
        token=leg.token,
        left_token=leg.left_token,
        target_site=leg.target_site,
        entry_site=leg.entry_site,
        method=leg.method,
        path=leg.path,
        reason=leg.end_reason,
        ewt_us=us(leg.ewt_s) if leg.ewt_known else None,
        threshold_us=us(leg.threshold_s),
    )


def us(seconds: float) -> int:
    """Seconds of a record as whole microseconds."""
    return round(seconds * US)


def _end(leg: CallLegRecord) -> End:
    end = ENDS.get(leg.outcome) or _end_of_before(leg)
    if end in GAVE_UP and leg.q850_cause in NO_ANSWER_CAUSES:
        return End.NO_ANSWER
    return end


def _end_of_before(leg: CallLegRecord) -> End:
    """What a site of a version before meant: it told who released the leg, and the talk."""
    if leg.end_reason == TO_HANDLER:
        return End.REDIRECTED
    if leg.talked_s > 0:
        return End.ANSWERED
    if leg.released_by in ("moved", "redirected"):
        return End.MOVED_OUT
    return End.ABANDONED if leg.released_by == "caller" else End.FAILED


def _work(leg: CallLegRecord) -> Work:
    return Work(
        interaction_id=leg.interaction_id,
        site=leg.site,
        agent=leg.agent,
        ended_us=us(leg.ended_unix_s),
        answered=leg.connected_unix_s > 0,
        queue=leg.queue,
        service=leg.service,
        tenant=leg.tenant,
        trunk_group=leg.trunk_group,
        rang_us=us(leg.rang_s),
        talked_us=us(leg.talked_s),
        held_us=us(leg.held_s),
        acw_us=us(leg.acw_s),
        foreign=leg.entry_site not in ("", leg.site),
    )


def _promise(leg: CallLegRecord) -> Promise:
    return Promise(
        site=leg.site,
        queue=leg.queue,
        reached=leg.outcome == LegOutcome.CALLBACK_SERVED.value or leg.end_reason == ANSWERED,
        ended_us=us(leg.ended_unix_s or leg.started_unix_s),
        service=leg.service,
        tenant=leg.tenant,
    )


def _channel(leg: CallLegRecord) -> Iterable[ChannelUse]:
    """A leg that held a channel. Agents' telephones are not on trunks."""
    if leg.trunk_group and leg.leg in ("caller", "bridge") and leg.ended_unix_s:
        yield ChannelUse(
            site=leg.site,
            trunk_group=leg.trunk_group,
            began_us=us(leg.setup_unix_s or leg.started_unix_s),
            ended_us=us(leg.ended_unix_s),
            tenant=leg.tenant,
        )


def _spell(one: AgentStateRecord) -> Spell:
    return Spell(
        site=one.site,
        agent=one.agent,
        state=one.state.value,
        began_us=us(one.began_unix_s),
        lasted_us=us(one.lasted_s),
        tenant=one.tenant,
        reason=one.reason,
    )


def _all_busy(one: TrunkBusyRecord) -> AllBusy:
    return AllBusy(
        site=one.site,
        trunk_group=one.trunk_group,
        began_us=us(one.began_unix_s),
        lasted_us=us(one.lasted_s),
    )


def _decided(one: DecisionRow) -> Decided:
    return Decided(
        interaction_id=one.interaction_id,
        request_id=one.request_id,
        origin_site=one.origin_site,
        outcome=one.outcome,
        target_site=one.target_site,
        at_us=us(one.at_unix_s),
    )
