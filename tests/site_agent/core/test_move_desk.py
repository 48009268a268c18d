"""The timers of moves are told apart by their names."""

from site_agent.core.move_desk import MOVE_TIMERS
from site_agent.core.transfer_execution import TIMER_SIGNS


def test_every_timer_has_its_sign() -> None:
    assert set(TIMER_SIGNS) == set(MOVE_TIMERS)
    assert len(set(TIMER_SIGNS.values())) == len(MOVE_TIMERS)
