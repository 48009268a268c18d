"""What a desktop says about its agent."""

import pytest

from site_agent.adapters.base import SetAgentState
from site_agent.links.agent_orders import agent_order


def test_orders_are_read() -> None:
    body = {"state": "not_ready", "reason": "break"}
    assert agent_order("anna", body) == SetAgentState(
        agent="anna", state="not_ready", reason="break"
    )
    assert agent_order("anna", {"state": "working_after_call", "for_s": 30}).for_s == 30.0


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ([], "object"),
        ({"state": "ready", "more": 1}, "object"),
        ({"state": "away"}, "state"),
        ({}, "state"),
        ({"state": "not_ready", "reason": "a\r\nb"}, "reason"),
        ({"state": "not_ready", "reason": 3}, "reason"),
        ({"state": "working_after_call", "for_s": -1}, "for_s"),
        ({"state": "working_after_call", "for_s": True}, "for_s"),
        ({"state": "working_after_call", "for_s": float("nan")}, "for_s"),
    ],
)
def test_anything_else_is_refused_with_the_field(body: object, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        agent_order("anna", body)
