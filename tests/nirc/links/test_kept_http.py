"""Reports and rows by HTTP: read by programs beside the node, bounded, and refused in words."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from recorded_legs import TEN_UNIX_S, leg, write_all

from nirc.config import RecordsConfig
from nirc.links.kept_http import KeptHttp
from nirc.links.problems import told
from nrcli.wire.history_messages import LegOutcome
from nrcli.wire.history_models import RecordRows, Report

DAY = "begin=2026-11-23"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    calls = [
        leg(LegOutcome.ANSWERED, came_s=number, lasted_s=5.0, queue="=sales") for number in range(3)
    ]
    return write_all(tmp_path_factory.mktemp("records"), calls)


@asynccontextmanager
async def served(config: RecordsConfig | None) -> AsyncIterator[Any]:
    @web.middleware
    async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
        try:
            answer: web.StreamResponse = await handler(request)
        except Exception as error:
            problem = told(error)
            return problem if problem is not None else web.Response(status=500)
        return answer

    app = web.Application(middlewares=[guard])
    app.add_routes(KeptHttp(config, lambda: TEN_UNIX_S).routes())
    async with TestClient(TestServer(app)) as client:

        async def get(path: str) -> tuple[int, Any]:
            answer = await client.get(f"/api/v1{path}")
            kind = answer.content_type
            return answer.status, await (answer.json() if "json" in kind else answer.text())

        yield get


async def test_reports_are_those_of_the_command(folder: Path) -> None:
    async with served(RecordsConfig(folder=folder)) as get:
        status, told = await get("/reports/daily?by=queue")
        report = Report.model_validate(told)
        assert status == 200 and report.rows[0]["offered"] == 3
        assert report.rows[0]["interval"] == "2026-11-23", "today, unless a day is named"
        status, text = await get(f"/reports/interval/csv?{DAY}&every=whole&by=queue")
        assert status == 200 and text.count("'=sales") == 2, "no formula, a row and the total"


async def test_rows_in_pages(folder: Path) -> None:
    async with served(RecordsConfig(folder=folder)) as get:
        status, told = await get("/records/legs?limit=2")
        first = RecordRows.model_validate(told)
        assert status == 200 and len(first.rows) == 2 and first.next
        status, told = await get(f"/records/legs?limit=2&after={first.next}")
        rest = RecordRows.model_validate(told)
        assert len(rest.rows) == 1 and not rest.next


async def test_what_is_refused(folder: Path, tmp_path: Path) -> None:
    async with served(RecordsConfig(folder=folder)) as get:
        for path, status, word in (
            ("/reports/weekly", 404, "daily"),
            ("/records/audit", 404, "legs"),
            ("/reports/daily?begin=2023-99-99", 422, ""),
            ("/records/legs?time_zone=Mars/Base", 422, ""),
            ("/records/legs?after=AAAA", 422, ""),
            ("/reports/daily?begin=-h", 400, ""),
        ):
            found, problem = await get(path)
            assert found == status and word in problem["remedy"], path
            assert "Traceback" not in str(problem)
    async with served(RecordsConfig(folder=tmp_path / "none")) as get:
        assert (await get("/records/legs"))[0] == 422


async def test_a_node_without_files_names_the_remedy() -> None:
    async with served(None) as get:
        for path in ("/reports/daily", "/records/legs", "/reports/interval/csv"):
            status, problem = await get(path)
            assert status == 404 and "nirc records keep" in problem["remedy"]


def program(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """What is run instead of the report."""
    monkeypatch.setattr("nirc.links.kept_http.REPORT", ("-c", text))


async def test_limits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = RecordsConfig(
        folder=folder, answer_s_max=1.0, answer_bytes_max=10_000, questions_max=1
    )
    async with served(config) as get:
        program(monkeypatch, "print('x' * 20_000)")
        status, problem = await get("/reports/daily")
        assert status == 422 and "10000 bytes" in problem["title"]
        program(monkeypatch, "import time; time.sleep(60)")
        slow = asyncio.ensure_future(get("/reports/daily"))
        await asyncio.sleep(0.2)
        assert (await get("/reports/daily"))[0] == 429, "one at a time"
        status, problem = await slow
        assert status == 422 and "fewer days" in problem["remedy"]
        program(monkeypatch, "raise SystemExit(1)")
        assert (await get("/reports/daily"))[0] == 500, "that is a fault of ours"
