"""Sites are asked over their links and joined; who cannot answer is named, and not waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from nirc.links import site_traces
from nirc.links.site_traces import SiteTraces
from nirc.trace_config import TraceConfig
from nrcli.sip.flow import Peer
from nrcli.wire.messages import Heartbeat, Hello, TraceAsk, TraceTold
from nrcli.wire.trace_models import CallTrace, TracedMessage, packed

INVITE = b"INVITE sip:+351912345678@h SIP/2.0\r\nCall-ID: caller-1\r\n\r\n"


def trace_at(place: str, at_s: float, now_s: float = 0.0) -> CallTrace:
    one = TracedMessage(
        at_unix_s=at_s,
        place=place,
        sent=True,
        transport="udp",
        local="10.0.0.1:5060",
        remote="10.0.0.9:5080",
        message="BYE",
    )
    return CallTrace(call="caller-1", messages=[one], now_unix_s=now_s)


class Sites:
    """Linked sites that answer as they are told."""

    def __init__(self, **config: Any) -> None:
        self.hellos: dict[str, Hello] = {}
        self.answers: dict[str, Callable[[TraceAsk], list[TraceTold]]] = {}
        self.asked: list[tuple[str, TraceAsk]] = []
        self.traces = SiteTraces(
            node="n1",
            config=TraceConfig(answer_s=0.1, **config),
            hellos=lambda: self.hellos,
            send=self._send,
            new_id=iter(map(str, range(100))).__next__,
            now_s=lambda: 10.0,
            unix_s=lambda: 1010.0,
        )

    def site(
        self,
        name: str,
        answer: Callable[[TraceAsk], list[TraceTold]] = lambda ask: [],
        *,
        knows: bool = True,
    ) -> None:
        self.hellos[name] = Hello(site=name, incarnation=1, traces=knows)
        self.answers[name] = answer

    def _send(self, site: str, ask: TraceAsk) -> bool:
        self.asked.append((site, ask))
        for part in self.answers[site](ask):
            asyncio.get_running_loop().call_soon(self.traces.told, site, part)
        return site != "gone"

    @asynccontextmanager
    async def api(self) -> AsyncIterator[TestClient[web.Request, web.Application]]:
        app = web.Application()
        app.router.add_routes(self.traces.routes())
        async with TestClient(TestServer(app)) as client:
            yield client

    async def joined(self, more: str = "") -> CallTrace:
        async with self.api() as client:
            answer = await client.get(f"/api/v1/calls/caller-1/trace{more}")
            assert answer.status == 200, await answer.text()
            return CallTrace.model_validate_json(await answer.text())


def whole(told: CallTrace) -> Callable[[TraceAsk], list[TraceTold]]:
    """An answer in parts of ten bytes."""
    data = b"".join(packed(told))
    parts = [data[at : at + 10] for at in range(0, len(data), 10)][:39]
    parts.append(data[390:]) if len(data) > 390 else None

    def answer(ask: TraceAsk) -> list[TraceTold]:
        count = len(parts)
        return [
            TraceTold(id=ask.id, part=n, parts_count=count, data=one) for n, one in enumerate(parts)
        ]

    return answer


async def test_all_sites_and_the_edges_of_this_node_are_one_trace_in_order() -> None:
    sites = Sites()
    sites.traces.ring.put(8.0, False, Peer("udp", ("10.0.0.5", 5060), ("10.0.0.9", 5080)), INVITE)
    sites.site("porto", whole(trace_at("porto", 1009.5)))
    sites.site("lisbon", whole(trace_at("lisbon", 1009.0)))
    told = await sites.joined()
    assert [one.place for one in told.messages] == ["n1", "lisbon", "porto"]
    assert "912345678" not in told.messages[0].message
    assert (told.notes, told.unmasked, told.now_unix_s) == ([], False, 1010.0)
    assert [(site, ask.call, ask.unmasked) for site, ask in sites.asked] == [
        ("lisbon", "caller-1", False),
        ("porto", "caller-1", False),
    ]


async def test_a_site_whose_clock_is_ahead_is_put_among_the_others() -> None:
    sites = Sites()
    sites.site("lisbon", whole(trace_at("lisbon", 1500.0, now_s=1510.0)))
    assert (await sites.joined()).messages[0].at_unix_s == 1000.0


async def test_who_does_not_answer_is_named() -> None:
    sites = Sites()
    sites.site("old", knows=False)
    sites.site("silent")
    sites.site("gone")
    sites.site("odd", lambda ask: [TraceTold(id=ask.id, part=0, parts_count=1, data=b"x")])
    sites.site("late", lambda ask: [TraceTold(id=ask.id, part=1, parts_count=2, data=b"x")])
    sites.site("huge", lambda ask: [TraceTold(id=ask.id, part=0, parts_count=41, data=b"x")])
    sites.site("good", whole(trace_at("good", 1009.0)))
    told = await sites.joined()
    assert [one.place for one in told.messages] == ["good"]
    notes = "\n".join(told.notes)
    for text in (
        "old: its site agent is of an older version",
        "silent: no answer in 0.1 s",
        "gone: its link is down",
        "odd: its answer cannot be read",
        "late: its answer cannot be read (a part is missing)",
        "huge: its answer cannot be read",
    ):
        assert text in notes
    assert [site for site, _ in sites.asked if site == "old"] == []


async def test_whole_numbers_only_where_the_settings_allow_it() -> None:
    async with Sites().api() as client:
        answer = await client.get("/api/v1/calls/caller-1/trace/unmasked")
        assert answer.status == 403 and "trace.unmasked" in await answer.text()
    sites = Sites(unmasked=True)
    sites.site("lisbon", whole(trace_at("lisbon", 1009.0)))
    assert (await sites.joined("/unmasked")).unmasked
    assert sites.asked[0][1].unmasked


async def test_what_nobody_asked_is_forgotten_and_other_words_go_on() -> None:
    sites = Sites()
    told = TraceTold(id="7", part=0, parts_count=1, data=b"x")
    assert sites.traces.told("lisbon", told)
    assert not sites.traces.told("lisbon", Heartbeat())


async def test_too_many_at_once_and_too_long_a_name_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(site_traces, "ASKS_MAX", 0)
    async with Sites().api() as client:
        assert (await client.get("/api/v1/calls/caller-1/trace")).status == 503
        assert (await client.get(f"/api/v1/calls/{'x' * 201}/trace")).status == 404
