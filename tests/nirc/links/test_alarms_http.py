"""History, rules, figures, receivers and silences over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from nirc.links.alarms_http import AlarmsHttp
from nirc.links.problems import told
from nrcli.wire import alarm_rule_models as m
from nrcli.wire.alarm_models import AlarmEvent

WANTED = {"lasts_s": 60.0, "author": "ana", "reason": "x"}


def event(number: int, code: str) -> AlarmEvent:
    return AlarmEvent(
        id=str(number),
        at_unix_s=number,
        node="n1",
        code=code,
        place="p",
        happened="raised",
        severity="major",
    )


class Report:
    """What a node would say."""

    def __init__(self) -> None:
        self.room = True
        self.ended: list[str] = []

    def events(self) -> Sequence[AlarmEvent]:
        return [event(number, "ab"[number % 2]) for number in range(6, 0, -1)]

    def waiting_and_lost(self) -> tuple[int, int]:
        return 2, 1

    def rules(self) -> Sequence[m.AlarmRule]:
        base = {"figure": "f", "condition": "above 3", "severity": "minor", "text": "t"}
        names = {"a": "shipped", "b": "AlarmRules/x"}
        return [
            m.AlarmRule.model_validate({**base, "name": name, "document": document})
            for name, document in names.items()
        ]

    def figures(self) -> Sequence[m.AlarmFigure]:
        return []

    def channels(self) -> Sequence[m.AlarmChannel]:
        return [m.AlarmChannel(name="noc", kind="mail", to="2", severity_at_least="minor")]

    def notifies_here(self) -> bool:
        return True

    async def test(self, channel: str) -> Sequence[m.TestResult]:
        known = channel in ("", "noc")
        return [m.TestResult(channel="noc", sent=True, took_s=0.1)] if known else []

    def silences(self) -> Sequence[m.Silence]:
        return []

    async def silence(self, wanted: m.NewSilence) -> m.Silence | None:
        if not self.room:
            return None
        return m.Silence(
            id="5f",
            code=wanted.code,
            place=wanted.place,
            from_unix_s=0.0,
            until_unix_s=wanted.lasts_s,
            author=wanted.author,
            reason=wanted.reason,
            in_force=True,
        )

    async def end_silence(self, name: str) -> bool:
        self.ended.append(name)
        return name == "5f"


@pytest.fixture
def report() -> Report:
    return Report()


def client(report: Report) -> TestClient[web.Request, web.Application]:
    @web.middleware
    async def refuse(request: web.Request, handler: object) -> web.StreamResponse:
        try:
            return await handler(request)  # type: ignore[operator, no-any-return]
        except Exception as error:
            answer = told(error)
            assert answer is not None
            return answer

    app = web.Application(middlewares=[refuse])
    app.add_routes(AlarmsHttp(report).routes())
    return TestClient(TestServer(app))


async def test_history_in_pages_and_by_filter(report: Report) -> None:
    async with client(report) as asked:
        first = await (await asked.get("/api/v1/alarms/history?limit=4")).json()
        assert [one["id"] for one in first["events"]] == ["6", "5", "4", "3"]
        assert (first["waiting_count"], first["lost_count"]) == (2, 1)
        rest = await (await asked.get(f"/api/v1/alarms/history?after={first['next']}")).json()
        assert [one["id"] for one in rest["events"]] == ["2", "1"] and rest["next"] == ""
        found = await (await asked.get("/api/v1/alarms/history?code=a&happened=raised")).json()
        assert [one["id"] for one in found["events"]] == ["6", "4", "2"]
        assert (await asked.get("/api/v1/alarms/history?happened=gone")).status == 400
        assert (await asked.get("/api/v1/alarms/history?cod=a")).status == 400


async def test_rules_figures_and_receivers(report: Report) -> None:
    async with client(report) as asked:
        rules = await (await asked.get("/api/v1/alarm-rules?document=shipped")).json()
        assert [one["name"] for one in rules["rules"]] == ["a"]
        assert (await (await asked.get("/api/v1/alarm-figures")).json())["figures"] == []
        channels = await (await asked.get("/api/v1/alarm-channels")).json()
        assert channels["notifies_here"] and channels["channels"][0]["name"] == "noc"


async def test_a_test_notice(report: Report) -> None:
    async with client(report) as asked:
        path = "/api/v1/alarm-channels/test"
        done = await asked.post(path, json={"author": "ana"})
        assert (await done.json())["results"][0]["sent"] is True
        missing = await asked.post(path, json={"author": "ana", "channel": "x"})
        assert missing.status == 404 and "no receiver x" in (await missing.json())["detail"]
        assert (await asked.post(path, json={})).status == 400
        assert (await asked.post(path, data=b"{")).status == 400


async def test_silences(report: Report) -> None:
    async with client(report) as asked:
        begun = await asked.post("/api/v1/silences", json=WANTED)
        assert begun.status == 201 and (await begun.json())["code"] == "*"
        assert (await asked.post("/api/v1/silences", json={**WANTED, "lasts_s": 1e9})).status == 400
        report.room = False
        assert (await asked.post("/api/v1/silences", json=WANTED)).status == 409
        assert (await asked.delete("/api/v1/silences/5f")).status == 200
        assert (await asked.delete("/api/v1/silences/6a?author=ana")).status == 404
        assert report.ended == ["5f", "6a"]
