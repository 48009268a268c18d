"""Controls by HTTP: what the router refuses is told, and nothing begins that etcd has not."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from control_samples import control

from nirc.core.actions import ControlWeighed
from nirc.core.events import Event, WeighControl
from nirc.errors import StoreUnavailableError
from nirc.links.controls_http import ControlsHttp
from nirc.links.problems import told
from nrcli.wire.control_models import Control, ControlEffect

WANTED = {"kind": "freeze", "author": "ana@noc", "reason": "carrier storm"}
FREEZE = control("freeze")
Ask = Callable[[TestClient[Any, Any]], Any]


class Keeper:
    """Stands in for etcd."""

    def __init__(self) -> None:
        self.kept: dict[str, Control] = {}
        self.away = False

    async def begin(self, one: Control) -> bool:
        if self.away:
            raise StoreUnavailableError("etcd", "no member answers")
        self.kept[one.id] = one
        return True

    async def end(self, control_id: str) -> bool:
        return self.kept.pop(control_id, None) is not None


class Bench:
    """The routes, a router that answers at once, and etcd."""

    def __init__(self) -> None:
        self.keeper = Keeper()
        self.base = "7"
        self.problem: tuple[str, str, str] | None = None
        self.silent = False
        view: Any = lambda: SimpleNamespace(controls=tuple(self.keeper.kept.values()))  # noqa: E731
        self.http = ControlsHttp(
            post=self._post, new_id=lambda: "q1", view=view, keeper=self.keeper, wait_s=0.05
        )

    def _post(self, event: Event) -> None:
        assert isinstance(event, WeighControl)
        if self.silent:
            return
        effect = ControlEffect(control=FREEZE, lines=("no call is moved",))
        answer = ControlWeighed(
            id=event.id,
            control=None if self.problem else FREEZE,
            effect=effect if event.wants_effect else None,
            base=self.base,
            problem=self.problem,
        )
        self.http.told(answer)

    def ask(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        async def asked() -> tuple[int, dict[str, Any]]:
            app = web.Application(middlewares=[_refusals])
            app.add_routes(self.http.routes())
            async with TestClient(TestServer(app)) as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                url = f"/api/v1/controls{path}"
                async with client.request(method, url, json=body, headers=named) as answer:
                    return answer.status, await answer.json()

        return asyncio.run(asked())


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Exception as error:
        found = told(error)
        assert found is not None, error
        return found
    return answer


def test_what_was_previewed_is_begun_shown_and_ended() -> None:
    bench = Bench()
    status, effect = bench.ask("POST", "/preview", WANTED)
    assert status == 200 and effect["lines"] == ["no call is moved"] and not bench.keeper.kept
    status, begun = bench.ask("POST", "", WANTED, If_Match=effect["etag"])
    assert (status, begun["id"], begun["who"]) == (201, "c1", "ana@noc")
    assert bench.ask("GET", "")[1]["controls"] == [begun]
    assert bench.ask("GET", "/c1")[1] == begun
    assert bench.ask("DELETE", "/c1?author=rui&reason=storm%20over")[0] == 200
    assert bench.ask("GET", "/c1")[0] == 404 and bench.ask("GET", "")[1]["controls"] == []
    assert bench.ask("DELETE", "/c1?author=rui&reason=again")[0] == 404


@pytest.mark.parametrize("change", [{"base": "8"}, {"for_s": 60.0}, {"kind": "freeze"}])
def test_a_preview_counts_for_what_was_previewed_and_not_for_who_asked(
    change: dict[str, Any],
) -> None:
    bench = Bench()
    etag = bench.ask("POST", "/preview", WANTED)[1]["etag"]
    bench.base = change.pop("base", bench.base)
    same = not change.keys() - {"kind"} and bench.base == "7"
    body = {**WANTED, **change, "author": "rui"}
    assert bench.ask("POST", "", body, If_Match=etag)[0] == (201 if same else 412)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"kind": "freeze", "author": "ana"}, "reason"),
        ({**WANTED, "reason": "x"}, "reason"),
        ({**WANTED, "kind": "melt"}, "kind"),
        ({**WANTED, "for_s": 1}, "for_s"),
        ({**WANTED, "for_s": "600"}, "for_s"),
        ({**WANTED, "target": {"of": "moon", "name": "x"}}, "target.of"),
        ({**WANTED, "target": {"of": "site", "name": "x" * 129}}, "target.name"),
        ({**WANTED, "urgent": True}, "urgent"),
    ],
)
def test_bad_requests_name_the_place(body: dict[str, object], place: str) -> None:
    bench = Bench()
    status, found = bench.ask("POST", "", body)
    assert (status, found["place"]) == (400, place) and not bench.keeper.kept


def test_what_the_router_refuses_is_told_with_its_remedy() -> None:
    bench = Bench()
    bench.problem = ("target.name", "there is no site lisbn", "did you mean lisbon?")
    status, found = bench.ask("POST", "", WANTED)
    assert (status, found["place"]) == (422, "target.name")
    assert found["remedy"] == "did you mean lisbon?" and not bench.keeper.kept
    bench.problem = ("", "100 controls are in force already", "end some")
    assert bench.ask("POST", "", WANTED)[0] == 409


def test_silence_and_an_etcd_that_is_away_are_told() -> None:
    bench = Bench()
    bench.keeper.away = True
    assert bench.ask("POST", "", WANTED)[0] == 503
    bench.silent = True
    status, found = bench.ask("POST", "/preview", WANTED)
    assert status == 504 and "nothing was begun" in found["remedy"]


def test_an_end_needs_a_reason() -> None:
    bench = Bench()
    bench.keeper.kept["c1"] = FREEZE
    status, found = bench.ask("DELETE", "/c1?author=rui")
    assert (status, found["place"]) == (400, "reason") and bench.keeper.kept
