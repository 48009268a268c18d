"""Callers of several sites in one queue, on real nodes, site agents and phones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from network import PlacedCall, assert_clean, wait_until
from nrcli_process import nrcli
from policy_sites import Given, PolicyNetwork, running

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]

GIVEN = Given(
    policies={
        "own": "[{name: stay, action: queue_at_origin}]",
        "queued": "[{name: anybody, select: longest_available, action: route},"
        " {name: wait, action: network_queue}]",
    },
    levels={"anna": {"own": 5}},
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PolicyNetwork]:
    with running(tmp_path_factory.mktemp("queue"), GIVEN) as found:
        found.wait_all_ready()
        yield found


def call(network: PolicyNetwork, site: str, trunk: str = "carrier") -> PlacedCall:
    return network.place(site, trunk, dialed=GIVEN.number("queued"))


def entries(network: PolicyNetwork, site: str) -> list[str]:
    calls = network.site_status(site)["calls"]
    return [one["entry_id"] for one in calls if one["entry_id"]]


def lines(network: PolicyNetwork, site: str, kind: str) -> list[dict[str, Any]]:
    found = map(json.loads, network.history(site).splitlines())
    return [line for line in found if line["kind"] == kind]


def test_who_waits_longest_goes_to_the_agent_who_gets_ready_at_another_site(
    network: PolicyNetwork,
) -> None:
    with ExitStack() as away:
        away.enter_context(network.busy_all("porto"))
        with network.busy_all("faro"):
            first = call(network, "lisbon")
            wait_until("it is in the queue", lambda: len(entries(network, "lisbon")) == 1)
            second = call(network, "porto", "pbx")
            wait_until("so is the other", lambda: len(entries(network, "porto")) == 1)
            third = call(network, "lisbon", "pbx")
            wait_until("and the third", lambda: len(entries(network, "lisbon")) == 2)
            asked = [len(lines(network, site, "answer")) for site in ("lisbon", "porto")]
            wait_until(
                "positions are announced",
                lambda: bool(lines(network, "lisbon", "position_told")),
            )
            assert "open" in {one.result["outcome"] for one in (first, second, third)}
            assert [len(lines(network, site, "answer")) for site in ("lisbon", "porto")] == asked
        stories = [one.wait_over() for one in (first, second, third)]
    assert [(s["outcome"], s["agent"]) for s in stories] == [("served", "katia")] * 3
    waited = [line["interaction"] for line in lines(network, "faro", "call_connected")][-3:]
    begun = sorted(
        (line["at_s"], line["interaction"])
        for site in ("lisbon", "porto")
        for line in lines(network, site, "entry_begun")
    )
    assert waited == [interaction for _, interaction in begun[-3:]]
    assert_clean(network)


def test_the_own_agent_who_is_free_first_has_the_call(network: PolicyNetwork) -> None:
    network.wait_all_ready()
    with network.busy_all("faro"):
        with network.busy_all("porto"):
            waiting = call(network, "porto")
            wait_until("it is in the queue", lambda: len(entries(network, "porto")) == 1)
        story = waiting.wait_over()
    assert story["outcome"] == "served" and story["agent"] in {"diogo", "elsa"}
    assert not entries(network, "porto")
    assert_clean(network)


def test_an_operator_takes_a_caller_out_who_is_then_served_at_home(
    network: PolicyNetwork,
) -> None:
    """Agents elsewhere get ready, and are not offered the call any more; the caller is not lost."""
    network.wait_all_ready()
    with network.busy_all("porto"):
        with network.busy_all("faro"):
            waiting = call(network, "porto", "pbx")
            wait_until("it is in the queue", lambda: len(entries(network, "porto")) == 1)
            (entry,) = entries(network, "porto")
            leader = network.leader()
            assert leader is not None
            other = next(n.name for n in network.layout.nodes if n.name != leader)
            words = ("queue", "--cancel", entry, "--author", "ana@noc", "-m", "a test call")
            told = nrcli(network, other, *words)
            assert told.returncode == 0 and "waits on there" in told.stdout, told.stderr
            assert not entries(network, "porto")
            again = nrcli(network, leader, *words)
            assert again.returncode == 1 and f"no entry {entry}" in again.stderr, again.stderr
        network.wait_ready("faro", "katia")
        assert waiting.result["outcome"] == "open" and not waiting.result["agent"]
    story = waiting.wait_over()
    assert story["outcome"] == "served" and story["agent"] in {"diogo", "elsa"}
    (line,) = lines(network, "porto", "entry_taken_out")
    assert line["by"] == "ana@noc: a test call"
    assert_clean(network)
