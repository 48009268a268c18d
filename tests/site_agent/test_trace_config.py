"""How many SIP messages are kept: bounded, and nothing is shown whole unless the file says so."""

import pytest
from pydantic import ValidationError

from nrcli.sip.trace_ring import TraceLimits
from site_agent.trace_config import TraceConfig


def test_the_ring_gets_what_the_file_says() -> None:
    assert TraceConfig().limits == TraceLimits()
    assert not TraceConfig().unmasked
    assert TraceConfig(messages_max=0).limits.messages_max == 0


@pytest.mark.parametrize("wrong", [{"messages_max": -1}, {"bytes_max": 10}, {"messages": 5}])
def test_what_has_no_bound_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        TraceConfig.model_validate(wrong)
