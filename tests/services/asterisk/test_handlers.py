"""Callers of a real Asterisk end at a voicemail; one that is full costs them nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asterisk_network import AGENTS, MAILS, SERVICES, SITE, AsteriskNetwork
from network import assert_clean, wait_until
from policy_sites import HEAD
from sipp import Sipp

from nirc.demo.ports import PortTaker

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(180)]

TAKER = PortTaker()
PORTS = {name: TAKER() for name in MAILS}
ANYBODY = "{name: anybody, select: longest_available, action: route}"
DATA = {"customer": "C0815", "name": "Zoë Łukasz"}


@pytest.fixture(autouse=True)
def clean(network: AsteriskNetwork) -> Iterator[None]:
    for agent in AGENTS:
        network.wait_ready(SITE, agent)
    yield
    assert_clean(network)


@pytest.fixture(scope="module")
def voicemails(network: AsteriskNetwork) -> None:
    """A policy of its own for each service: to a handler, else to anybody."""
    leader = network.leader()
    assert leader is not None
    texts: dict[str, str] = {}
    for service, port in PORTS.items():
        method = "refer" if service == "mail-refer" else "bridge"
        ways = f"[{{trunk_group: carrier, methods: [{method}]}}]"
        uri = f"sip:mail@127.0.0.1:{port};user=phone"
        rules = f"[{{name: mail, action: to_handler, handler: {service}}}, {ANYBODY}]"
        texts |= {
            f"Handler/{service}": HEAD.format(
                kind="Handler", name=service, spec=f'{{uri: "{uri}", ways: {ways}, ring_s: 5}}'
            ),
            f"RoutingPolicy/{service}": HEAD.format(
                kind="RoutingPolicy", name=service, spec=f"{{rules: {rules}}}"
            ),
            f"NetworkService/{service}": HEAD.format(
                kind="NetworkService",
                name=service,
                spec=f'{{numbers: ["{SERVICES[service]}"], queue: {service}, policy: {service}}}',
            ),
        }
    network.admin(leader).put_documents(texts)


@pytest.mark.usefixtures("voicemails")
@pytest.mark.parametrize("service", MAILS[:2])
def test_a_caller_whom_nobody_serves_ends_at_a_voicemail(
    network: AsteriskNetwork, tmp_path: Path, service: str
) -> None:
    """It is told whom the call was for, and none of the data that the caller's IVR handed in."""
    local = ("127.0.0.1", PORTS[service])
    with (
        network.busy_all(SITE),
        Sipp(tmp_path, name="mail", scenario="voicemail.xml", local=local) as mail,
    ):
        call = network.place(SITE, "carrier", dialed=SERVICES[service], data=DATA)
        mail.wait_for_message("ACK sip:mail@")
        said = mail.text("messages.log")
        if service == "mail-bridge":
            assert (
                f"Diversion: <sip:{SERVICES[service]}@127.0.0.1;user=phone>;reason=no-ans" in said
            )
            assert "History-Info: <sip:" in said
        assert "X-NIRC" not in said and "User-to-User" not in said and "nirc-" not in said
        assert call.result["outcome"] == "open", "the caller speaks to the machine"
        call.hang_up()
        line = _move_ended(network, call.result["interaction_id"])
        assert (line["outcome"], line["target"]) == ("to_handler", f"handler:{service}")


@pytest.mark.usefixtures("voicemails")
def test_a_full_voicemail_costs_the_caller_nothing(
    network: AsteriskNetwork, tmp_path: Path
) -> None:
    """Busy by Q.850: the caller goes on to an agent elsewhere, with the data."""
    local = ("127.0.0.1", PORTS["mail-full"])
    with (
        network.busy_all(SITE),
        Sipp(tmp_path, name="full", scenario="voicemail_full.xml", local=local),
    ):
        call = network.place(SITE, "carrier", dialed=SERVICES["mail-full"], data=DATA)
        story = call.wait_over()
    line = _move_ended(network, story["interaction_id"], first=True)
    assert (line["outcome"], line["target"]) == ("busy", "handler:mail-full")
    assert (story["outcome"], story["agent_site"]) == ("served", "porto")
    assert story["data_intact"]


def _move_ended(network: AsteriskNetwork, interaction: str, *, first: bool = False) -> Any:
    """How a move of this call ended at the Asterisk."""
    found: list[Any] = []

    def is_there() -> bool:
        lines = (network.folder / SITE / "history.jsonl").read_text().splitlines()
        found[:] = [
            one
            for one in map(json.loads, lines)
            if one["kind"] == "move_ended" and one["interaction"] == interaction
        ]
        return bool(found)

    wait_until("the move is over", is_there)
    return found[0 if first else -1]
