"""The API about policies: what is passed on, ETags, and how refusals look."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from nirc.errors import PolicyConflictError
from nirc.links.policies_http import PoliciesHttp
from nirc.links.problems import told
from nirc.stores.etcd_policies import Done, Known
from nrcli.wire.api_models import Decision
from nrcli.wire.policy_models import DryRun
from routing_policies.versions import (
    Canary,
    HistoryEvent,
    Order,
    PolicyState,
    Scheduled,
    Version,
)

STATE = PolicyState(
    live=3,
    newest=5,
    shadow=4,
    canary=Canary(version=5, sites=("lisbon",), share=0.5),
    scheduled=(Scheduled(version=5, at_unix_s=9.0, author="ana", reason="later"),),
)
VERSION = Version(
    number=3, text="text", author="ana", reason="r", published_at_unix_s=1.0, action="publish"
)
COUNTERS = {"shadow.default.4.same": 7, "shadow.default.4.differs": 2, "shadow.default.3.same": 9}
EVENT = HistoryEvent(
    number=1, at_unix_s=1.0, act="publish", version=3, live=3, author="ana", reason="r", told="t"
)


class Keeper:
    """Remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.error: Exception | None = None

    def _done(self, *asked: Any) -> Done:
        if self.error is not None:
            raise self.error
        self.asked.append(asked)
        return Done(policy="default", version=6, live=6, changed=True, told=("done",))

    async def list_all(self) -> list[Known]:
        return [Known(policy="default", state=STATE, in_use_here=3)]

    async def get(self, policy: str) -> Known | None:
        return Known(policy=policy, state=STATE) if policy == "default" else None

    async def history(self, policy: str) -> list[HistoryEvent]:
        return [EVENT]

    async def version(self, policy: str, number: int) -> Version:
        return VERSION

    async def publish(self, policy: str, text: str, order: Order, *, only_check: bool) -> Done:
        return self._done("publish", policy, text, order, only_check)

    async def rollback(self, policy: str, to: int, order: Order) -> Done:
        return self._done("rollback", policy, to)

    async def shadow(self, policy: str, wanted: int | str, order: Order) -> Done:
        return self._done("shadow", policy, wanted)

    async def canary(
        self, policy: str, wanted: int | str, part: Canary, order: Order, *, forced: str = ""
    ) -> Done:
        return self._done("canary", policy, wanted, part, forced)

    async def promote(self, policy: str, version: int, order: Order) -> Done:
        return self._done("promote", policy, version)

    async def stop(self, policy: str, what: frozenset[str], order: Order) -> Done:
        return self._done("stop", policy, what)

    async def schedule(
        self, policy: str, wanted: int | str, at_unix_s: float, order: Order
    ) -> Done:
        return self._done("schedule", policy, wanted, at_unix_s)

    async def dry_run(self, wanted: DryRun) -> Decision:
        raise AssertionError("not asked here")


class Served:
    """The handlers on a port of their own."""

    def __init__(self, keeper: Keeper, port: int) -> None:
        self.keeper = keeper
        self._url = f"http://127.0.0.1:{port}/api/v1/policies"

    async def ask(
        self, path: str = "", body: object = None, **headers: str
    ) -> tuple[int, Any, str]:
        method = "GET" if body is None else "POST"
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self._url + path, json=body, headers=headers) as answer,
        ):
            return (
                answer.status,
                await answer.json(content_type=None),
                answer.headers.get("ETag", ""),
            )

    async def act(self, verb: str, **fields: object) -> tuple[Any, ...]:
        status, said, _ = await self.ask(f"/default/{verb}", {"author": "ana", **fields})
        assert status == 200 and said["version"] == 6 and said["told"] == ["done"], said
        return self.keeper.asked[-1]


@web.middleware
async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Exception as error:
        found = told(error)
        if found is None:
            raise
        return found
    return answer


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    keeper = Keeper()
    app = web.Application(middlewares=[guard])
    app.add_routes(PoliciesHttp(keeper, keeper, lambda: 42.0, lambda: COUNTERS).routes())
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield Served(keeper, runner.addresses[0][1])
    await runner.cleanup()


async def test_what_there_is(served: Served) -> None:
    _, said, _ = await served.ask()
    one = said["policies"][0]
    assert (one["live"], one["in_use_here"], one["shadow"], one["newest"]) == (3, 3, 4, 5)
    assert (one["shadow_same_count"], one["shadow_differs_count"]) == (7, 2)
    assert one["canary"]["told"] == "50 % of the calls from lisbon"
    assert one["scheduled"][0]["version"] == 5
    assert (await served.ask("/default"))[2] == '"3"'
    status, said, _ = await served.ask("/other")
    assert status == 404 and said["remedy"]
    _, said, _ = await served.ask("/default/history")
    assert said["events"][0]["act"] == "publish"
    _, said, _ = await served.ask("/default/versions/3")
    assert said["text"] == "text"
    assert (await served.ask("/default/versions/three"))[0] == 422


async def test_every_act_is_passed_on(served: Served) -> None:
    _, policy, text, order, only_check = await served.act("publish", text="t", reason="r")
    assert (policy, text, only_check) == ("default", "t", False)
    assert (order.author, order.reason, order.at_unix_s) == ("ana", "r", 42.0)
    assert await served.act("rollback", to_version=2) == ("rollback", "default", 2)
    assert await served.act("shadow", text="t") == ("shadow", "default", "t")
    part = Canary(version=0, sites=("lisbon",), share=0.5)
    found = await served.act("canary", version=2, sites=["lisbon"], share=0.5, force="why")
    assert found == ("canary", "default", 2, part, "why")
    assert await served.act("promote") == ("promote", "default", 0)
    assert (await served.act("stop", shadow=True))[2] == {"shadow"}
    assert await served.act("schedule", version=2, at_unix_s=99.0) == (
        *("schedule", "default"),
        *(2, 99.0),
    )


async def test_an_etag_binds_to_the_live_version(served: Served) -> None:
    body = {"author": "ana", "text": "t"}
    await served.ask("/default/publish", body, **{"If-Match": '"3"'})
    assert served.keeper.asked[-1][3].if_version == 3
    await served.ask("/default/publish", {**body, "if_version": 2}, **{"If-Match": '"3"'})
    assert served.keeper.asked[-1][3].if_version == 2
    assert (await served.ask("/default/publish", body, **{"If-Match": "new"}))[0] == 400
    served.keeper.error = PolicyConflictError("default", 3, 4, "version 4 is live, by bruno")
    status, said, _ = await served.ask("/default/publish", body)
    assert status == 412 and "by bruno" in said["detail"]


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("publish", {}, 400),
        ("publish", {"text": "t", "colour": "red"}, 400),
        ("publish", {"text": "t", "reason": "x" * 501}, 400),
        ("shadow", {}, 422),
        ("shadow", {"text": "t", "version": 1}, 422),
        ("canary", {"version": 1, "share": 2}, 400),
        ("stop", {}, 422),
        ("schedule", {"version": 1, "at_unix_s": -1}, 422),
    ],
)
async def test_what_is_not_understood(
    served: Served, path: str, fields: dict[str, object], status: int
) -> None:
    found, said, _ = await served.ask(f"/default/{path}", {"author": "ana", **fields})
    assert found == status == said["status"] and not served.keeper.asked
    assert (await served.ask("/UP/promote", {"author": "ana"}))[0] == 422
