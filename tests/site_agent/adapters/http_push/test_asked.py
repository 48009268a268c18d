"""Commands of the daemon: told on, or answered at once where the CTI cannot."""

from __future__ import annotations

from typing import Any

import pytest
from pushing_cti import Pushing, agent_is, enters

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.adapters.http_push.said_to_cti import ScreenPop

ARRIVES = {"type": "call_arriving", "call_id": "c1", "token": "nirc-a", "trunk_group": "network"}
DIAL = base.DialCaller(
    call_id="d1",
    hold_id="h1",
    agent="anna",
    queue="sales",
    service="sales",
    interaction_id="i1",
    number="+351",
    ring_s=20.0,
)


def accept(agent: str = "anna") -> base.AcceptArrival:
    return base.AcceptArrival(
        call_id="c1",
        hold_id="h1",
        interaction_id="i1",
        service="sales",
        queue="sales",
        agent=agent,
        waited_s=30.0,
        answer_now=True,
        data=b'{"customer":"C1"}',
    )


def held(**can: object) -> Pushing:
    cti = Pushing(pop=lambda shown: f"http://crm/{shown.ani}", **can)
    cti.begins("anna")
    cti.asks(base.HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    cti.says({"type": "hold_granted", "hold_id": "h1", "agent": "anna", "queue": "sales"})
    cti.reads()
    cti.take()
    return cti


def test_an_arrival_rings_the_held_agent_and_their_screen_is_told() -> None:
    cti = held()
    cti.says(ARRIVES | {"ani": "+44"})
    assert cti.take()[0].invite_key == "c1"  # type: ignore[union-attr]
    assert cti.asks(accept())[0].state is AgentState.BUSY  # type: ignore[union-attr]
    assert cti.reads() == [accept()]
    cti.says(
        {"type": "call_answered", "call_id": "c1"},
        {"type": "arrival_acknowledged", "call_id": "c1"},
        {"type": "call_connected", "call_id": "c1", "agent": "anna", "queue": "sales"},
        agent_is("anna", "busy"),
    )
    pop = cti.reads()[0]
    assert isinstance(pop, ScreenPop)
    assert (pop.agent, pop.url, pop.data) == ("anna", "http://crm/+44", b'{"customer":"C1"}')
    cti.asks(base.GiveData(call_id="c1", data=b'{"late":1}'))
    late = cti.reads()
    assert isinstance(late[0], base.GiveData) and isinstance(late[1], ScreenPop)
    assert late[1].data == b'{"late":1}'


def test_a_refused_arrival_is_forgotten_at_once() -> None:
    cti = held()
    cti.says(ARRIVES)
    cti.asks(base.RefuseArrival(call_id="c1", sip_status=480))
    assert isinstance(cti.reads()[0], base.RefuseArrival)
    answer = cti.says({"type": "call_ended", "call_id": "c1", "released_by": "site"})
    assert answer.notes == ("call c1: there is no such call now",)


def test_somebody_is_called_back_by_the_held_agent() -> None:
    cti = held()
    cti.asks(DIAL)
    assert cti.reads() == [DIAL]
    cti.says({"type": "caller_dialed", "call_id": "d1", "outcome": "answered"})
    told = cti.take()
    assert isinstance(told[0], base.CallerDialed)
    assert told[1].state is AgentState.BUSY  # type: ignore[union-attr]
    cti.says({"type": "call_ended", "call_id": "d1", "released_by": "agent"})
    assert isinstance(cti.take()[-1], base.CallEnded)


@pytest.mark.parametrize("says", [{"outcome": "busy"}, {}])
def test_a_call_back_that_fails_is_told_once(says: dict[str, Any]) -> None:
    cti = held()
    cti.asks(DIAL)
    cti.reads()
    cti.take()
    if says:
        cti.says({"type": "caller_dialed", "call_id": "d1"} | says)
    cti.passes(30.0)
    told = [one for one in cti.take() if isinstance(one, base.CallerDialed)]
    assert [one.outcome for one in told] == [says.get("outcome", "failed")]
    assert (
        "nobody" in cti.says({"type": "caller_dialed", "call_id": "d1", "outcome": "busy"}).notes[0]
    )


def test_what_the_cti_cannot_do_is_answered_here() -> None:
    cti = held(dial=False, announcements=[], announce=False, probe_caller=False)
    cti.says(enters())
    cti.take()
    assert cti.asks(DIAL) == [base.CallerDialed(call_id="d1", outcome="failed")]
    over = cti.asks(base.PlayAnnouncement(call_id="c1", name="welcome"))[0]
    assert isinstance(over, base.AnnouncementOver) and not over.played and over.problem
    assert cti.asks(base.ProbeCaller(call_id="c1")) == [base.CallerProbed(call_id="c1", alive=True)]
    assert cti.asks(base.ProbeCaller(call_id="unknown")) == []
    cti.asks(base.Announce(call_id="c1", position=1, ewt_s_min=1.0, ewt_s_max=2.0))
    assert cti.reads() == []


def test_an_announcement_is_over_when_the_cti_says_so_or_after_its_time() -> None:
    cti = held()
    cti.says(enters())
    for says in (True, False):
        cti.asks(base.PlayAnnouncement(call_id="c1", name="welcome"))
        cti.reads()
        cti.take()
        over = {"type": "announcement_over", "call_id": "c1", "name": "welcome", "played": True}
        if says:
            cti.says(over)
        cti.passes(301.0, step_s=4.0)
        found = [one for one in cti.take() if isinstance(one, base.AnnouncementOver)]
        assert [one.played for one in found] == [says]


def test_commands_for_a_call_are_told_while_it_is_there() -> None:
    commands: list[base.AcdCommand] = [
        base.SetAgeing(call_id="c1", every_s=1.0, most=3),
        base.Announce(call_id="c1", position=1, ewt_s_min=1.0, ewt_s_max=2.0),
        base.ProbeCaller(call_id="c1"),
        base.RejectCall(call_id="c1", reason="busy"),
    ]
    cti = held()
    for command in commands:
        cti.asks(command)
    assert cti.reads() == []
    cti.says(enters())
    for command in commands:
        cti.asks(command)
    assert cti.reads() == commands
    cti.take()
    cti.passes(11.0)
    assert [type(one) for one in cti.take()] == [base.CallEnded]


def test_a_closed_queue_is_told_again_to_a_new_session() -> None:
    cti = held()
    close = base.SetQueueClosed(queue="sales", closed=True)
    cti.asks(close)
    cti.asks(base.SetQueueClosed(queue="nowhere", closed=True))
    assert cti.reads() == [close]
    cti.begins("anna")
    assert close in cti.reads()
    cti.asks(base.SetQueueClosed(queue="sales", closed=False))
    cti.reads()
    cti.begins("anna")
    assert close not in cti.reads()
