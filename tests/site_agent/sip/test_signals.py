"""The contract: the user agent has every method of it, with the same parameters."""

import inspect

import pytest

from site_agent.sip.signals import UserAgentCore
from site_agent.sip.user_agent import UserAgent

METHODS = [name for name in vars(UserAgentCore) if not name.startswith("_")]


@pytest.mark.parametrize("name", METHODS)
def test_the_user_agent_keeps_the_contract(name: str) -> None:
    wanted = inspect.signature(getattr(UserAgentCore, name))
    assert inspect.signature(getattr(UserAgent, name)) == wanted
