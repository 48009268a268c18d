"""The HTTP API: who may, what is answered, how refusals look; with the client made for it."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from nirc.errors import (
    DocumentConflictError,
    DocumentRefusedError,
    SettingsError,
    StoreUnavailableError,
    UncertainError,
)
from nirc.links.admin_http import BODY_BYTES_MAX, AdminHttp
from nirc.links.request_pace import RequestPace
from nirc.stores.etcd_config import Change, StoredDocument
from nrcli.admin_client import AdminClient
from nrcli.errors import AdminError
from nrcli.wire.alarm_models import AcknowledgeAlarm, Alarm, Alarms
from nrcli.wire.api_models import (
    Calls,
    Decisions,
    Problem,
    QueueEntries,
    Sites,
    SiteStatus,
    Status,
    StoreStatus,
)
from nrcli.wire.document_models import DocumentChange
from nrcli.wire.live_models import AgentOfSite, QueueOfSite
from nrcli.wire.resource_models import Cluster, Reservation, Statistics

TOKEN = "a-token"
SITE = SiteStatus(
    site="lisbon",
    liveness="alive",
    linked=True,
    usable=True,
    state_age_s=None,
    ready_count=1,
    waiting_count=0,
    busy_count=0,
)


class Report:
    """A node that says little."""

    drained = False

    def status(self) -> Status:
        return Status(
            node="n1",
            version="0",
            up_s=1.0,
            draining=self.drained,
            domains=(),
            sites_linked=(),
            peers_linked=(),
            documents_revision=0,
            etcd=StoreStatus(in_reach=True),
            redis=StoreStatus(in_reach=True),
            alarms_count=0,
            calls_in_motion_count=0,
            inbox_count=0,
        )

    def sites(self) -> Sites:
        return Sites(sites=(SITE,))

    def site(self, name: str) -> SiteStatus | None:
        return SITE if name == "lisbon" else None

    def calls(self) -> Calls:
        return Calls(calls=())

    def queue(self) -> QueueEntries:
        return QueueEntries(entries_count=0, entries=())

    async def decisions(
        self, call: str, limit: int, keep: object = None, before: str = ""
    ) -> Decisions:
        if call == "fault":
            raise KeyError("mistake of ours")
        return Decisions(decisions=())

    def alarms(self) -> Alarms:
        return Alarms(alarms=())

    def metrics_text(self) -> str:
        return "x 1\n"

    def drain(self, draining: bool = True) -> None:
        self.drained = draining

    def cluster(self) -> Cluster:
        raise AssertionError("not asked here")

    def statistics(self) -> Statistics:
        raise AssertionError("not asked here")

    def queues(self) -> tuple[QueueOfSite, ...]:
        return ()

    def agents(self) -> tuple[AgentOfSite, ...]:
        return ()

    def reservations(self) -> tuple[Reservation, ...]:
        return ()

    def acknowledge(self, wanted: AcknowledgeAlarm) -> Alarm | None:
        return None


class Keeper:
    """Documents in a dictionary; `error` is raised instead of anything."""

    def __init__(self) -> None:
        self.documents: dict[str, StoredDocument] = {}
        self.revision = 10
        self.error: Exception | None = None

    async def list_all(self) -> list[StoredDocument]:
        return list(self.documents.values())

    async def get(self, key: str) -> StoredDocument | None:
        return self.documents.get(key)

    async def apply(self, changes: Sequence[Change], author: str = "unknown") -> int:
        if self.error is not None:
            raise self.error
        self.revision += 1
        for change in changes:
            found = self.documents.get(change.key)
            revision = found.mod_revision if found else 0
            if change.if_revision is not None and change.if_revision != revision:
                raise DocumentConflictError(change.key, change.if_revision, revision)
            if change.text is None:
                del self.documents[change.key]
            else:
                self.documents[change.key] = StoredDocument(
                    key=change.key, text=change.text, mod_revision=self.revision
                )
        return self.revision

    async def doubts(self, changes: Sequence[Change]) -> list[str]:
        return [f"{one.key}: is it so?" for one in changes if one.key.startswith("Path/")]


class Served:
    """A running API, its parts and a client."""

    def __init__(self, api: AdminHttp, report: Report, keeper: Keeper, client: AdminClient) -> None:
        self.api, self.report, self.keeper, self.client = api, report, keeper, client
        self.url = f"http://127.0.0.1:{api.port}"

    async def raw(
        self, path: str, method: str = "GET", token: str = TOKEN, **options: object
    ) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers.update(options.pop("headers", {}))  # type: ignore[call-overload]
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.url + path, headers=headers, **options) as answer,  # type: ignore[arg-type]
        ):
            return answer.status, await answer.text()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    report, keeper = Report(), Keeper()
    api = AdminHttp(listen="127.0.0.1:0", make_token=lambda: TOKEN, report=report, documents=keeper)
    await api.start()
    async with AdminClient(f"http://127.0.0.1:{api.port}", TOKEN) as client:
        yield Served(api, report, keeper, client)
    await api.stop()


async def test_only_health_without_a_token(served: Served) -> None:
    assert await served.raw("/healthz", token="") == (200, "ok\n")
    for path in ("/metrics", "/api/v1/status", "/nothing"):
        for token in ("", "wrong", "ünsafe"):
            status, text = await served.raw(path, token=token)
            assert status == 401 and "Bearer" in Problem.model_validate_json(text).remedy
    assert await served.raw("/metrics") == (200, "x 1\n")
    status, text = await served.raw("/nothing")
    assert status == 404 and Problem.model_validate_json(text).status == 404


async def test_pages_of_other_nodes_read_refusals_too() -> None:
    origin = "http://n2.example.net"
    api = AdminHttp(
        listen="127.0.0.1:0",
        make_token=lambda: TOKEN,
        report=Report(),
        documents=Keeper(),
        node_urls={"n2": origin},
    )
    await api.start()
    url = f"http://127.0.0.1:{api.port}/api/v1/status"
    try:
        async with aiohttp.ClientSession(headers={"Origin": origin}) as session:
            async with session.get(url) as answer:
                assert answer.status == 401
                assert answer.headers["Access-Control-Allow-Origin"] == origin
            wanted = {"Access-Control-Request-Method": "GET"}
            async with session.options(url, headers=wanted) as answer:
                assert answer.status == 204 and "GET" in str(answer.headers)
                assert answer.headers["Access-Control-Allow-Origin"] == origin
    finally:
        await api.stop()


async def test_what_is_going_on(served: Served) -> None:
    assert (await served.client.status()).node == "n1"
    assert (await served.client.sites()).sites[0].site == "lisbon"
    assert (await served.client.site("lisbon")).ready_count == 1
    with pytest.raises(AdminError) as caught:
        await served.client.site("porto/../x")
    assert caught.value.status == 404
    assert (await served.client.calls()).calls == ()
    assert (await served.client.queue()).entries == ()
    assert (await served.client.decisions("i1")).decisions == ()
    assert (await served.client.alarms()).alarms == ()
    assert (await served.client.drain()).draining and served.report.drained
    for limit in ("0", "x", "1001", "-1", "9" * 5000):
        assert (await served.raw(f"/api/v1/decisions?limit={limit}"))[0] == 400


async def test_documents_are_compared_and_set(served: Served) -> None:
    client = served.client
    first = await client.put_document("Site", "lisbon", "text 1")
    kept = await client.document("Site", "lisbon")
    assert (kept.text, kept.etag) == ("text 1", f'"{first.revision}"')
    await client.put_document("Site", "lisbon", "text 2", kept.etag)
    with pytest.raises(AdminError) as caught:
        await client.put_document("Site", "lisbon", "text 3", kept.etag)
    assert caught.value.status == 412 and "it changed since you read it" in str(caught.value)
    path = "/api/v1/documents/Site/lisbon"
    etag = (await client.document("Site", "lisbon")).etag
    assert (await served.raw(path, headers={"If-None-Match": etag}))[0] == 304
    new = {"headers": {"If-None-Match": "*"}, "data": b"text"}
    assert (await served.raw(path, "PUT", **new))[0] == 412
    assert (await served.raw(path, "PUT", headers={"If-Match": "x"}, data=b"a"))[0] == 400
    listed = await client.documents()
    assert [(one.kind, one.name) for one in listed.documents] == [("Site", "lisbon")]
    await client.delete_document("Site", "lisbon", etag)
    with pytest.raises(AdminError):
        await client.document("Site", "lisbon")
    both = [DocumentChange(kind="Site", name=name, text="t") for name in ("a", "b")]
    await client.apply_documents(both)
    assert set(served.keeper.documents) == {"Site/a", "Site/b"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DocumentRefusedError("Site/lisbon:4", "unknown key", "remove it"), 422),
        (UncertainError("etcd", "no answer"), 504),
        (StoreUnavailableError("etcd", "away"), 503),
        (KeyError("ours"), 500),
    ],
)
async def test_refusals_name_place_and_remedy(
    served: Served, error: Exception, status: int
) -> None:
    served.keeper.error = error
    path = "/api/v1/documents/Site/lisbon"
    found, text = await served.raw(path, "PUT", data=b"text")
    problem = Problem.model_validate_json(text)
    assert found == status == problem.status and problem.remedy
    if status == 422:
        assert problem.place == "Site/lisbon:4" and "unknown key" in problem.detail
    assert "Traceback" not in text


async def test_what_is_not_understood(served: Served) -> None:
    path = "/api/v1/documents"
    assert (await served.raw(f"{path}/Site/lisbon", "PUT", data=b"\xff"))[0] == 422
    assert (await served.raw(f"{path}/site/lisbon", "PUT", data=b"a"))[0] == 400
    assert (await served.raw(path, "POST", data=b"{"))[0] == 400
    assert (await served.raw(path, "POST", data=b'{"changes": []}'))[0] == 400
    assert (await served.raw(path, "PATCH"))[0] == 405
    big = b"a" * (BODY_BYTES_MAX + 1)
    assert (await served.raw(f"{path}/Site/lisbon", "PUT", data=big))[0] == 413
    assert (await served.raw("/api/v1/decisions?call=fault"))[0] == 500


async def test_too_deep_too_large_or_too_often(served: Served) -> None:
    deep = b'{"changes": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    for path in ("/api/v1/documents", "/api/v1/alarms/acknowledge"):
        status, text = await served.raw(path, "POST", data=deep)
        assert status == 400 and "recursion" in Problem.model_validate_json(text).title
    status, _ = await served.raw(f"/api/v1/sites?after={'a' * 20_000}")
    assert status == 400
    slow = AdminHttp(
        listen="127.0.0.1:0",
        make_token=lambda: TOKEN,
        report=Report(),
        documents=Keeper(),
        pace=RequestPace(per_s=0.001, burst=2),
    )
    await slow.start()
    url = f"http://127.0.0.1:{slow.port}/api/v1/sites"
    try:
        async with aiohttp.ClientSession(headers={"Authorization": "Bearer guessed"}) as session:
            statuses = [(await session.get(url)).status for _ in range(4)]
            async with session.get(url, headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
                assert answer.status == 429 and answer.headers["Retry-After"] == "1"
                assert Problem.model_validate_json(await answer.text()).remedy
    finally:
        await slow.stop()
    assert statuses == [401, 401, 429, 429]


async def test_an_address_in_use_leaves_the_token_of_who_listens(served: Served) -> None:
    made: list[str] = []

    def make() -> str:
        made.append("another")
        return made[-1]

    second = AdminHttp(
        listen=f"127.0.0.1:{served.api.port}",
        make_token=make,
        report=served.report,
        documents=served.keeper,
    )
    with pytest.raises(SettingsError, match=r"admin\.listen"):
        await second.start()
    assert made == []


async def test_a_token_that_cannot_be_written_ends_the_start() -> None:
    def make() -> str:
        raise SettingsError("admin.token", "cannot be written", "set admin.token_file")

    api = AdminHttp(listen="127.0.0.1:0", make_token=make, report=Report(), documents=Keeper())
    with pytest.raises(SettingsError, match="cannot be written"):
        await api.start()


async def test_requests_that_come_in_slowly_or_break_off(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("nirc.links.admin_http.BODY_S_MAX", 0.2)
    admin = AdminHttp(
        listen="127.0.0.1:0", make_token=lambda: TOKEN, report=Report(), documents=Keeper()
    )
    await admin.start()
    head = (
        f"POST /api/v1/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        "Content-Length: 1000\r\n\r\n{"
    )
    try:
        gone = (await asyncio.open_connection("127.0.0.1", admin.port))[1]
        gone.write(head.encode())
        await gone.drain()
        await asyncio.sleep(0.05)
        gone.transport.abort()
        reader, writer = await asyncio.open_connection("127.0.0.1", admin.port)
        writer.write(head.encode())
        async with asyncio.timeout(5):
            assert b" 408 " in await reader.readline()
        writer.close()
    finally:
        await admin.stop()
    assert not [one for one in caplog.records if one.exc_info], "no traceback for a broken line"


async def test_another_method_is_told_which_there_are(served: Served) -> None:
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session,
        session.put(f"{served.url}/api/v1/documents") as answer,
    ):
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
        assert answer.content_type == "application/problem+json"


async def test_the_description_of_the_api_is_served(served: Served) -> None:
    status, text = await served.raw("/api/v1/openapi.json")
    assert status == 200 and json.loads(text)["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    ("path", "body", "status", "place"),
    [
        ("/documents", b"{", 400, ""),
        ("/documents", b"[" * 100_000, 400, ""),
        ("/documents", b'{"changes": []}', 400, "changes"),
        ("/documents", b'{"changes": 5}', 400, "changes"),
        ("/documents", b'{"changes": [{"kind": "Site"}]}', 400, "changes.0.name"),
        ("/alarms/acknowledge", b'{"code": "c", "author": "a", "x": 1}', 400, "x"),
        ("/alarms/acknowledge", b'{"code": "c", "author": true}', 400, "author"),
        ("/alarms/acknowledge", b'{"code": "<b>", "author": "a"}', 404, "<b>/"),
        ("/drain?author=" + "a" * 101, b"", 400, "author"),
    ],
)
async def test_what_is_wrong_is_named(
    served: Served, path: str, body: bytes, status: int, place: str
) -> None:
    got, text = await served.raw(f"/api/v1{path}", "POST", data=body)
    told = Problem.model_validate_json(text)
    assert (got, told.status, told.place) == (status, status, place)
    assert not served.report.drained


@pytest.mark.parametrize("path", ["/sites/%0d%0aSet-Cookie:%20x", "/documents/Site/%3Cscript%3E"])
async def test_names_of_requests_come_back_in_json_and_in_no_header(
    served: Served, path: str
) -> None:
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session,
        session.get(URL(f"{served.url}/api/v1{path}", encoded=True)) as answer,
    ):
        assert answer.status == 404 and "Set-Cookie" not in answer.headers
        assert answer.content_type == "application/problem+json"


async def test_acts_are_written_down_and_a_broken_book_stops_nobody(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    noted: list[tuple[str, int]] = []

    async def note(request: web.Request, answer: web.StreamResponse) -> None:
        noted.append((request.path, answer.status))
        if request.path.endswith("undrain"):
            raise OSError("full")

    served.api._note = note
    assert (await served.raw("/api/v1/drain", "POST"))[0] == 202
    assert (await served.raw("/api/v1/undrain", "POST"))[0] == 202
    assert (await served.raw("/api/v1/status", token="wrong"))[0] == 401
    assert noted == [("/api/v1/drain", 202), ("/api/v1/undrain", 202)]
    assert "could not be written down" in caplog.text


async def test_what_is_no_http_is_one_line_of_the_log(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.api.port)
    with caplog.at_level("INFO"):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nA\x00B: c\r\n\r\n")
        assert b"400" in await asyncio.wait_for(reader.readline(), 5.0)
    writer.close()
    assert "Traceback" not in caplog.text and "no HTTP" in caplog.text
