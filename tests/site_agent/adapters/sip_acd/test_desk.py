from acd_bench import SETTINGS, Bench
from acd_wire import Wire

from site_agent.adapters.sip_acd.desk import Desk
from site_agent.sip.settings import SipSettings
from site_agent.sip.user_agent import UserAgent


def test_a_command_that_the_state_forbids_is_counted_and_changes_nothing():
    wire = Wire()
    desk = Desk(SETTINGS, UserAgent(SipSettings(), wire.new_id), wire.new_id)
    assert not desk.sip(desk.ua.bye, "unknown", 1.0)
    assert desk.counts["sip_not_allowed"] == 1
    assert desk.out == [] and not desk.events


def test_outcomes_leave_in_the_order_in_which_they_came():
    bench = Bench()
    bench.call()
    names = bench.names()
    assert names == ["CallOffered", "CallAnswered", "CallConnected"]
    bench.finish()
    assert bench.names()[-1] == "CallEnded"
