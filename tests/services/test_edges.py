"""Edges between carrier and site that do not do as told with a REFER: the caller is served all the
same, by the next way there is.

Each edge is sipp with a scenario made from one of those that stand in the folder.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from acd_on_sockets import AcdOnSockets, free_port
from network import TestNetwork, assert_clean, running
from nrcli_process import nrcli
from refer_edges import FOLLOWS, REFUSAL, REFUSES, SHORTENS
from sipp import SCENARIOS, Sipp

from nirc.demo.ports import PortTaker
from nrcli.wire.messages import TransferMethod
from site_agent.adapters.base import (
    AcdCommand,
    AcdEvent,
    CallAnswered,
    CallEnded,
    EndMoved,
    MoveProgress,
    MoveSign,
    StartMove,
)
from site_agent.adapters.sip_acd.settings import (
    QueueSettings,
    SipAcdSettings,
    TrunkGroupSettings,
)

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]

CHALLENGE = (
    "SIP/2.0 407 Proxy Authentication Required\n      "
    'Proxy-Authenticate: Digest realm="edge", nonce="abc", algorithm=MD5, qop="auth"'
)
MOVED_FROM = "From: <sip:caller@[local_ip]:[local_port]>;tag=m[pid]sipp[call_number]"
EDGES = {
    "refuses REFER": ("legacy", REFUSES, ()),
    "takes its own domain only": ("legacy", REFUSES, ((REFUSAL, "SIP/2.0 403 Foreign Domain"),)),
    "takes E.164 only": ("legacy", REFUSES, ((REFUSAL, "SIP/2.0 484 Address Incomplete"),)),
    "challenges, and no credentials are set": ("legacy", REFUSES, ((REFUSAL, CHALLENGE),)),
    "fails for the moment": ("legacy", REFUSES, ((REFUSAL, "SIP/2.0 500 Try Later"),)),
    "ends the REFER itself and calls the target": ("pbx", FOLLOWS, ()),
    "rewrites every id of the dialog and hides the caller": (
        "pbx",
        FOLLOWS,
        (
            (MOVED_FROM, "From: <sip:b2bua@192.0.2.50>;tag=other[pid]x[call_number]"),
            ("moved///[call_id]", "b2bua-[pid]///[call_id]"),
        ),
    ),
}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    with running(tmp_path_factory.mktemp("edges")) as found:
        yield found


def taken(network: TestNetwork) -> int:
    return sum(one["taken"] for one in network.phones_status()["agents"] if one["site"] == "porto")


def write(folder: Path, scenario: str, changes: tuple[tuple[str, str], ...]) -> None:
    """The edge's scenario, made from one that stands in the folder."""
    text = (SCENARIOS / scenario).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "edge.xml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("edge", EDGES)
def test_a_caller_behind_an_edge_that(network: TestNetwork, tmp_path: Path, edge: str) -> None:
    trunk, scenario, changes = EDGES[edge]
    write(tmp_path, scenario, changes)
    remote, before = network.layout.site("lisbon").trunk(trunk).address, taken(network)
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        network.wait_ready("porto", "elsa")
        local = ("127.0.0.1", PortTaker()())
        with Sipp(
            tmp_path, name=trunk, scenario=str(tmp_path / "edge.xml"), local=local, remote=remote
        ) as caller:
            caller.finish().assert_passed()
    assert taken(network) == before + 1
    assert_clean(network)


@pytest.mark.parametrize("told", ["404 Not Found", "503 Service Unavailable", "603 Decline"])
def test_an_edge_that_takes_the_refer_and_fails_is_asked_once_then_the_caller_is_bridged(
    network: TestNetwork, tmp_path: Path, told: str
) -> None:
    write(tmp_path, REFUSES, SHORTENS)
    scenario = tmp_path / "edge.xml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("404 Not Found", told))
    remote, before = network.layout.site("lisbon").trunk("legacy").address, taken(network)
    local = ("127.0.0.1", PortTaker()())
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        network.wait_ready("porto", "elsa")
        with Sipp(
            tmp_path, name="edge", scenario=str(scenario), local=local, remote=remote
        ) as caller:
            caller.finish().assert_passed()
    assert taken(network) == before + 1
    messages = (tmp_path / "edge" / "messages.log").read_text(encoding="utf-8", errors="replace")
    assert messages.count("\nREFER sip:") == 1, "the edge was asked by REFER again"
    said = nrcli(network, network.leader(), "--json", "paths").stdout
    ways = next(one["moved"] for one in json.loads(said)["paths"] if one["path"] == "lisbon-legacy")
    counts = {one["method"]: (one["arrived_count"], one["failed_count"]) for one in ways}
    assert counts["bridge"][0] >= 1 and counts["refer"][1] >= 1
    assert_clean(network)


CHALLENGED = f"""\
  <recv request="REFER"/>
  <send>
    <![CDATA[
      {CHALLENGE}
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0

    ]]>
  </send>
  <recv request="REFER">
    <action>
      <ereg regexp="Digest username=.nirc.*response=" search_in="hdr"
        header="Proxy-Authorization:" check_it="true" assign_to="20"/>
      <log message="[$20]"/>
    </action>
  </recv>
"""


def moves(event: AcdEvent) -> list[AcdCommand]:
    """A daemon that moves every answered caller by REFER, and lets go who has arrived."""
    match event:
        case CallAnswered(call_id=call_id):
            address = "sip:nirc-x@127.0.0.1:9"
            return [
                StartMove(
                    call_id=call_id, move_id="m", method=TransferMethod.REFER, address=address
                )
            ]
        case MoveProgress(call_id=call_id, sign=MoveSign.NOTIFIED, sip_status=200):
            return [EndMoved(call_id=call_id)]
    return []


async def test_an_edge_that_challenges_gets_the_trunks_credentials(tmp_path: Path) -> None:
    bench = SCENARIOS.parents[1] / "benchmarks" / "sipp" / "refer.xml"
    text = bench.read_text(encoding="utf-8")
    assert '<recv request="REFER" />' in text
    ringing = '<recv response="100" optional="true" />'
    text = text.replace(ringing, ringing + ringing.replace("100", "180"))
    (tmp_path / "edge.xml").write_text(text.replace('<recv request="REFER" />', CHALLENGED))
    group = TrunkGroupSettings(
        name="carrier",
        listen=("127.0.0.1", 0),
        numbers={"*": "sales"},
        answer_after_s=0.0,
        refer_credentials=("nirc", "secret"),
    )
    settings = SipAcdSettings(trunk_groups=(group,), queues=(QueueSettings(name="sales"),))
    async with AcdOnSockets(settings, moves) as acd:
        host, port = acd.addresses["carrier"]
        with Sipp(
            tmp_path,
            name="edge",
            scenario=str(tmp_path / "edge.xml"),
            local=("127.0.0.1", free_port()),
            remote=f"{host}:{port}",
        ) as edge:
            (await asyncio.to_thread(edge.finish)).assert_passed()
        assert (await acd.wait_for(CallEnded)).released_by == "moved"
    assert acd.is_clean()
