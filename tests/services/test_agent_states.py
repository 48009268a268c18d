"""What agents say they are, on real processes: by their desktop, by a missed call, and by a log-in
at another site."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk_network import DeskNetwork, running_desks
from network import SMALL, PlacedCall, assert_clean, wait_until
from phones_of_agents import Desks

from nirc.demo.layout import SiteLayout, SiteShape

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

TWO = replace(
    SMALL,
    sites=(
        SiteShape(name="lisbon", agents=("anna",)),
        SiteShape(name="porto", agents=("diogo", "joana")),
    ),
    ring_s=1.0,
    rona_rest_s=1.5,
    acw_s=0.3,
)
PERSON = "p-4711"


def one_person(site: SiteLayout, found: dict[str, Any], outside: str) -> None:
    """Anna of lisbon and joana of porto are one person; joana's phone registers."""
    for agent in found["acd"]["agents"]:
        if agent["name"] in ("anna", "joana"):
            agent["network_id"] = PERSON
        if agent["name"] == "joana":
            del agent["contact"]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskNetwork]:
    folder: Path = tmp_path_factory.mktemp("states")
    with running_desks(folder, TWO, one_person) as found:
        yield found


@pytest.fixture
def desks(network: DeskNetwork) -> Iterator[Desks]:
    network.say("porto", "diogo", state="not_ready", reason="later")
    network.wait_ready("lisbon", "anna")
    network.set_agent("lisbon", "anna", talk_s=600.0)
    yield Desks(network)
    assert_clean(network)


def talks(network: DeskNetwork) -> PlacedCall:
    """A caller who has reached anna."""
    call = network.place("lisbon", "pbx", talk_s=600.0)
    assert call.wait_connected()["agent"] == "anna"
    return call


def over(call: PlacedCall) -> None:
    call.hang_up()
    assert call.wait_over()["outcome"] == "served"


def is_so(network: DeskNetwork, site: str, agent: str, state: str, reason: str) -> bool:
    found = network.agent(site, agent)
    return (found["state"], found["reason"]) == (state, reason)


def ready_in_all(network: DeskNetwork) -> int:
    """Agents of all sites who are ready, as the sites themselves count them."""
    return sum(
        int(queue["ready_count"])
        for status in network.site_statuses().values()
        for queue in status["queues"]
        if queue["queue"] == "sales"
    )


def register(network: DeskNetwork, agent: str, *, expires_s: int) -> None:
    """Agent's phone of porto logs in, or out with 0, by a REGISTER of its own."""
    site = network.layout.site("porto")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind(("127.0.0.1", 0))
        phone.settimeout(5.0)
        host, port = phone.getsockname()
        lines = (
            f"REGISTER sip:{site.host} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{port}{expires_s}",
            "Max-Forwards: 70",
            f"From: <sip:{agent}@{site.host}>;tag=t{port}",
            f"To: <sip:{agent}@{site.host}>",
            f"Call-ID: {port}-{expires_s}",
            "CSeq: 1 REGISTER",
            f"Contact: <{site.agent_uri(agent)}>",
            f"Expires: {expires_s}",
            "Content-Length: 0",
        )
        phone.sendto(("\r\n".join(lines) + "\r\n\r\n").encode(), (site.host, site.agents_port))
        answer = phone.recv(4096).decode()
    assert re.match(r"SIP/2\.0 200 ", answer), answer


def test_the_desktop_says_ready_and_not_ready_with_a_reason(
    network: DeskNetwork, desks: Desks
) -> None:
    assert network.say("lisbon", "anna", state="not_ready", reason="break") == 202
    wait_until("on break", lambda: is_so(network, "lisbon", "anna", "not_ready", "break"))
    assert network.say("lisbon", "nobody", state="ready") == 404
    assert network.say("lisbon", "anna", state="asleep") == 422
    assert network.say("lisbon", "anna", state="not_ready", reason="a b") == 422
    assert network.say("lisbon", "anna", state="ready") == 202
    wait_until("ready", lambda: is_so(network, "lisbon", "anna", "ready", ""))


def test_not_ready_during_a_call_counts_from_its_end(network: DeskNetwork, desks: Desks) -> None:
    call = talks(network)
    network.say("lisbon", "anna", state="not_ready", reason="meeting")
    wait_until("pending", lambda: network.agent("lisbon", "anna")["pending"])
    assert is_so(network, "lisbon", "anna", "busy", "meeting")
    waits = network.place("lisbon", "pbx", talk_s=600.0)
    over(call)
    wait_until("in the meeting", lambda: is_so(network, "lisbon", "anna", "not_ready", "meeting"))
    assert waits.result["agent"] == "", "the next caller is not hers"
    network.say("lisbon", "anna", state="ready")
    assert waits.wait_connected()["agent"] == "anna"
    over(waits)


def test_who_does_not_answer_is_not_ready_and_the_caller_is_served(
    network: DeskNetwork, desks: Desks
) -> None:
    network.set_agent("lisbon", "anna", behaviour="silent")
    call = network.place("lisbon", "pbx", talk_s=600.0)
    wait_until("rung in vain", lambda: is_so(network, "lisbon", "anna", "not_ready", "unanswered"))
    assert network.site_status("lisbon")["counters"]["agents_unanswered"] >= 1
    assert "agent_unanswered" in [one["code"] for one in network.site_status("lisbon")["alarms"]]
    network.set_agent("lisbon", "anna", talk_s=600.0)
    assert call.wait_connected()["agent"] == "anna", "after the rest"
    over(call)


def test_a_later_log_in_elsewhere_takes_over_and_back(network: DeskNetwork, desks: Desks) -> None:
    assert ready_in_all(network) == 1
    register(network, "joana", expires_s=600)
    wait_until("anna is out", lambda: is_so(network, "lisbon", "anna", "not_ready", "elsewhere"))
    network.wait_ready("porto", "joana")
    assert ready_in_all(network) == 1
    call = network.place("lisbon", "pbx", talk_s=600.0)
    assert call.wait_connected()["agent"] == "joana"
    over(call)
    network.wait_ready("porto", "joana")
    network.say("lisbon", "anna", state="ready")
    wait_until("joana is out", lambda: is_so(network, "porto", "joana", "not_ready", "elsewhere"))
    network.wait_ready("lisbon", "anna")
    assert ready_in_all(network) == 1
    register(network, "joana", expires_s=0)


def test_a_log_in_elsewhere_during_a_call_counts_from_its_end(
    network: DeskNetwork, desks: Desks
) -> None:
    network.set_agent("porto", "joana", talk_s=600.0)
    call = talks(network)
    register(network, "joana", expires_s=600)
    network.say("porto", "joana", state="ready")
    wait_until("anna is to be out", lambda: network.agent("lisbon", "anna")["pending"])
    assert is_so(network, "lisbon", "anna", "busy", "elsewhere")
    assert desks.talks_with("anna") == f"call {call.number}", "the caller keeps her"
    over(call)
    wait_until("anna is out", lambda: is_so(network, "lisbon", "anna", "not_ready", "elsewhere"))
    second = network.place("lisbon", "pbx", talk_s=600.0)
    assert second.wait_connected()["agent"] == "joana"
    over(second)
    network.say("lisbon", "anna", state="ready")
    network.wait_ready("lisbon", "anna")
    register(network, "joana", expires_s=0)
