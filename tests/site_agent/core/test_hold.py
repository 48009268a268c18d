"""What follows from a hold alone."""

from site_playbook import reserve

from site_agent.core.hold import Hold, HoldState, forgettable, same_target


def test_a_dead_token_is_forgotten_only_after_its_time_and_its_call() -> None:
    hold = Hold("h", reserve(), "n1")
    hold.forget_at_s = 10.0
    assert not forgettable(hold, 20.0)
    hold.state = HoldState.CANCELLED
    assert not forgettable(hold, 9.0) and forgettable(hold, 10.0)
    hold.state = HoldState.TAKEN
    assert not forgettable(hold, 20.0)
    hold.over = True
    assert forgettable(hold, 20.0)


def test_a_new_asker_does_not_change_what_is_held() -> None:
    kept = same_target(reserve(agent="anna"), reserve(agent="berta", waited_s=99.0))
    assert (kept.agent, kept.waited_s) == ("anna", 99.0)
