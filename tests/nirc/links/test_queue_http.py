"""Taking an entry out by HTTP: the router's word becomes an answer, and who did it is logged."""

import asyncio
import logging

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from nirc.core.actions import EntryTold
from nirc.core.events import Event, TakeEntryOut
from nirc.links.queue_http import QueueHttp

WANTED = {"entry_id": "e1", "author": "ana@noc", "reason": "test call"}


async def asked(told: EntryTold | None) -> tuple[int, dict[str, object], list[Event]]:
    """Status and body of the answer where the router says this, and what it was asked."""
    events: list[Event] = []

    def post(event: Event) -> None:
        events.append(event)
        if told is not None:
            http.told(told)

    http = QueueHttp(post=post, new_id=lambda: "q1", wait_s=0.05)
    app = web.Application()
    app.add_routes(http.routes())
    async with TestClient(TestServer(app)) as client:
        answer = await client.post("/api/v1/queue/take-out", json=WANTED)
        return answer.status, await answer.json(), events


def test_it_is_done_and_logged_with_its_author(caplog: pytest.LogCaptureFixture) -> None:
    told = EntryTold(id="q1", problem=None, site="lisbon", interaction_id="i1", kind="callback")
    with caplog.at_level(logging.WARNING):
        status, body, events = asyncio.run(asked(told))
    assert status == 202 and body == {"entry_id": "e1", "site": "lisbon", "kind": "callback"}
    assert events == [TakeEntryOut(id="q1", entry_id="e1", author="ana@noc", reason="test call")]
    assert "ana@noc takes callback e1 (interaction i1) of site lisbon out" in caplog.text
    assert "test call" in caplog.text


@pytest.mark.parametrize(
    ("kind", "status"), [("unknown", 404), ("elsewhere", 409), ("away", 503), ("busy", 409)]
)
def test_a_refusal_names_the_remedy(kind: str, status: int) -> None:
    told = EntryTold(id="q1", problem=(kind, "no entry e1", "look"))
    found, body, _ = asyncio.run(asked(told))
    assert found == status and (body["title"], body["remedy"]) == ("no entry e1", "look")


def test_silence_is_told() -> None:
    status, body, _ = asyncio.run(asked(None))
    assert status == 504 and "nrcli queue" in str(body["remedy"])
