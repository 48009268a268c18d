"""Settings that contradict one another are refused."""

import pytest

from site_agent.sip.settings import SipSettings


def test_calls_are_shed_before_retransmissions_begin() -> None:
    with pytest.raises(ValueError, match="shed_delay_s"):
        SipSettings(shed_delay_s=0.6)


def test_timers_are_in_order() -> None:
    with pytest.raises(ValueError, match="t1_s"):
        SipSettings(t2_s=0.1)
