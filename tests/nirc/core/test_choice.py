"""What a policy said, before anything is asked."""

from __future__ import annotations

from nirc.core.choice import Choice
from nrcli.wire.messages import RouteOutcome


def test_a_choice_that_says_nothing_lets_the_call_stay() -> None:
    choice = Choice("default", 3, "otherwise")
    assert (choice.outcome, choice.mode, choice.targets) == (RouteOutcome.STAY, "live", [])
