"""A whole call in one sentence."""

import pytest
from told_calls import decision, leg, moved, served

from nrcli.explaining.headlines import headline
from nrcli.wire.history_messages import CallLegRecord


@pytest.mark.parametrize(
    ("legs", "words"),
    [
        ([leg("lisbon", "abandoned")], "rang lisbon, and hung up at lisbon after 10.0 s."),
        ([leg("lisbon", "refused")], "rang lisbon, and was turned away at lisbon."),
        ([leg("lisbon", "failed")], "rang lisbon, and the call failed at lisbon."),
        (
            [moved("refer"), leg("porto", "abandoned", 1.2)],
            "was moved to porto by REFER, and hung up there after 11.2 s.",
        ),
        ([moved("bridge"), served()], "and talked with agent elsa for 3.0 s."),
        (
            [moved("bridge"), served(), leg("faro", "abandoned", 0.8, token="nirc-plan-y")],
            "and talked with agent elsa for 3.0 s.",
        ),
        ([leg("lisbon", "callback")], "was promised a call back after 10.0 s."),
        ([leg("lisbon", "continued")], "rang lisbon."),
    ],
)
def test_a_call(legs: list[CallLegRecord], words: str) -> None:
    told = headline([], legs)
    assert told.startswith("A caller for sales rang lisbon") and told.endswith(words), told


def test_without_legs_the_last_decision_speaks() -> None:
    assert headline([decision("cancelled")], []).startswith("lisbon needed no answer any more")
    assert headline([], []) == "Nothing is known of this call."
