"""Callers between a real Asterisk and a site of the built-in ACD: moved both ways, data intact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asterisk_network import AGENTS, SITE, AsteriskNetwork
from network import assert_clean, wait_until
from nrcli_process import nrcli
from sipp import Sipp

from nirc.demo.ports import PortTaker

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(180)]

DATA = {
    "customer": "C0815",
    "name": "Zoë Łukasz",
    "ivr_path": ["1", "4"],
    "verified": True,
    "note": 'quote " and \\ and \u2028',
}


@pytest.fixture(autouse=True)
def clean(network: AsteriskNetwork) -> Iterator[None]:
    network.asterisk.unpause(AGENTS)
    for agent in AGENTS:
        network.set_agent(SITE, agent)
        network.wait_ready(SITE, agent)
    yield
    assert_clean(network)


def test_a_caller_whose_own_agent_is_ready_stays_at_home(network: AsteriskNetwork) -> None:
    story = network.place(SITE, "carrier", data=DATA).wait_over()
    assert (story["outcome"], story["agent_site"], story["moved"]) == ("served", SITE, "no")
    assert story["data_intact"]
    assert story["interaction_received"] == story["interaction_id"]


@pytest.mark.parametrize(("refer", "moved"), [("accept", "refer"), ("refuse", "bridge")])
def test_a_caller_of_a_busy_asterisk_reaches_an_agent_elsewhere_with_data(
    network: AsteriskNetwork, refer: str, moved: str
) -> None:
    with network.busy_all(SITE):
        story = network.place(SITE, "carrier", data=DATA, refer=refer).wait_over()
    assert (story["outcome"], story["agent_site"], story["moved"]) == ("served", "porto", moved)
    assert story["data_intact"]
    assert story["interaction_received"] == story["interaction_id"]


def test_a_ringing_caller_is_bridged(network: AsteriskNetwork, tmp_path: Path) -> None:
    """An Asterisk's 302 has one Contact, so that nothing would lead home: NIRC sends none by it."""
    local = (network.asterisk.place.public, PortTaker()())
    remote = network.asterisk.place.sip
    taken = _taken(network, "porto")
    with (
        network.busy_all(SITE),
        Sipp(tmp_path, name="public", scenario="uac", local=local, remote=remote) as caller,
    ):
        caller.finish().assert_passed()
    assert _taken(network, "porto") == taken + 1


@pytest.mark.parametrize(
    ("trunk", "moved"), [("carrier", "302"), ("pbx", "refer"), ("legacy", "bridge")]
)
def test_a_caller_of_a_busy_site_reaches_an_agent_of_the_asterisk_with_data(
    network: AsteriskNetwork, trunk: str, moved: str
) -> None:
    with network.busy_all("porto"):
        story = network.place("porto", trunk, data=DATA).wait_over()
    assert (story["outcome"], story["agent_site"], story["moved"]) == ("served", SITE, moved)
    assert story["data_intact"]
    assert story["interaction_received"] == story["interaction_id"]


def test_a_held_agent_who_does_not_answer_leaves_the_caller_to_another(
    network: AsteriskNetwork,
) -> None:
    """The caller goes to the head of the Asterisk's queue; the agent is paused as by the queue."""
    with network.busy_all("porto"):
        network.set_agent(SITE, "anna", behaviour="refuse")
        network.set_agent(SITE, "bruno", behaviour="refuse")
        call = network.place("porto", "pbx", data=DATA)
        wait_until(
            "an agent did not answer",
            lambda: "not_ready" in {network.agent_state(SITE, one) for one in AGENTS},
        )
        for agent in AGENTS:
            network.set_agent(SITE, agent)
        network.asterisk.unpause(AGENTS)
        story = call.wait_over()
    assert (story["outcome"], story["agent_site"], story["data_intact"]) == ("served", SITE, True)


def test_a_hold_ends_inside_the_pbx_when_the_site_agent_is_killed(
    network: AsteriskNetwork, tmp_path: Path
) -> None:
    local, remote = ("127.0.0.1", PortTaker()()), network.layout.site("porto").trunk("pbx").address
    scenario = "caller_forgets_refer.xml"
    with network.busy_all("porto"):
        with Sipp(
            tmp_path, name="forgets", scenario=scenario, local=local, remote=remote, pause_ms=3000
        ) as caller:
            wait_until("an agent is held", lambda: "(paused:nirc" in _members(network))
            network.processes.kill(SITE)
            assert "(paused:nirc" in _members(network)
            caller.finish()
        wait_until("the pause is over", lambda: "(paused" not in _members(network))
        network.processes.restart(SITE)
        wait_until(f"{SITE} is back", network.is_linked)


