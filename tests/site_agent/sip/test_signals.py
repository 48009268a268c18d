"""The contract of the user agent core: complete events, flows as values, time as an argument."""

import inspect
import typing

import pytest
from contract_samples import classes_in, needed_in, sample

from site_agent.sip import signals
from site_agent.sip.signals import (
    AckReceived,
    InviteFailed,
    Output,
    Peer,
    ReferAnswered,
    ReferNotified,
    RequestReceived,
    ResponseReceived,
    SendBytes,
    UserAgentCore,
    UserAgentEvent,
)

EVENTS = set(typing.get_args(UserAgentEvent))
METHODS = {
    name: inspect.signature(method)
    for name, method in vars(UserAgentCore).items()
    if inspect.isfunction(method) and not name.startswith("_")
}
PEER = Peer("udp", ("127.0.0.1", 5060), ("127.0.0.2", 5060))


def test_the_unions_are_complete() -> None:
    assert set(classes_in(signals)) == EVENTS | {Peer, SendBytes}
    assert set(typing.get_args(Output)) == EVENTS | {SendBytes}


@pytest.mark.parametrize("event", sorted(EVENTS - {ResponseReceived}, key=lambda e: e.__name__))
def test_every_event_of_a_call_names_its_leg(event: type) -> None:
    assert "leg" in needed_in(event)


def test_what_lies_outside_a_call_names_what_it_belongs_to() -> None:
    assert "transaction" in needed_in(RequestReceived)
    assert "handle" in needed_in(ResponseReceived)


def test_a_flow_is_known_again_by_its_addresses() -> None:
    again = Peer("udp", ("127.0.0.1", 5060), ("127.0.0.2", 5060))
    assert {PEER: "flow"}[again] == "flow"
    assert Peer("tcp", PEER.local, PEER.remote) != PEER
    assert Peer("udp", PEER.remote, PEER.local) != PEER


@pytest.mark.parametrize("event", [AckReceived, ReferAnswered, ReferNotified])
def test_plain_signals_are_values(event: type) -> None:
    assert len({sample(event), sample(event)}) == 1


def test_a_failed_reinvite_is_never_taken_for_the_end_of_the_call() -> None:
    assert {"is_reinvite", "response"} <= needed_in(InviteFailed)


@pytest.mark.parametrize("name", sorted(METHODS.keys() - {"next_timer_s"}))
def test_the_core_is_told_the_time_and_returns_its_outputs(name: str) -> None:
    assert METHODS[name].parameters["now_s"].default is inspect.Parameter.empty
    assert METHODS[name].return_annotation == "list[Output]"


@pytest.mark.parametrize("name", sorted(METHODS))
def test_nobody_waits_inside_the_core(name: str) -> None:
    assert not inspect.iscoroutinefunction(getattr(UserAgentCore, name))
