"""The node's HTTP API: what is going on, and the documents, for nrcli and programs.

Rule of this file: it answers and refuses; what the answers say is made elsewhere. Everything but
`/healthz` needs the bearer token; every error is problem+json naming place and remedy. It is served
by every node, leader or not.
"""

import asyncio
import hmac
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from nirc.errors import SettingsError, StoreError
from nirc.links.etags import if_match_revision, revision_etag
from nirc.links.problems import json_answer, problem, told
from nirc.stores.etcd_config import Change, StoredDocument
from nrcli.wire.api_models import (
    API,
    Alarms,
    Calls,
    Changed,
    Decisions,
    DocumentChange,
    DocumentChanges,
    Documents,
    DocumentSummary,
    Drained,
    QueueEntries,
    Sites,
    SiteStatus,
    Status,
)

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

BODY_BYTES_MAX = 4 << 20
BODY_S_MAX = 10.0
"A request that takes longer to come in is given up."
DECISIONS_MAX = 1_000
YAML = "application/yaml"


class NodeReport(Protocol):
    """What the API can tell of its node."""

    def status(self) -> Status:
        """The node at a glance."""

    def sites(self) -> Sites:
        """Every site."""

    def site(self, name: str) -> SiteStatus | None:
        """One site; None if it is unknown."""

    def queue(self) -> QueueEntries:
        """The network queue."""

    def calls(self) -> Calls:
        """Calls in motion."""

    async def decisions(self, call: str, limit: int) -> Decisions:
        """Decisions about one call, or the newest of all."""

    def alarms(self) -> Alarms:
        """Alarms that stand."""

    def metrics_text(self) -> str:
        """Everything counted, for Prometheus."""

    def drain(self) -> None:
        """Take no more work."""


class DocumentKeeper(Protocol):
    """Where documents are kept."""

    async def list_all(self) -> list[StoredDocument]:
        """Every document."""

    async def get(self, key: str) -> StoredDocument | None:
        """One document by `kind/name`."""

    async def apply(self, changes: Sequence[Change], author: str = "unknown") -> int:
        """Change all or none; the new revision."""

    async def doubts(self, changes: Sequence[Change]) -> list[str]:
        """What may be a slip in documents that were written just now."""


