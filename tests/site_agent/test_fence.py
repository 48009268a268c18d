"""Once over it is over, whatever comes later."""

from site_agent.fence import Fence


def test_without_a_pair_it_always_holds() -> None:
    assert Fence().holds()


def test_it_ends_by_its_own_clock_and_is_not_revived() -> None:
    now = [10.0]
    fence = Fence(3, 12.0, lambda: now[0])
    assert fence.holds()
    fence.prolong(13.0)
    now[0] = 12.9
    assert fence.holds()
    now[0] = 13.0
    assert not fence.holds()
    fence.prolong(20.0)
    assert not fence.holds()


def test_it_can_be_dropped() -> None:
    fence = Fence()
    fence.drop()
    assert not fence.holds()
