"""What NIRC is told of a CTI: once, and nothing good while it is not heard."""

from __future__ import annotations

from nrcli.wire.messages import AgentQueue, AgentState
from site_agent.adapters.acd_events import (
    AgentChanged,
    CallEnded,
    HoldLost,
    HoldRefused,
    QueueChanged,
    TrunkChanged,
)
from site_agent.adapters.http_push.mirror import ENDED_KEPT, CallSeen, HoldSeen, Mirror
from site_agent.adapters.http_push.settings import QueueLimits


def mirror() -> Mirror:
    made = Mirror(queues={"sales": QueueLimits(places_max=3, aht_s=60.0)}, trunks={"carrier": 5})
    made.synced = made.holdable = True
    return made


def agent(state: AgentState, *queues: str) -> AgentChanged:
    members = tuple(AgentQueue(queue=queue) for queue in queues or ("sales",))
    return AgentChanged(agent="anna", state=state, queues=members)


def queue(waiting: int = 0, places: int = 9, aht_s: float = 0.0) -> QueueChanged:
    return QueueChanged(
        queue="sales",
        open=True,
        waiting_count=waiting,
        places_max=places,
        answered_count=0,
        abandoned_count=0,
        aht_s=aht_s,
        oldest_offered_at_s=None,
    )


def test_an_agent_is_told_when_it_is_new_and_only_in_known_queues() -> None:
    seen = mirror()
    told = seen.agent_said(agent(AgentState.READY, "sales", "unknown"))
    assert isinstance(told[0], AgentChanged)
    assert [one.queue for one in told[0].queues] == ["sales"]
    assert seen.agent_said(agent(AgentState.READY)) == []


def test_a_held_agent_is_reserved_and_not_ready_wins() -> None:
    seen = mirror()
    seen.agent_said(agent(AgentState.READY))
    hold = HoldSeen("h", "sales", "anna")
    seen.hold(hold)
    assert seen.state_of("anna") is AgentState.RESERVED
    hold.granted = True
    told = seen.agent_said(agent(AgentState.NOT_READY))
    assert told[0] == HoldLost(hold_id="h", reason="not_ready")
    assert seen.state_of("anna") is AgentState.NOT_READY


def test_a_hold_that_was_not_granted_yet_is_refused() -> None:
    seen = mirror()
    seen.agent_said(agent(AgentState.READY))
    seen.hold(HoldSeen("h", "sales", "anna"))
    assert seen.agent_gone("anna")[0] == HoldRefused(hold_id="h", reason="no_agent")
    seen.hold(HoldSeen("p", "sales"))
    assert seen.lose("p", "x") == [HoldRefused(hold_id="p", reason="no_place")]
    assert seen.lose("p", "x") == []


def test_who_is_rung_for_a_held_call_is_busy_until_the_cti_speaks() -> None:
    seen = mirror()
    seen.agent_said(agent(AgentState.RESERVED))
    seen.hold(HoldSeen("h", "sales", "anna"))
    seen.let_go("h", ringing=True)
    assert seen.state_of("anna") is AgentState.BUSY
    seen.agent_said(agent(AgentState.READY))
    assert seen.state_of("anna") is AgentState.READY


def test_settings_bound_what_the_cti_says() -> None:
    seen = mirror()
    found = seen.queue_said(queue())[0]
    assert isinstance(found, QueueChanged)
    assert (found.places_max, found.aht_s) == (3, 60.0)
    trunk = TrunkChanged(trunk_group="carrier", channels_max=30, channels_used_count=1)
    assert seen.trunk_said(trunk)[0].channels_max == 5  # type: ignore[union-attr]
    seen.hold(HoldSeen("p", "sales", by_count=True))
    assert seen.places_free("sales") == 2


def test_a_cti_that_is_not_heard_has_nothing_to_give() -> None:
    seen = mirror()
    seen.agent_said(agent(AgentState.READY))
    seen.queue_said(queue())
    seen.synced = False
    told = {type(one).__name__: one for one in seen.tell_all()}
    assert told["AgentChanged"].state is AgentState.NOT_READY  # type: ignore[union-attr]
    assert told["QueueChanged"].open is False  # type: ignore[union-attr]
    assert told["TrunkChanged"].channels_max == 0  # type: ignore[union-attr]
    assert seen.tell_all() == []
    seen.forget_told()
    assert len(seen.tell_all()) == 3


def test_a_call_ends_once_and_its_id_is_remembered_for_a_while() -> None:
    seen = mirror()
    seen.calls["c"] = CallSeen("sales")
    end = CallEnded(call_id="c", released_by="caller")
    assert seen.end_call(end) == [end]
    assert seen.end_call(end) == [] and seen.is_over("c")
    for number in range(ENDED_KEPT):
        seen.calls[str(number)] = CallSeen()
        seen.drop_call(str(number))
    assert not seen.is_over("c")
