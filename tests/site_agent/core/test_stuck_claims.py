"""An agent who is reserved for nobody is freed, told and counted; one who is held is left alone."""

from site_playbook import SitePlay, agent_of, held, led

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import ReleaseHold
from site_agent.core.actions import ClearAlarm, RaiseAlarm
from site_agent.core.events import WallTimeRead

RESERVED = AgentState.RESERVED


def second(play: SitePlay, at_s: float) -> SitePlay:
    return play.event(WallTimeRead(unix_s=1e9 + at_s), at_s)


def test_reserved_for_nobody_is_freed_after_its_time_and_again_if_it_stays_so() -> None:
    play = led().event(agent_of("anna", RESERVED))
    for at_s in (200.0, 205.0, 209.9):
        assert not second(play, at_s).all(ReleaseHold)
    assert second(play, 210.0).one(ReleaseHold) == ReleaseHold(hold_id="", agent="anna")
    assert play.lines("claim_freed") == [{"agent": "anna"}]
    assert play.one(RaiseAlarm).place == "anna"
    assert not second(play, 215.0).all(ReleaseHold)
    assert second(play, 220.0).all(ReleaseHold) and not play.all(RaiseAlarm)
    assert play.daemon.view(220.0).counters["stuck_claims_freed"] == 2
    play.event(agent_of("anna"), 221.0)
    assert second(play, 222.0).one(ClearAlarm).code == "stuck_claim"


def test_who_is_held_is_left_to_the_holds_own_time() -> None:
    play = led().event(agent_of("anna"))
    held(play, "anna", expires_s=100.0)
    play.event(agent_of("anna", RESERVED))
    for number in range(30):
        assert not second(play, play.now_s + 1.0).all(ReleaseHold), number


def test_a_short_while_between_hold_and_state_is_nothing() -> None:
    play = led().event(agent_of("anna", RESERVED))
    second(play, 200.0)
    play.event(agent_of("anna"), 205.0)
    second(play, 206.0)
    play.event(agent_of("anna", RESERVED), 208.0)
    assert not second(play, 217.0).all(ReleaseHold)
