"""A site agent with a number plan on real sockets: sipp calls diverted numbers, as trunks do."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from network import TestNetwork, running, wait_until
from sipp import Sipp

from nirc.demo.ports import PortTaker
from site_agent.app import SiteApp
from site_agent.config import parse_config

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed"),
]

HEAD = "apiVersion: nirc/v1\nkind: {}\nmetadata: {{name: {}}}\nspec: {}\n"
PLAN = """
  country: PT
  trunk_groups:
    - {name: carrier, called_number_from: [history_info, diversion, request_uri], priority: 4}
  entries:
    - {number: "210000001", service: help}
    - {number: "*", service: sales}
"""
DOCUMENTS = {
    "NetworkService/help": HEAD.format("NetworkService", "help", "{queue: support}"),
    "NetworkService/sales": HEAD.format("NetworkService", "sales", "{queue: sales}"),
    "DialedNumberPlan/lisbon": HEAD.format("DialedNumberPlan", "lisbon", PLAN),
    "Tenant/default": HEAD.format(
        "Tenant",
        "default",
        '{lists: [{name: nuisance, numbers: ["+351920000002"], blocked: true}]}',
    ),
}
OTHER = "+351999999999"


free_port = PortTaker()


@dataclass(frozen=True)
class Site:
    folder: Path
    port: int

    def history(self, kind: str) -> list[dict[str, Any]]:
        lines = (self.folder / "history.jsonl").read_text().splitlines()
        return [line for line in map(json.loads, lines) if line["kind"] == kind]

    async def call(self, name: str, scenario: str, number: str, **keys: str) -> None:
        more = [word for key, value in keys.items() for word in ("-key", key, value)]
        with Sipp(
            self.folder,
            name=name,
            scenario=scenario,
            local=("127.0.0.1", free_port()),
            remote=f"127.0.0.1:{self.port}",
            number=number,
            more=more,
        ) as caller:
            (await asyncio.to_thread(caller.finish)).assert_passed()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Lisbon, which has kept its documents from an earlier run; anna sells, rita helps."""
    port, anna, rita = free_port(), free_port(), free_port()
    kept = {
        "incarnation": 1,
        "epochs": {},
        "site_table_revision": -1,
        "site_table": "",
        "documents": json.dumps(DOCUMENTS),
    }
    (tmp_path / "state.json").write_text(json.dumps(kept))
    text = f"""
site: lisbon
incarnation_file: {tmp_path}/state.json
history_file: {tmp_path}/history.jsonl
acd:
  kind: sip_acd
  liveness_s: 0
  trunk_groups:
    - {{name: carrier, listen: "127.0.0.1:{port}", peers: ["127.0.0.0/8"], channels_max: 20,
       transports: [udp]}}
  media: {{kind: player}}
  queues: [{{name: sales}}, {{name: support}}]
  agents:
    - {{name: anna, contact: "sip:anna@127.0.0.1:{anna}", queues: {{sales: 5}}}}
    - {{name: rita, contact: "sip:rita@127.0.0.1:{rita}", queues: {{support: 5}}}}
"""
    app = SiteApp(parse_config(text, source="site.yaml"))
    await app.start()
    phones = [
        Sipp(tmp_path, name=name, scenario="agent_answers.xml", local=("127.0.0.1", at))
        for name, at in (("anna", anna), ("rita", rita))
    ]
    try:
        yield Site(tmp_path, port)
    finally:
        for phone in phones:
            phone.stop()
        await app.stop()


HEADERS = {
    "diversion": "Diversion: <tel:+351-21-000-0001>;reason=unconditional",
    "history": "History-Info: <sip:+351210000001@a>;index=1, <sip:+351999999999@b>;index=1.1",
}


async def test_diverted_calls_land_on_the_service_that_was_dialed(site: Site) -> None:
    for name, header in HEADERS.items():
        await site.call(name, "caller_with_header.xml", OTHER, extra=header, caller="910000001")
    none = "Subject: no diversion"
    await site.call("direct", "caller_with_header.xml", OTHER, extra=none, caller="910000001")
    offered = [line["queue"] for line in site.history("call_offered")]
    served = [line["agent"] for line in site.history("call_connected")]
    assert offered == ["support", "support", "sales"]
    assert served == ["rita", "rita", "anna"]


async def test_a_blocked_caller_is_declined(site: Site) -> None:
    await site.call("blocked", "caller_declined.xml", OTHER, caller="00351920000002")
    assert site.history("call_offered") == []


WHOLE = HEAD.format(
    "DialedNumberPlan",
    "all",
    '{country: PT, entries: [{number: "+351210009999", service: support}]}',
)


@pytest.mark.timeout(180)
def test_a_plan_that_is_published_reaches_every_site_and_its_calls(tmp_path: Path) -> None:
    """By the settings the number is for sales; the plan of the network says support."""
    with running(tmp_path) as network:
        network.wait_ready("lisbon", "anna")
        assert _queue_of(network) == "sales"
        leader = network.leader()
        assert leader is not None
        network.admin(leader).put_documents({"DialedNumberPlan/all": WHOLE})
        for site in ("lisbon", "porto"):
            state = tmp_path / site / "state.json"
            wait_until("the site keeps the plan", lambda at=state: "Plan/all" in at.read_text())
        assert _queue_of(network) == "support"


def _queue_of(network: TestNetwork) -> str:
    """The queue in which a call to the number was served."""
    network.wait_ready("lisbon", "anna")
    story = network.place("lisbon", "carrier", dialed="210009999").wait_over()
    assert story["outcome"] == "served"
    lines = (network.folder / "lisbon" / "history.jsonl").read_text().splitlines()
    offered = [line for line in map(json.loads, lines) if line["kind"] == "call_offered"]
    return str(offered[-1]["queue"])