class AdminHttp:
    """The HTTP server. `listen` is `host:port`; port 0 takes any, told by `port`.

    `make_token` is called once it listens: a second copy of a node, which finds the port taken,
    must not replace the token of the one that runs.
    """

    def __init__(
        self,
        *,
        listen: str,
        make_token: Callable[[], str],
        report: NodeReport,
        documents: DocumentKeeper,
        tls: ssl.SSLContext | None = None,
        more: Sequence[web.RouteDef] = (),
        own_tokens: Mapping[str, Callable[[], str]] | None = None,
    ) -> None:
        """`own_tokens`: paths that another token opens, too, and nothing else; made at start."""
        self._listen = listen
        self._make_token = make_token
        self._token = b""
        self._make_own = own_tokens or {}
        self._own_tokens: dict[str, bytes] = {}
        self._report = report
        self._documents = documents
        self._tls = tls
        self._more = more
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen, then make the token. Raises SettingsError where either cannot be."""
        self._runner = web.AppRunner(
            self.application(), access_log=None, shutdown_timeout=1.0, handle_signals=False
        )
        await self._runner.setup()
        host, _, port = self._listen.rpartition(":")
        site = web.TCPSite(self._runner, host.strip("[]"), int(port), ssl_context=self._tls)
        try:
            await site.start()
        except OSError as error:
            await self.stop()
            remedy = "is another program listening there? set admin.listen to a free address"
            raise SettingsError(
                f"admin.listen {self._listen}", f"cannot listen: {error.strerror}", remedy
            ) from error
        self.port = self._runner.addresses[0][1]
        try:
            self._token = self._make_token().encode()
            for path, make in self._make_own.items():
                self._own_tokens[path] = make().encode()
        except SettingsError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Answer what is under way, then end."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def application(self) -> web.Application:
        """All routes."""
        app = web.Application(middlewares=[self._guard], client_max_size=BODY_BYTES_MAX)
        app.add_routes(
            [
                web.get("/healthz", _healthz),
                web.get("/metrics", self._metrics),
                web.get(f"{API}/status", _tells(self._report.status)),
                web.get(f"{API}/sites", _tells(self._report.sites)),
                web.get(f"{API}/sites/{{name}}", self._site),
                web.get(f"{API}/calls", _tells(self._report.calls)),
                web.get(f"{API}/queue", _tells(self._report.queue)),
                web.get(f"{API}/decisions", self._decisions),
                web.get(f"{API}/alarms", _tells(self._report.alarms)),
                web.get(f"{API}/documents", self._list),
                web.post(f"{API}/documents", self._apply),
                web.get(f"{API}/documents/{{kind}}/{{name}}", self._get),
                web.put(f"{API}/documents/{{kind}}/{{name}}", self._put),
                web.delete(f"{API}/documents/{{kind}}/{{name}}", self._delete),
                web.post(f"{API}/drain", self._drain),
                *self._more,
            ]
        )
        return app

    # ---- who may, and what errors look like ----------------------------------------------------

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path != "/healthz" and not self._may(request):
            remedy = "send `Authorization: Bearer <token>`; the token is in the node's token file"
            answer = problem(401, "no valid token", remedy=remedy)
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        try:
            async with asyncio.timeout(BODY_S_MAX):
                await request.read()
        except TimeoutError:
            return problem(408, f"the request was not whole after {BODY_S_MAX:g} s")
        except ConnectionError:
            return problem(400, "the request broke off")  # nobody reads it; nothing was done
        except web.HTTPException as error:
            return problem(error.status, error.reason or "refused")
        try:
            return await handler(request)
        except web.HTTPException as error:
            return problem(error.status, error.reason or "refused")
        except Exception as error:
            if (answer_or_none := told(error)) is not None:
                return answer_or_none
            log.exception("%s %s failed", request.method, request.path)
            return problem(500, "this is a fault of the node", remedy="its log says more")

    def _may(self, request: web.Request) -> bool:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        said = token.strip().encode("utf-8", "surrogateescape")
        if scheme.lower() != "bearer" or not said:
            return False
        own = self._own_tokens.get(request.path, b"")
        return hmac.compare_digest(said, self._token) or hmac.compare_digest(said, own)

    # ---- what is going on ----------------------------------------------------------------------

    async def _metrics(self, _request: web.Request) -> web.Response:
        text = self._report.metrics_text()
        return web.Response(text=text, headers={"Content-Type": "text/plain; version=0.0.4"})

    async def _site(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        found = self._report.site(name)
        if found is None:
            remedy = "`nrcli sites` lists those that the documents name"
            return problem(404, f"no site {name[:80]}", remedy=remedy)
        return json_answer(found)

    async def _decisions(self, request: web.Request) -> web.Response:
        text = request.query.get("limit", "100")
        if not (text.isdecimal() and len(text) < 8 and 1 <= int(text) <= DECISIONS_MAX):
            remedy = f"a whole number from 1 to {DECISIONS_MAX}"
            return problem(400, "limit is wrong", place="limit", remedy=remedy)
        call = request.query.get("call", "")[:200]
        return json_answer(await self._report.decisions(call, int(text)))

    async def _drain(self, _request: web.Request) -> web.Response:
        self._report.drain()
        return json_answer(Drained(draining=True), 202)

    # ---- documents -----------------------------------------------------------------------------

    async def _list(self, _request: web.Request) -> web.Response:
        stored = await self._documents.list_all()
        summaries = []
        for one in stored:
            kind, _, name = one.key.partition("/")
            summaries.append(DocumentSummary(kind=kind, name=name, revision=one.mod_revision))
        return json_answer(Documents(documents=tuple(summaries)))

    async def _get(self, request: web.Request) -> web.Response:
        key = _key(request)
        found = await self._documents.get(key)
        if found is None:
            return problem(404, f"no document {key[:120]}", remedy="`nrcli documents list`")
        etag = revision_etag(found.mod_revision)
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(text=found.text, content_type=YAML, headers={"ETag": etag})

    async def _put(self, request: web.Request) -> web.Response:
        try:
            text = (await request.read()).decode("utf-8")
        except UnicodeDecodeError:
            return problem(422, "the document is not UTF-8", place=_key(request))
        return await self._change(request, text)

    async def _delete(self, request: web.Request) -> web.Response:
        return await self._change(request, None)

    async def _change(self, request: web.Request, text: str | None) -> web.Response:
        """One document, only as `If-Match` or `If-None-Match: *` allow."""
        fields = {**request.match_info, "text": text}
        if_revision = if_match_revision(request.headers)
        change = DocumentChange.model_validate({**fields, "if_revision": if_revision})
        changed = await _applied(self._documents, [_change_of(change)])
        return json_answer(changed, headers={"ETag": revision_etag(changed.revision)})

    async def _apply(self, request: web.Request) -> web.Response:
        changes = TypeAdapter(DocumentChanges).validate_json(await request.read())
        wanted = [_change_of(one) for one in changes.changes]
        return json_answer(await _applied(self._documents, wanted, changes.author))


async def _applied(
    keeper: DocumentKeeper, wanted: Sequence[Change], author: str = "unknown"
) -> Changed:
    revision = await keeper.apply(wanted, author)
    with suppress(StoreError):  # it is written; only the warnings are missing
        return Changed(revision=revision, warnings=tuple(await keeper.doubts(wanted)))
    return Changed(revision=revision)


async def _healthz(_request: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def _tells(ask: Callable[[], BaseModel]) -> Handler:
    """Answers with what the report says."""

    async def tell(_request: web.Request) -> web.Response:
        return json_answer(ask())

    return tell


def _key(request: web.Request) -> str:
    return f"{request.match_info['kind']}/{request.match_info['name']}"


def _change_of(change: DocumentChange) -> Change:
    return Change(
        key=f"{change.kind}/{change.name}", text=change.text, if_revision=change.if_revision
    )
