"""A call overflows to another site by each of the ways there are, and its data arrives whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from deployed_figures import expressions
from network import SMALL, TestNetwork, assert_clean, running
from otlp_receiver import Receiver, otlp_receiver, values
from promql_names import labels_told, series_in, told
from sipp import Sipp

from nirc.demo import json_http, site_files
from nirc.demo.node_files import token_file
from nirc.demo.ports import PortTaker
from nirc.demo.site_files import token_path
from nrcli.commands.trace_ladder import arrows_of
from nrcli.commands.trace_pcap import pcap
from nrcli.telemetry.call_traces import trace_of
from nrcli.wire.trace_models import CallTrace

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]

DATA = {
    "customer": "C0815",
    "name": "Zoë Łukasz",
    "ivr_path": ["1", "4"],
    "verified": True,
    "note": 'quote " and \\ and \u2028',
}


SECRETS = (rb"C0815", rb"ukasz", rb"ivr_path", rb"\+[0-9]{7}", rb"nirc-[a-z2-7]{26}", rb"anna")
"Attached data, numbers, tokens, names of agents."


@pytest.fixture(scope="module")
def collector() -> Iterator[Receiver]:
    with otlp_receiver() as found:
        yield found


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory, collector: Receiver) -> Iterator[TestNetwork]:
    shape = replace(SMALL, otlp=collector.url)
    with running(tmp_path_factory.mktemp("overflow"), shape) as found:
        yield found


@pytest.fixture(autouse=True)
def clean(network: TestNetwork) -> Iterator[None]:
    yield
    assert_clean(network)


@pytest.mark.parametrize(
    ("trunk", "moved"), [("carrier", "302"), ("pbx", "refer"), ("legacy", "bridge")]
)
def test_a_caller_of_a_busy_site_reaches_an_agent_of_another_with_data(
    network: TestNetwork, trunk: str, moved: str
) -> None:
    with network.busy("lisbon", "anna"):
        story = network.place("lisbon", trunk, data=DATA).wait_over()
    assert story["outcome"] == "served"
    assert story["agent_site"] == "porto"
    assert story["moved"] == moved
    assert story["data_intact"]
    assert story["interaction_received"] == story["interaction_id"]


def test_a_moved_call_is_one_trace_of_both_sites_and_the_leader(
    network: TestNetwork, collector: Receiver
) -> None:
    with network.busy("lisbon", "anna"):
        story = network.place("lisbon", "pbx", data=DATA).wait_over()
    assert story["agent_site"] == "porto" and story["data_intact"]
    trace = trace_of(story["interaction_id"])

    def parts_told() -> dict[str, Any]:
        """Each span of the trace by what it is; of questions the one that moved the call."""
        spans = [one for one in collector.spans if int(one.trace_id.hex(), 16) == trace]
        by_id = {one.span_id: one for one in spans}
        move = next((one for one in spans if one.name == "move"), None)
        found = {"move": move} if move is not None else {}
        while move is not None and move.parent_span_id:
            move = by_id.get(move.parent_span_id)
            found |= {f"{move.name} at home": move} if move is not None else {}
        for one in spans:
            above = by_id.get(one.parent_span_id)
            if above is not None and above.name in ("route", "decide", "move"):
                found[f"{one.name} under {above.name}"] = one
        return found

    parts = {
        "call at home": "nirc-site-agent lisbon",
        "route at home": "nirc-site-agent lisbon",
        "decide under route": "nirc-node",
        "hold under decide": "nirc-site-agent porto",
        "move": "nirc-site-agent lisbon",
        "call under move": "nirc-site-agent porto",
    }
    collector.wait_until(lambda: set(parts_told()) >= set(parts))
    for part, service in parts.items():
        assert collector.services[parts_told()[part].span_id].startswith(service), part
    assert values(parts_told()["decide under route"].attributes)["nirc.target"] == "porto"
    assert values(parts_told()["move"].attributes)["nirc.outcome"] == "arrived"
    collector.wait_until(lambda: collector.metrics and collector.lines)
    for secret in SECRETS:
        assert not re.search(secret, collector.raw), secret


def test_what_dashboard_and_alert_rules_read_is_told_by_the_running_daemons(
    network: TestNetwork,
) -> None:
    texts = [
        json_http.get(address, "/metrics", json_http.bearer(token))
        for address, token in (
            *(
                (node.http_address, token_file(network.folder / node.name))
                for node in network.layout.nodes
            ),
            *(
                (site.members[0].http_address, token_path(network.folder / site.name))
                for site in network.layout.sites
            ),
        )
    ]
    text = "\n".join(texts)
    names, labels = told(text), labels_told(text)
    for expression in expressions():
        for name, wanted in series_in(expression):
            assert name in names, expression
            assert wanted <= labels.get(name, wanted), expression
    for name in ("nirc_queue_waiting", "nirc_site_alive", "nirc_trunk_channels", "nirc_leading"):
        assert labels[name], name
    assert 'nirc_telemetry_sent_total{signal="spans"}' in text


def test_one_ladder_shows_what_was_said_at_both_sites(network: TestNetwork) -> None:
    """Asked of the site agents themselves, then of a node: a 302, and a REFER."""
    for trunk, order in (
        ("carrier", ["INVITE", "302 Moved Temporarily", "INVITE", "INVITE", "200 OK", "BYE"]),
        ("pbx", ["INVITE", "200 OK", "REFER", "INVITE", "INVITE", "NOTIFY", "BYE", "BYE"]),
    ):
        with network.busy("lisbon", "anna"):
            story = network.place("lisbon", trunk, data=DATA).wait_over()
        assert story["agent_site"] == "porto"
        parts = [_traced(network, site, story["interaction_id"]) for site in ("lisbon", "porto")]
        alone = [one for part in parts for one in part.messages]
        messages = _traced(network, "", story["interaction_id"]).messages
        assert sorted(one.message for one in messages) == sorted(one.message for one in alone)
        labels = [one.label for one in arrows_of(messages)]
        left = iter(labels)
        assert all(any(label == one for one in left) for label in order), labels
        places = [one.target for one in arrows_of(messages) if one.label == "INVITE"]
        assert places[:2] == ["lisbon", "porto"]
        told = "".join(one.message for one in messages)
        assert "210000001" not in told and "C0815" not in told
        assert len(pcap(messages)) > sum(len(one.message) for one in messages)


def _traced(network: TestNetwork, site: str, call: str) -> CallTrace:
    """Of a site agent; without a site of any node."""
    node = network.admin("n2")
    address, token = node.address, node.token_file
    if site:
        address = network.layout.site(site).http_address
        token = site_files.token_path(network.folder / site)
    path = f"/api/v1/calls/{call}/trace"
    return CallTrace.model_validate(json_http.get(address, path, json_http.bearer(token)))


@pytest.mark.parametrize("trunk", ["carrier", "pbx", "legacy"])
def test_a_caller_whose_own_agent_is_ready_stays_at_home(network: TestNetwork, trunk: str) -> None:
    network.wait_ready("lisbon", "anna")
    story = network.place("lisbon", trunk, data=DATA).wait_over()
    assert (story["outcome"], story["agent_site"], story["moved"]) == ("served", "lisbon", "no")
    assert story["redirects"] == 0
    assert story["data_intact"]


@pytest.mark.parametrize(
    ("trunk", "scenario"),
    [
        ("carrier", "caller_follows_302.xml"),
        ("pbx", "caller_refer_without_notify.xml"),
        ("legacy", "caller_refuses_refer.xml"),
    ],
)
def test_a_sipp_caller_is_moved_and_served(
    network: TestNetwork, tmp_path: Path, trunk: str, scenario: str
) -> None:
    remote = network.layout.site("lisbon").trunk(trunk).address
    taken = _taken(network, "porto")
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        network.wait_ready("porto", "elsa")
        local = ("127.0.0.1", PortTaker()())
        with Sipp(tmp_path, name=trunk, scenario=scenario, local=local, remote=remote) as caller:
            caller.finish().assert_passed()
    assert _taken(network, "porto") == taken + 1


def test_stock_sipp_is_served_at_home(network: TestNetwork, tmp_path: Path) -> None:
    network.wait_ready("lisbon", "anna")
    network.set_agent("lisbon", "anna", talk_s=30.0)
    remote = network.layout.site("lisbon").trunk("carrier").address
    local = ("127.0.0.1", PortTaker()())
    try:
        with Sipp(
            tmp_path, name="uac", scenario="uac", local=local, remote=remote, pause_ms=500
        ) as caller:
            caller.finish().assert_passed()
    finally:
        network.set_agent("lisbon", "anna")


def _taken(network: TestNetwork, site: str) -> int:
    return sum(one["taken"] for one in network.phones_status()["agents"] if one["site"] == site)
