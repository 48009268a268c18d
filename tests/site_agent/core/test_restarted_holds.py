"""Claims of restored holds are counted again, and given back once."""

from restarted_play import begun, restarted
from site_playbook import held

from site_agent.adapters.base import HoldGranted, HoldLost, HoldPlace


def test_channels_and_loans_of_a_restored_hold_count_until_it_ends() -> None:
    play = restarted(old := begun(), dead_s=0.0)
    token = held(old)
    play = restarted(old)
    command = play.one(HoldPlace)
    play.event(HoldGranted(hold_id=command.hold_id, queue="sales"))
    view = play.daemon.view(play.now_s)
    assert (view.holds_open_count, view.queues[0].loan_count) == (1, 1)
    assert {one.trunk_group: one.channels_reserved_count for one in view.trunks}["network"] == 1
    play.event(HoldLost(hold_id=command.hold_id, reason="closed"))
    assert play.lines("hold_ended") == [{"token": token, "agent": "", "why": "lost"}]
    view = play.daemon.view(play.now_s)
    assert (view.holds_open_count, view.queues[0].loan_count) == (0, 0)


def test_a_restored_hold_expires_by_its_own_time() -> None:
    held(old := begun())
    play = restarted(old)
    assert play.wait(4.5).lines("hold_ended")[0]["why"] == "expired"
