"""What a node keeps for traces is bounded; nothing is shown whole unless its settings say so."""

import pytest
from pydantic import ValidationError

from nirc.trace_config import TraceConfig
from nrcli.sip.trace_ring import TraceLimits


def test_the_ring_gets_what_the_settings_say() -> None:
    assert TraceConfig().limits == TraceLimits()
    assert not TraceConfig().unmasked
    assert TraceConfig(messages_max=0).limits.messages_max == 0


@pytest.mark.parametrize(
    "wrong", [{"messages_max": -1}, {"bytes_max": 10}, {"answer_s": 0}, {"x": 1}]
)
def test_what_has_no_bound_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        TraceConfig.model_validate(wrong)
