"""Reads records as facts: what a site or a node told, in the words that reports count.

Rule of this file: this is the one place that knows how records say things. A record of a version
before lacks words; what it means is read from those it has.
"""

from __future__ import annotations

from collections.abc import Iterable

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
    callers: list[CallLegRecord] = []
    agents: list[CallLegRecord] = []
    promises: list[Promise] = []
    spells: list[Spell] = []
    channels: list[ChannelUse] = []
    all_busy: list[AllBusy] = []
    decided: list[Decided] = []
    for one in once(records):
        if isinstance(one, CallLegRecord):
            if one.leg == "agent":
                agents.append(one)
            elif one.leg == "callback":
                promises.append(_promise(one))
            elif one.leg == "caller":
                callers.append(one)
            channels += _channel(one)
        elif isinstance(one, AgentStateRecord):
            spells.append(_spell(one))
        elif isinstance(one, TrunkBusyRecord):
            all_busy.append(_all_busy(one))
        elif one.mode in LIVE:
            decided.append(_decided(one))
    return Facts(
        stays=_stays(callers),
        works=_works(agents, callers),
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


def _stays(callers: Iterable[CallLegRecord]) -> tuple[Stay, ...]:
    """What was offered: neither a further part of an earlier stay, nor who was called back as
    promised, whose wait at home is no wait on the line."""
    stays = [stay_of(one) for one in callers if one.outcome != LegOutcome.CONTINUED.value]
    promised = {one.interaction_id: one.decided_us for one in stays if one.end is End.CALLBACK}
    return tuple(
        one
        for one in stays
        if one.end is End.CALLBACK
        or one.offered_us < promised.get(one.interaction_id, one.offered_us + 1)
    )


def _works(agents: Iterable[CallLegRecord], callers: Iterable[CallLegRecord]) -> tuple[Work, ...]:
    """Agents' parts. What the caller's leg alone tells is that of the agent who talked last: hold,
    and that the caller was passed on."""
    stay_of_part = {one.leg_id: one for one in callers if one.leg_id}
    last = {
        one.parent_leg_id: one.leg_id
        for one in sorted(agents, key=lambda one: (one.ended_unix_s, one.leg_id))
        if one.connected_unix_s and one.parent_leg_id
    }
    return tuple(
        _work(
            one,
            stay_of_part.get(one.parent_leg_id),
            is_last=last.get(one.parent_leg_id) == one.leg_id,
        )
        for one in agents
    )


def stay_of(leg: CallLegRecord) -> Stay:
    """A caller's leg."""
    end = _end(leg)
    offered_us = us(leg.queued_unix_s or leg.started_unix_s)
    waited_us = us(leg.waited_s)
    connected = leg.connected_unix_s if end is End.ANSWERED else 0.0
    decided_us = us(connected or leg.ended_unix_s) or offered_us + waited_us
    return Stay(
        interaction_id=leg.interaction_id,
        leg_id=leg.leg_id,
        site=leg.site,
        queue=leg.queue,
        end=end,
        offered_us=offered_us,
        decided_us=max(decided_us, offered_us),
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


def _work(leg: CallLegRecord, stay: CallLegRecord | None, *, is_last: bool) -> Work:
    held_s = leg.held_s
    if not held_s and stay is not None and is_last:
        held_s = min(stay.held_s, leg.talked_s)
    # An agent's leg that tells no hold tells talk with it.
    talked_s = leg.talked_s if leg.held_s else leg.talked_s - held_s
    entry_site = leg.entry_site or (stay.entry_site if stay else "")
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
        talked_us=us(talked_s),
        held_us=us(held_s),
        acw_us=us(leg.acw_s),
        passed_on=is_last and stay is not None and stay.end_reason == PASSED_ON,
        foreign=entry_site not in ("", leg.site) or bool(stay and stay.token),
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
