"""Asks a node's HTTP API, and tells refusals in words.

Rule of this file: typed answers or `AdminError`; it never prints and never decides.
"""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from errno import ECONNREFUSED
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp
from pydantic import BaseModel, ValidationError

from nrcli.errors import AdminError, SettingsError
from nrcli.wire.alarm_models import Alarms
from nrcli.wire.api_models import (
    API,
    Calls,
    Decisions,
    Drained,
    Problem,
    QueueEntries,
    Sites,
    SiteStatus,
    Status,
)
from nrcli.wire.document_models import Changed, DocumentChange, DocumentChanges, Documents
from nrcli.wire.session_models import SessionMade, SessionWanted

M = TypeVar("M", bound=BaseModel)
TIMEOUT_S = 10.0
FORBIDDEN = 403
REDIRECTED = 307
"Another node leads and does this; asked there once, as `docs/api.md` says."
SESSION_OF = "nrcli"
"Named in the audit as whose session it was; who acts is told in the request itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as it is kept."""

    text: str
    etag: str


class AdminClient:
    """One node's API: `async with AdminClient(url, token) as node: await node.status()`.

    Raises `AdminError` with the HTTP status (0: not reached).
    """

    def __init__(self, url: str, token: str, ca: Path | None = None) -> None:
        if not url.startswith(("http://", "https://")):
            raise SettingsError("url", f"got {url!r}", "write http://host:port or https://...")
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._ca = ca
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "AdminClient":
        connector = aiohttp.TCPConnector(ssl=_context(self._ca)) if self._ca else None
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers=self._headers,
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def status(self) -> Status:
        """The node at a glance."""
        return await self.read(Status, "/status")

    async def clock_unix_s(self) -> float:
        """The node's wall clock, by the Date of its answer (whole seconds); 0 if it says none."""
        _, headers = await self._ask("GET", "/status")
        try:
            return parsedate_to_datetime(headers.get("Date", "")).timestamp()
        except ValueError:
            return 0.0

    async def sites(self) -> Sites:
        """Every site."""
        return await self.read(Sites, "/sites")

    async def site(self, name: str) -> SiteStatus:
        """One site."""
        return await self.read(SiteStatus, f"/sites/{quote(name, safe='')}")

    async def calls(self) -> Calls:
        """Calls in motion."""
        return await self.read(Calls, "/calls")

    async def queue(self) -> QueueEntries:
        """The network queue."""
        return await self.read(QueueEntries, "/queue")

    async def decisions(self, call: str = "", limit: int = 100) -> Decisions:
        """Decisions about a call, or the newest."""
        return await self.read(Decisions, "/decisions", {"call": call, "limit": str(limit)})

    async def alarms(self) -> Alarms:
        """Alarms that stand."""
        return await self.read(Alarms, "/alarms")

    async def documents(self) -> Documents:
        """All documents."""
        return await self.read(Documents, "/documents")

    async def document(self, kind: str, name: str) -> Document:
        """One document."""
        text, headers = await self._ask("GET", _document_path(kind, name))
        return Document(text=text, etag=headers.get("ETag", ""))

    async def put_document(self, kind: str, name: str, text: str, etag: str = "") -> Changed:
        """Write one document; with `etag` only if it is still that one."""
        headers = {"If-Match": etag} if etag else {}
        path = _document_path(kind, name)
        return _parsed(Changed, (await self._ask("PUT", path, body=text, headers=headers))[0])

    async def delete_document(self, kind: str, name: str, etag: str = "") -> Changed:
        """Remove one document; with `etag` only if it is still that one."""
        headers = {"If-Match": etag} if etag else {}
        path = _document_path(kind, name)
        return _parsed(Changed, (await self._ask("DELETE", path, headers=headers))[0])

    async def apply_documents(
        self, changes: Sequence[DocumentChange], author: str = "unknown"
    ) -> Changed:
        """Change several documents, all or none."""
        wanted = DocumentChanges(changes=tuple(changes), author=author)
        body = wanted.model_dump_json()
        return _parsed(Changed, (await self._ask("POST", "/documents", body=body))[0])

    async def drain(self, draining: bool = True, *, author: str = "", reason: str = "") -> Drained:
        """Let the node take no more work, or take work again."""
        path = "/drain" if draining else "/undrain"
        query = {"author": author, "reason": reason}
        return _parsed(Drained, (await self._ask("POST", path, query=query))[0])

    async def read(
        self,
        model: type[M],
        path: str,
        query: Mapping[str, str] | None = None,
        method: str = "GET",
    ) -> M:
        """What stands at a path under the API, or comes of a method without a body."""
        return _parsed(model, (await self._ask(method, path, query=query))[0])

    async def send(
        self,
        model: type[M],
        path: str,
        body: BaseModel | None = None,
        *,
        etag: str = "",
        method: str = "POST",
        query: Mapping[str, str] | None = None,
    ) -> M:
        """The answer to a request at a path under the API; with `etag` only while that holds."""
        text = None if body is None else body.model_dump_json(exclude_defaults=True)
        headers = {"If-Match": etag} if etag else {}
        told, _ = await self._ask(method, path, body=text, headers=headers, query=query)
        return _parsed(model, told)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[str, Mapping[str, str]]:
        assert self._session is not None, "used outside `async with`"
        options: dict[str, Any] = {"params": query, "headers": headers}
        options["data"] = body.encode() if body is not None else None
        status, text, told = await _exchange(self._session, method, self._url, path, options)
        where = told.get("Location", "") if status == REDIRECTED else ""
        leader, _, there = where.partition(API)
        access = await _for_all_nodes(self._session, self._url) if leader else None
        if access is not None:
            options |= {"params": None, "headers": {**(headers or {}), **access}}
            status, text, told = await _exchange(self._session, method, leader, there, options)
        if not 200 <= status < 300:
            raise _refused(status, text)
        return text, told


