"""What the history is told of questions."""

import pytest

from nrcli.wire.messages import RouteAnswer, RouteOutcome
from site_agent.core.request_words import how_it_ended


@pytest.mark.parametrize(
    ("outcome", "moves", "how"),
    [
        (RouteOutcome.MOVE, True, "routed"),
        (RouteOutcome.MOVE, False, "failed"),
        (RouteOutcome.NETWORK_QUEUE, False, "overflowed"),
        (RouteOutcome.STAY, False, "local"),
        (RouteOutcome.RETRY_AFTER, False, "local"),
    ],
)
def test_each_answer_has_its_word(outcome: RouteOutcome, moves: bool, how: str) -> None:
    answer = RouteAnswer(
        domain="d",
        epoch=None,
        request_id="r",
        outcome=outcome,  # type: ignore[arg-type]
    )
    assert how_it_ended(answer, moves=moves) == how
