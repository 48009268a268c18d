"""What a balancer is told by default."""

from __future__ import annotations

from site_agent.balancer.settings import BalancerSettings


def test_a_silent_member_is_left_before_most_callers_notice() -> None:
    settings = BalancerSettings(name="b", doors=())
    assert settings.silent_s < 1.5, "the caller's second retransmission comes after 1.5 s"
    assert settings.probe_s * settings.probes_missed_max < 10