async def _exchange(
    session: aiohttp.ClientSession, method: str, url: str, path: str, options: Mapping[str, Any]
) -> tuple[int, str, Mapping[str, str]]:
    """One request to one node: status, text and headers of the answer."""
    try:
        asked = session.request(method, url + API + path, allow_redirects=False, **options)
        async with asked as answer:
            return answer.status, await answer.text(), answer.headers
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise AdminError(_not_reached(url, error)) from error


async def _for_all_nodes(session: aiohttp.ClientSession, url: str) -> Mapping[str, str] | None:
    """What the leader takes in the place of this node's own token, which is for nobody else.

    Empty where the token is a session already (a session begins no other); None where there is
    none to be had.
    """
    options = {"data": SessionWanted(author=SESSION_OF).model_dump_json().encode()}
    status, text, _ = await _exchange(session, "POST", url, "/session", options)
    if status == FORBIDDEN:
        return {}
    if not 200 <= status < 300:
        return None
    return {"Authorization": f"Bearer {_parsed(SessionMade, text).token}"}


def _not_reached(url: str, error: Exception) -> str:
    """Why nobody answered, and what to look at."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"cannot reach {url}: its certificate is not trusted (name its authority by --ca)"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"cannot reach {url}: no address is known for this host (is its name right?)"
    if isinstance(error, aiohttp.ClientConnectorSSLError | aiohttp.ServerDisconnectedError):
        return f"cannot reach {url}: no HTTP API answers so (http or https? see admin.tls)"
    if isinstance(error, aiohttp.InvalidURL):
        return f"cannot reach {url}: this is no address (write http://host:port)"
    if isinstance(error, TimeoutError):
        why = f"no answer in {TIMEOUT_S:.0f} s"
    elif isinstance(error, ConnectionRefusedError) or getattr(error, "errno", 0) == ECONNREFUSED:
        why = "refused"
    else:
        why = getattr(error, "strerror", None) or "the connection broke"
    remedy = "is the node running? address and port right? see admin.listen in its settings"
    return f"cannot reach {url}: {why} ({remedy})"


def _document_path(kind: str, name: str) -> str:
    return f"/documents/{quote(kind, safe='')}/{quote(name, safe='')}"


def _refused(status: int, text: str) -> AdminError:
    try:
        problem = Problem.model_validate_json(text)
    except ValidationError:
        told = f"what answers there is no NIRC node, or an old one (answer {status})"
        return AdminError(told, status=status)
    if status == 401:
        remedy = "is the token file this node's own? it writes a new token at each start"
        return AdminError(f"the node does not take this token ({remedy})", status=status)
    told = problem.detail or problem.title
    if problem.remedy:
        told += f"\n{problem.remedy}" if "\n" in told else f" ({problem.remedy})"
    return AdminError(told, status=status)


def _parsed(model: type[M], text: str) -> M:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        told = "the answer is not understood: is it a NIRC node, of this version?"
        raise AdminError(told) from error


def _context(ca: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca))
    except (OSError, ssl.SSLError) as error:
        remedy = "give the PEM file of the authority that signed the node's certificate"
        raise SettingsError(str(ca), "cannot be used", remedy) from error
