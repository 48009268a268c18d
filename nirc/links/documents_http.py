"""The part of a node's HTTP API about documents: texts to write, and what some kinds say.

Rule of this file: it translates between HTTP and the keeper of documents; it judges nothing.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from aiohttp import web
from pydantic import TypeAdapter

from nirc.errors import StoreError
from nirc.links.api_server import Handler, asked, bound, kept, page
from nirc.links.etags import if_match_revision, revision_etag
from nirc.links.problems import json_answer, problem
from nirc.stores.etcd_config import Change, StoredDocument
from nrcli.wire.api_routes import YAML
from nrcli.wire.document_models import (
    Changed,
    DocumentChange,
    DocumentChanges,
    Documents,
    DocumentSummary,
)
from nrcli.wire.query_models import ActQuery, DocumentsQuery, Page
from nrcli.wire.resource_models import TypedDocument, TypedDocuments
from routing_policies.errors import DocumentError
from routing_policies.kinds import KINDS
from routing_policies.loading import load_document


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


class DocumentsHttp:
    """Handlers; `routes` are added to the node's API, whose guard is before them."""

    def __init__(self, keeper: DocumentKeeper) -> None:
        self._keeper = keeper

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return bound(
            {
                "listDocuments": self._list,
                "changeDocuments": self._apply,
                "getDocument": self._get,
                "putDocument": self._put,
                "deleteDocument": self._delete,
                "listServices": self._of_kind("NetworkService"),
                "listCalendars": self._of_kind("Calendar"),
                "listTenants": self._of_kind("Tenant"),
            }
        )

    async def _list(self, request: web.Request) -> web.Response:
        summaries = []
        for one in await self._keeper.list_all():
            kind, _, name = one.key.partition("/")
            summaries.append(DocumentSummary(kind=kind, name=name, revision=one.mod_revision))
        query = asked(request, DocumentsQuery)
        part, after = page(kept(summaries, query), query, lambda one: f"{one.kind}/{one.name}")
        return json_answer(Documents(documents=part, next=after))

    def _of_kind(self, kind: str) -> Handler:
        assert kind in KINDS, "a slip in the name would be an empty list"

        async def tell(request: web.Request) -> web.Response:
            stored = [
                one for one in await self._keeper.list_all() if one.key.startswith(f"{kind}/")
            ]
            part, after = page(stored, asked(request, Page), lambda one: one.key)
            return json_answer(TypedDocuments(items=tuple(map(_typed, part)), next=after))

        return tell

    async def _get(self, request: web.Request) -> web.Response:
        key = _key(request)
        found = await self._keeper.get(key)
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
        author = asked(request, ActQuery).author or "unknown"
        changed = await self._applied([_change_of(change)], author)
        return json_answer(changed, headers={"ETag": revision_etag(changed.revision)})

    async def _apply(self, request: web.Request) -> web.Response:
        changes = TypeAdapter(DocumentChanges).validate_json(await request.read())
        wanted = [_change_of(one) for one in changes.changes]
        return json_answer(await self._applied(wanted, changes.author))

    async def _applied(self, wanted: Sequence[Change], author: str) -> Changed:
        revision = await self._keeper.apply(wanted, author)
        with suppress(StoreError):  # it is written; only the warnings are missing
            doubts = await self._keeper.doubts(wanted)
            return Changed(revision=revision, warnings=tuple(doubts))
        return Changed(revision=revision)


def _typed(stored: StoredDocument) -> TypedDocument:
    """What a document says; one of a later version, which cannot be read here, says nothing."""
    name = stored.key.partition("/")[2]
    try:
        document = load_document(stored.text, source=stored.key)
        spec = document.spec.model_dump(mode="json", by_alias=True)
    except DocumentError:
        spec = {}
    return TypedDocument(name=name, revision=stored.mod_revision, spec=spec)


def _key(request: web.Request) -> str:
    return f"{request.match_info['kind']}/{request.match_info['name']}"


def _change_of(change: DocumentChange) -> Change:
    return Change(
        key=f"{change.kind}/{change.name}", text=change.text, if_revision=change.if_revision
    )