def _taken(network: AsteriskNetwork, site: str) -> int:
    return sum(one["taken"] for one in network.phones_status()["agents"] if one["site"] == site)


def _members(network: AsteriskNetwork) -> str:
    return network.asterisk.say("queue show sales")


def test_a_killed_site_agent_finds_the_calls_of_its_pbx_again(network: AsteriskNetwork) -> None:
    network.set_agent(SITE, "anna", talk_s=30.0)
    network.set_agent(SITE, "bruno", talk_s=30.0)
    call = network.place(SITE, "carrier", data=DATA)
    agent = call.wait_connected()["agent"]
    network.processes.kill(SITE)
    network.processes.restart(SITE)
    wait_until(f"{SITE} is back", network.is_linked)
    for one in AGENTS:
        network.set_agent(SITE, one)
    wait_until("the agent is busy", lambda: network.agent_state(SITE, agent) == "busy")
    call.hang_up()
    assert call.wait_over()["outcome"] == "served"


@pytest.mark.parametrize("path", ["lisbon-carrier", "porto-pbx"])
def test_a_test_call_goes_through_both_ways_and_rings_nobody(
    network: AsteriskNetwork, path: str
) -> None:
    """The one is placed by Asterisk's `Originate`, the other answered by its dialplan."""
    ended = nrcli(network, network.leader(), "--json", "probe", path)
    assert ended.returncode == 0, (ended.stdout, ended.stderr)
    answer = json.loads(ended.stdout)
    assert answer["state"] == "good" and 0 < answer["took_s"] < 5
    wait_until(
        "its channels are free",
        lambda: not {one["channels_used_count"] for one in trunks(network, SITE)} - {0},
    )


def trunks(network: AsteriskNetwork, site: str) -> list[dict[str, Any]]:
    return list(network.site_status(site)["trunks"])


def alarms(network: AsteriskNetwork) -> str:
    """What a person at any node sees."""
    return nrcli(network, network.leader(), "alarms").stdout


def test_a_restarted_asterisk_is_read_anew(network: AsteriskNetwork) -> None:
    """Its callers are gone with it; its agents are not ready until it is back, then they are. Who
    looks at the nodes sees an alarm with what to do, until it is back."""
    network.asterisk.kill()
    wait_until("it is an alarm at the nodes", lambda: "pbx_unreached" in alarms(network))
    (line,) = [one for one in alarms(network).splitlines() if "pbx_unreached" in one]
    assert SITE in line and "cannot connect" in line and "look at that site's PBX" in line
    status = network.site_status(SITE)
    assert [one["code"] for one in status["alarms"]] == ["pbx_unreached"]
    assert not status["pbx"]["reached"] and "cannot connect" in status["pbx"]["problem"]
    wait_until(
        "nobody is ready",
        lambda: {network.agent_state(SITE, one) for one in AGENTS} <= {"", "not_ready"},
    )
    story = network.place("porto", "pbx", data=DATA).wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "porto")
    network.asterisk.start_again()
    network.asterisk.wait_phones(AGENTS)
    for agent in AGENTS:
        network.wait_ready(SITE, agent)
    wait_until("the alarm is over", lambda: "pbx_unreached" not in alarms(network))
    assert network.site_status(SITE)["pbx"]["reached"]
    story = network.place(SITE, "carrier", data=DATA).wait_over()
    assert (story["outcome"], story["agent_site"], story["data_intact"]) == ("served", SITE, True)


def test_refers_that_the_carrier_forgets_leave_nothing_behind(
    network: AsteriskNetwork, tmp_path: Path
) -> None:
    """`Transfer` blocks for ever, and Asterisk tells the caller's end long after it: neither the
    caller (who is sent on once more) nor the books wait for that."""
    local, remote = ("127.0.0.1", PortTaker()()), network.asterisk.place.sip
    scenario = "caller_forgets_two_refers.xml"
    with (
        network.busy_all(SITE),
        Sipp(tmp_path, name="forgets", scenario=scenario, local=local, remote=remote) as caller,
    ):
        caller.finish().assert_passed()
        wait_until("its call is over for NIRC", lambda: network.calls_at(SITE) == len(AGENTS))
