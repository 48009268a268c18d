"""One call in plain words, over HTTP: found by any of its ids, in memory and in the records."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from node_views import MadeReport
from told_calls import AT, CALLER, decision, moved, served

from nirc.errors import StoreUnavailableError
from nirc.links.explanation_http import ExplanationHttp
from nirc.stores.redis_records import as_text
from nrcli.wire.api_models import StoreStatus
from nrcli.wire.record_tables import row_of
from routing_policies.versions import Version

POLICY = """apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: home, when: origin.free_count > 0, action: queue_at_origin}
  otherwise: {action: queue_at_origin}
"""


class Records:
    """Streams, as Redis has them."""

    def __init__(self) -> None:
        self.streams: dict[str, list[dict[str, Any]]] = {"decisions": [], "legs": [], "moves": []}

    async def find(self, stream: str, words: Sequence[str], limit: int) -> list[dict[str, Any]]:
        found = [r for r in self.streams[stream] if any(word in as_text(r) for word in words)]
        return found[-limit:]


class Versions:
    """One version of one policy."""

    asked_count = 0

    async def version(self, policy: str, number: int) -> Version:
        self.asked_count += 1
        if (policy, number) != ("default", 7):
            raise StoreUnavailableError("etcd", "is away")
        return Version(
            number=7, text=POLICY, author="ana", reason="", published_at_unix_s=0.0, action="put"
        )


def stored(**more: Any) -> dict[str, Any]:
    said = decision(**more).model_dump()
    epoch = {"generation": said.pop("generation"), "revision": said.pop("revision")}
    node, at_unix_s = said.pop("node"), said.pop("at_unix_s")
    return {"node": node, "logged": {"at_unix_s": at_unix_s, "record": {**said, "epoch": epoch}}}


class Api:
    """A node's explanations behind a client."""

    def __init__(self) -> None:
        self.records, self.versions, made = Records(), Versions(), MadeReport().report
        made.sources = replace(made.sources, redis=lambda: StoreStatus(in_reach=True))
        app = web.Application()
        app.add_routes(ExplanationHttp(made, self.records.find, self.versions).routes())
        self.client = TestClient(TestServer(app))

    async def ask(self, call: str, status: int = 200) -> Any:
        answer = await self.client.get(f"/api/v1/calls/{call}/explanation")
        assert answer.status == status, await answer.text()
        return await answer.json(content_type=None)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    api = Api()
    records = api.records
    records.streams["decisions"] = [stored()]
    records.streams["legs"] = [row_of(moved(session_id="5e5510")), row_of(served())]
    records.streams["moves"] = [
        {
            "at_unix_s": AT + 1.3,
            "record": {
                "request_id": "r1.0",
                "origin_site": "lisbon",
                "target_site": "porto",
                "method": "redirect_302",
                "outcome": "arrived",
                "sip_status": 302,
                "took_s": 0.25,
            },
        }
    ]
    async with api.client:
        yield api


@pytest.mark.parametrize("call", [CALLER, CALLER[:8], "r1.0", "d1.0"])
async def test_a_call_is_found_by_its_ids(api: Api, call: str) -> None:
    told = await api.ask(call)
    assert told["interaction_id"] == CALLER and told["call"] == call
    assert (
        "Rule home did not apply: its condition `origin.free_count > 0` did not hold."
        in (told["story"])
    )
    assert any("which took 0.2 s" in one for one in told["story"])
    assert told["headline"].endswith("talked with agent elsa for 3.0 s.") and not told["missing"]


async def test_a_call_nobody_decided_about_is_found_by_session_or_sip_call_id(api: Api) -> None:
    api.records.streams["decisions"] = []
    for call in ("5e5510", "sip-porto", "call-lisbon"):
        assert (await api.ask(call))["interaction_id"] == CALLER


async def test_a_version_is_read_once_and_one_that_is_gone_costs_only_its_conditions(
    api: Api,
) -> None:
    await api.ask(CALLER)
    await api.ask(CALLER)
    assert api.versions.asked_count == 1
    api.records.streams["decisions"] = [stored(policy_version=6)]
    told = await api.ask(CALLER)
    assert "Rule home did not apply: its condition did not hold." in told["story"]


async def test_what_nobody_knows_or_means_several(api: Api) -> None:
    unknown = await api.ask("nobody", 404)
    assert "nrcli decisions" in unknown["remedy"]
    await api.ask("x" * 300, 404)
    other = CALLER[:10] + "2" * 22
    api.records.streams["decisions"].append(stored(interaction_id=other, decision_id="e"))
    several = await api.ask(CALLER[:8], 409)
    assert CALLER in several["title"] and other in several["title"]
    assert (await api.ask(CALLER))["interaction_id"] == CALLER


async def test_a_leg_of_another_call_is_left_out(api: Api) -> None:
    other = replace(served(), interaction_id="f" * 32, ani=CALLER, leg_id="z")
    api.records.streams["legs"].append(row_of(other))
    assert sum("rang" in one for one in (await api.ask(CALLER))["story"]) == 1
