"""Which command is allowed in which state."""

import pytest

from nrcli.sip.errors import LocalProtocolError
from site_agent.sip.leg import ALLOWED, Command, Leg, LegState
from site_agent.sip.signals import Peer

PEER = Peer("udp", ("a", 1), ("b", 2))


def test_every_state_says_what_it_allows() -> None:
    assert set(ALLOWED) == set(LegState)


@pytest.mark.parametrize("state", LegState)
def test_what_is_not_allowed_raises_and_changes_nothing(state: LegState) -> None:
    leg = Leg("l", state, "t", PEER)
    for command in Command:
        if command in ALLOWED[state]:
            leg.demand(command)
        else:
            with pytest.raises(LocalProtocolError, match="not allowed"):
                leg.demand(command)
        assert leg.state is state


def test_no_dialog_yet() -> None:
    with pytest.raises(LocalProtocolError):
        Leg("l", LegState.CALLING, "t", PEER).confirmed()
