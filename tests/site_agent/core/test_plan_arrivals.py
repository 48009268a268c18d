"""A call by the plan is taken by the target's own truth, or refused before any sound."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from peer_plans import alone, plan_text, plan_token, seconds
from site_playbook import SETTINGS, SitePlay, agent_of, trunk_of

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.actions import JournalPut
from site_agent.core.events import JournalRead, NodeLinkUp, WallTimeRead
from site_agent.core.plan_tokens import seal_of
from site_agent.core.settings import QueueRules


def arriving(token: str = "", call: str = "a1", **fields: Any) -> base.CallArriving:
    known = {"trunk_group": "network", "invite_key": f"k-{call}", "ani": "+351910000001"}
    return base.CallArriving(call_id=call, token=token or plan_token(), **(known | fields))


def ready(settings: Any = SETTINGS, *agents: str) -> SitePlay:
    play = alone(settings)
    for agent in agents or ("anna",):
        play.event(agent_of(agent))
    return play


def granted(play: SitePlay) -> SitePlay:
    hold = play.one(base.HoldAgent)
    return play.event(base.HoldGranted(hold_id=hold.hold_id, queue="sales", agent=hold.agent))


def reason(play: SitePlay) -> str:
    assert play.one(base.RefuseArrival).sip_status == 480
    assert [line["verdict"] for line in play.lines("call_arriving")] == ["refused"]
    return str(play.lines("plan_refused")[0]["reason"])


def test_it_is_held_and_used_in_one_breath() -> None:
    play = ready().event(arriving())
    assert play.one(base.HoldAgent).agent == "anna" and not play.all(base.AcceptArrival)
    granted(play)
    accept = play.one(base.AcceptArrival)
    assert (accept.agent, accept.queue, accept.answer_now) == ("anna", "sales", True)
    assert accept.waited_s == pytest.approx(42.0) and accept.priority == 3
    kinds = [a.kind for a in play.left if hasattr(a, "kind") and hasattr(a, "fields")]
    assert [k for k in kinds if k in ("hold", "hold_ended", "call_arriving")] == [
        "hold",
        "hold_ended",
        "call_arriving",
    ]
    assert play.lines("call_arriving")[0]["verdict"] == "accepted"
    assert play.daemon.view(play.now_s).queues[0].loan_count == 1


def test_the_acd_refuses_and_so_does_the_site() -> None:
    play = ready().event(arriving())
    hold = play.one(base.HoldAgent)
    play.event(base.HoldRefused(hold_id=hold.hold_id, reason="no_agent"))
    assert reason(play) == "the ACD holds nobody"
    assert play.daemon.view(play.now_s).holds_open_count == 0


def test_a_silent_acd_is_a_refusal_in_time() -> None:
    play = ready().event(arriving()).wait(1.1)
    assert reason(play) == "the ACD holds nobody"


def test_a_token_connects_one_call_once() -> None:
    play = ready(SETTINGS, "anna", "bruno")
    granted(play.event(arriving()))
    play.event(arriving(call="a2"))
    assert play.one(base.RefuseArrival).sip_status == 480
    play.event(arriving(call="a3", invite_key="k-a1"))
    assert play.one(base.RefuseArrival).sip_status == 482
    play.event(base.CallEnded(call_id="a1", released_by="caller", sip_status=0))
    play.wait(300.0)
    play.event(arriving(call="a4"))
    assert play.one(base.RefuseArrival).sip_status == 480
    assert not play.all(base.HoldAgent)


def test_what_its_origin_took_back_is_never_taken() -> None:
    play = ready()
    play.event(NodeLinkUp(node="n1"))
    play.said(msg.Cancel(token=plan_token(), request_id="r", from_site="porto", to_site="lisbon"))
    play.event(arriving())
    assert play.one(base.RefuseArrival).sip_status == 480 and not play.all(base.HoldAgent)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"token": plan_token(text=plan_text(8))}, "another plan"),
        ({"token": plan_token(key=b"j" * 32)}, "not proved"),
        ({"token": plan_token(target="faro")}, "for another site"),
        ({"token": plan_token(moves_since_person_count=2)}, "hop_budget"),
        ({"trunk_group": "carrier"}, "not by a trunk group of sites"),
    ],
)
def test_what_is_refused_and_why(fields: dict[str, Any], told: str) -> None:
    assert told in reason(ready().event(arriving(**fields)))


def test_nobody_ready_is_a_refusal() -> None:
    assert "no agent of sales" in reason(alone().event(arriving()))


def test_what_stays_for_own_callers_is_not_lent() -> None:
    rules = QueueRules(queue="sales", max_loan=2, min_reserve=1)
    settings = replace(SETTINGS, queues={"sales": rules})
    assert "min_reserve" in reason(ready(settings).event(arriving()))
    none = replace(SETTINGS, queues={"sales": replace(rules, shared=False)})
    assert "not_shared" in reason(ready(none).event(arriving()))


def test_channels_that_stay_for_own_callers_stay() -> None:
    trunks = {"network": replace(SETTINGS.trunks["network"], min_free=2)}
    play = ready(replace(SETTINGS, trunks=trunks))
    play.event(trunk_of("network", used=3, channels_max=4)).event(arriving())
    assert "min_free" in reason(play)


def test_no_more_at_once_and_in_a_minute_than_the_plan_says() -> None:
    settings = replace(SETTINGS, queues={"sales": QueueRules(queue="sales", max_loan=9)})
    play = ready(settings, "anna", "bruno", "carla")
    for number in range(2):
        granted(play.event(arriving(plan_token(str(number)), f"a{number}")))
        agent = play.one(base.AcceptArrival).agent
        play.event(agent_of(agent, msg.AgentState.BUSY))
    assert "2 calls by the plan are here" in reason(play.event(arriving(plan_token("9"), "a9")))
    play.event(base.CallEnded(call_id="a0", released_by="caller", sip_status=0))
    play.event(arriving(plan_token("10"), "a10"))
    assert play.all(base.HoldAgent)


def test_one_whom_an_agent_here_passed_on_is_here_still() -> None:
    settings = replace(SETTINGS, queues={"sales": QueueRules(queue="sales", max_loan=9)})
    play = ready(settings, "anna", "bruno", "carla")
    for number in range(2):
        granted(play.event(arriving(plan_token(str(number)), f"a{number}")))
        agent = play.one(base.AcceptArrival).agent
        play.event(base.CallConnected(call_id=f"a{number}", agent=agent, queue="sales"))
        play.event(agent_of(agent, msg.AgentState.BUSY))
    passed = base.TransferBegun(
        call_id="a0", agent="anna", service="billing", queue="sales", away=True
    )
    play.event(passed)
    assert "2 calls by the plan are here" in reason(play.event(arriving(plan_token("9"), "a9")))


def test_a_plan_that_ended_takes_nobody() -> None:
    play = ready()
    play.event(WallTimeRead(unix_s=1_900_000_000.0)).event(arriving())
    assert reason(play) == "no plan is in use"


def test_a_carriers_trunk_group_takes_them_where_the_site_says_so() -> None:
    """At an Asterisk carriers and other sites call one port."""
    trunks = SETTINGS.trunks | {"carrier": replace(SETTINGS.trunks["carrier"], plan_calls=True)}
    play = ready(replace(SETTINGS, trunks=trunks)).event(arriving(trunk_group="carrier"))
    assert play.one(base.HoldAgent).agent == "anna"


@pytest.mark.parametrize("form", ["long", "short"])
def test_data_that_came_along_is_believed_by_its_seal_alone(form: str) -> None:
    data, text = b'{"customer":7}', plan_text(tokens=form)
    token = plan_token(text=text, seal=seal_of(hashlib.sha256(data).digest()))

    def ready() -> SitePlay:
        return alone(text=text).event(agent_of("anna"))

    play = granted(ready().event(arriving(token, data=data)))
    assert play.one(base.AcceptArrival).data == data
    assert play.lines("data")[0]["reason"] == ""
    play = granted(ready().event(arriving(token, data=b'{"customer":8}')))
    accept = play.one(base.AcceptArrival)
    assert accept.data == b"" and accept.data_within_s > 0
    play.wait(1.0)
    assert play.lines("data")[0]["reason"] == "too_late"


def test_a_site_that_has_nirc_takes_calls_by_the_plan_too() -> None:
    play = seconds(ready(), 1)
    granted(play.event(arriving()))
    assert play.one(base.AcceptArrival)


def test_a_token_that_was_used_stays_used_over_a_restart() -> None:
    play = granted(ready().event(JournalRead()).event(arriving()))
    kept = {(a.kind, a.key): a.value for a in play.left if isinstance(a, JournalPut)}
    again = ready()
    entries = tuple((kind, key, value) for (kind, key), value in kept.items())
    again.event(JournalRead(entries=entries))
    again.wait(300.0)
    again.event(arriving(call="a7"))
    assert again.one(base.RefuseArrival).sip_status == 480 and not again.all(base.HoldAgent)
