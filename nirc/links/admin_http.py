"""The node's HTTP API: what is going on, and the documents, for nrcli and programs.

Rule of this file: it answers and refuses; what the answers say is made elsewhere. Everything but
`/healthz` and the console's files needs a token; every error is problem+json naming place and
remedy. It is served by every node, leader or not.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from nirc.errors import SettingsError
from nirc.links.api_server import Handler, bound, methods_at, operation_of
from nirc.links.console_http import is_public, public
from nirc.links.console_origins import ConsoleOrigins, is_preflight
from nirc.links.documents_http import DocumentKeeper, DocumentsHttp
from nirc.links.http_log import server_log
from nirc.links.leader_reads import LeaderReads
from nirc.links.leader_redirect import LeaderRedirect
from nirc.links.live_http import LiveHttp, NodeReport
from nirc.links.problems import problem, told
from nirc.links.request_pace import RequestPace
from nirc.links.who_may import WhoMay
from nirc.runtime.clock import now_s, wall_unix_s
from nrcli.wire.openapi import openapi_text

log = logging.getLogger(__name__)

Note = Callable[[web.Request, web.StreamResponse], Awaitable[None]]
"Writes an answered request down."

BODY_BYTES_MAX = 4 << 20
LINE_BYTES_MAX = 16 << 10
"Of the request line: every parameter at its longest, escaped, has room in it."
BODY_S_MAX = 10.0
"A request that takes longer to come in is given up."


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
        node_urls: Mapping[str, str] | None = None,
        note: Note | None = None,
        who_may: WhoMay | None = None,
        reads: LeaderReads | None = None,
        pace: RequestPace | None = None,
    ) -> None:
        """`own_tokens`: paths that another token opens, too, and nothing else; made at start."""
        self._listen = listen
        self._make_token = make_token
        self._own_tokens = own_tokens or {}
        self._who_may = who_may or WhoMay(None, wall_unix_s)
        self._report = report
        self._documents = documents
        self._tls = tls
        self._more = more
        self._leader = LeaderRedirect(report.status, node_urls or {})
        self._consoles = ConsoleOrigins(node_urls or {})
        self._reads = reads
        self._pace = pace
        self._note = note
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen, then make the token. Raises SettingsError where either cannot be."""
        self._runner = web.AppRunner(
            self.application(),
            access_log=None,
            shutdown_timeout=1.0,
            handle_signals=False,
            max_line_size=LINE_BYTES_MAX,
            logger=server_log(),
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
            self._who_may.make(self._make_token, self._own_tokens)
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
        app.on_response_prepare.append(self._consoles.allow)
        app.add_routes(
            [
                web.get("/healthz", public(_healthz)),
                web.get("/metrics", self._metrics),
                *bound({"getOpenApi": _openapi}),
                *LiveHttp(self._report).routes(),
                *DocumentsHttp(self._documents).routes(),
                *self._more,
            ]
        )
        return app

    # ---- who may, and what errors look like ----------------------------------------------------

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._in_pace(request):
            answer = problem(429, "too many requests of this address", remedy="ask less often")
            answer.headers["Retry-After"] = "1"
            return answer
        if is_preflight(request):
            return self._consoles.preflight(request)
        if not is_public(request) and (refusal := self._who_may.refusal(request)):
            return refusal
        answered = await self._answered(request, handler)
        if self._note is not None:
            try:
                await self._note(request, answered)
            except Exception:  # it is done, and that is told whatever comes of the book
                log.exception("%s %s could not be written down", request.method, request.path)
        return answered

    async def _answered(self, request: web.Request, handler: Handler) -> web.StreamResponse:
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
            operation = operation_of(request)
            if operation is not None and (other := self._leader.answer(request, operation)):
                return other
            if operation is not None and self._reads is not None:
                return await self._reads.answer(request, operation) or await handler(request)
            return await handler(request)
        except web.HTTPException as error:
            answer = problem(error.status, error.reason or "refused")
            if isinstance(error, web.HTTPMethodNotAllowed):
                allowed = methods_at(request.path) or error.allowed_methods
                answer.headers["Allow"] = ", ".join(sorted(allowed))
            return answer
        except Exception as error:
            if (answer_or_none := told(error)) is not None:
                return answer_or_none
            log.exception("%s %s failed", request.method, request.path)
            return problem(500, "this is a fault of the node", remedy="its log says more")

    def _in_pace(self, request: web.Request) -> bool:
        """Edges, which ask for each call, have limits of their own."""
        operation = operation_of(request)
        if self._pace is None or (operation is not None and operation.id == "preRoute"):
            return True
        return self._pace.take(request.remote or "", now_s())

    async def _metrics(self, _request: web.Request) -> web.Response:
        text = self._report.metrics_text()
        return web.Response(text=text, headers={"Content-Type": "text/plain; version=0.0.4"})


async def _healthz(_request: web.Request) -> web.Response:
    return web.Response(text="ok\n")


async def _openapi(_request: web.Request) -> web.Response:
    return web.Response(text=openapi_text(), content_type="application/json")
