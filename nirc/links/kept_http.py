"""The part of a node's HTTP API that answers from files of records: reports, and rows.

Rule of this file: files are read by programs of their own, one at a time and for so long, so that
no decision waits; what they say is passed on as it is.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from nirc.config import RecordsConfig
from nirc.errors import RequestError
from nirc.links.api_server import asked, bound, cursor_name, cursor_of
from nirc.links.problems import problem
from nirc.records.row_program import RowQuestion
from nrcli.wire.history_models import RecordRows, RecordsQuery, ReportQuery
from nrcli.wire.record_tables import TABLES

log = logging.getLogger(__name__)

REPORT = ("-m", "nrcli", "--json", "report")
ROWS = ("-m", "nirc.records.row_program")
WRONG = 2
COME_AGAIN_S = 5
NICER = ("nice", "-n", "10")
LENGTHS = ("daily", "interval")


class KeptHttp:
    """Handlers; `routes` are added to the node's API, whose guard is before them."""

    def __init__(self, settings: RecordsConfig | None, wall_unix_s: Callable[[], float]) -> None:
        self._settings = settings
        self._wall_unix_s = wall_unix_s
        self._one_at_a_time = asyncio.Lock()
        self._waiting_count = 0

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return bound(
            {"getReport": self._json, "getReportCsv": self._csv, "listRecords": self._rows}
        )

    async def _json(self, request: web.Request) -> web.Response:
        return await self._report(request, (), "application/json")

    async def _csv(self, request: web.Request) -> web.Response:
        return await self._report(request, ("--csv=-",), "text/csv")

    async def _report(self, request: web.Request, more: Sequence[str], kind: str) -> web.Response:
        query, length = asked(request, ReportQuery), request.match_info["length"]
        if length not in LENGTHS:
            return problem(404, "no such report", remedy=f"there are {' and '.join(LENGTHS)}")
        settings = self._folder()
        begin = query.begin or self._today(query.time_zone)
        options = [
            f"--records={settings.folder}",
            f"--from={begin}",
            f"--to={query.to}",
            f"--time-zone={query.time_zone}",
            f"--by={query.by}",
            f"--view={query.view}",
            *((f"--every={query.every}",) if query.every and length == "interval" else ()),
        ]
        told = await self._told([*REPORT, length, *options, *more], settings)
        return web.Response(body=told, content_type=kind, charset="utf-8")

    async def _rows(self, request: web.Request) -> web.Response:
        query, table = asked(request, RecordsQuery), request.match_info["table"]
        if table not in TABLES:
            return problem(404, "no such table", remedy=f"there are {', '.join(sorted(TABLES))}")
        settings = self._folder()
        begin = query.begin or self._today(query.time_zone)
        skip = _skipped(query.after)
        question = RowQuestion(
            folder=str(settings.folder),
            table=table,
            begin=begin,
            to=query.to or begin,
            time_zone=query.time_zone,
            limit=query.limit,
            skip=skip,
            call=query.call,
            site=query.site or "",
            queue=query.queue or "",
        )
        told = await self._told([*ROWS, json.dumps(asdict(question))], settings)
        head, _, rows = told.partition(b"\n")
        if not json.loads(head)["more"]:
            return web.Response(body=rows, content_type="application/json")
        after = json.dumps(cursor_of(0, str(skip + query.limit))).encode()
        empty = RecordRows.model_fields["next"].default
        body = rows.removesuffix(f'"next":"{empty}"}}'.encode()) + b'"next":' + after + b"}"
        return web.Response(body=body, content_type="application/json")

    def _folder(self) -> RecordsConfig:
        """Raises RequestError where this node keeps no files."""
        if self._settings is None:
            remedy = "set `records: {folder: ...}` in its settings, and run `nirc records keep`"
            raise RequestError("records", "this node has no files of records", remedy, status=404)
        return self._settings

    def _today(self, time_zone: str) -> str:
        try:
            zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return datetime.fromtimestamp(self._wall_unix_s(), UTC).date().isoformat()
        return datetime.fromtimestamp(self._wall_unix_s(), zone).date().isoformat()

    async def _told(self, words: Sequence[str], settings: RecordsConfig) -> bytes:
        """What a program says. Raises RequestError."""
        if self._waiting_count >= settings.questions_max:
            remedy = f"come again in {COME_AGAIN_S} s"
            raise RequestError("records", "others are answered from files", remedy, status=429)
        self._waiting_count += 1
        try:
            async with self._one_at_a_time:
                return await self._run(words, settings)
        finally:
            self._waiting_count -= 1

    async def _run(self, words: Sequence[str], settings: RecordsConfig) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *(*NICER, sys.executable, *words),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(settings.answer_s_max):
                told, wrong = await asyncio.gather(
                    _read(process.stdout, settings.answer_bytes_max),
                    _read(process.stderr, settings.answer_bytes_max),
                )
                code = await process.wait()
        except TimeoutError as error:
            raise _too_much(f"took more than {settings.answer_s_max:g} s") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if code == WRONG:
            said = wrong.decode("utf-8", "replace").strip().removeprefix("nrcli: ")
            raise RequestError("records", said[:500], status=422)
        if code != 0:
            log.error(
                "reading records failed (%d): %s", code, wrong[-2_000:].decode("utf-8", "replace")
            )
            raise RuntimeError("the program that reads records failed")
        return told


async def _read(stream: asyncio.StreamReader | None, bytes_max: int) -> bytes:
    """All of it. Raises RequestError for too much."""
    assert stream is not None, "both are pipes"
    parts, size = [], 0
    while part := await stream.read(1 << 16):
        size += len(part)
        if size > bytes_max:
            raise _too_much(f"would be more than {bytes_max} bytes")
        parts.append(part)
    return b"".join(parts)


def _too_much(told: str) -> RequestError:
    remedy = "ask for fewer days, longer intervals or fewer places; or run `nrcli report` yourself"
    return RequestError("records", f"the answer {told}", remedy, status=422)


def _skipped(cursor: str) -> int:
    """Raises RequestError."""
    name = cursor_name(cursor) or "0"
    if not (name.isascii() and name.isdecimal() and len(name) < 12):
        raise RequestError(
            "after", "is no cursor", "give the `next` of the page before", status=422
        )
    return int(name)
