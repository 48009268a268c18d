"""Documents over HTTP: lists in pages, kinds as they are read, authors."""

from collections.abc import Sequence

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from nirc.links.documents_http import DocumentsHttp
from nirc.stores.etcd_config import Change, StoredDocument
from nrcli.wire.resource_models import TypedDocuments

SERVICE = """
apiVersion: nirc/v1
kind: NetworkService
metadata: {name: sales}
spec: {queue: sales, priority: 3}
"""


class Keeper:
    """Three documents; remembers who wrote."""

    authors: list[str]

    def __init__(self) -> None:
        self.authors = []

    async def list_all(self) -> list[StoredDocument]:
        texts = {
            "NetworkService/other": "of: a later version",
            "NetworkService/sales": SERVICE,
            "Site/x": "",
        }
        return [
            StoredDocument(key=key, text=text, mod_revision=number)
            for number, (key, text) in enumerate(texts.items(), start=4)
        ]

    async def get(self, key: str) -> StoredDocument | None:
        return None

    async def apply(self, changes: Sequence[Change], author: str = "unknown") -> int:
        self.authors.append(author)
        return 9

    async def doubts(self, changes: Sequence[Change]) -> list[str]:
        return []


def client(keeper: Keeper) -> TestClient[web.Request, web.Application]:
    app = web.Application()
    app.add_routes(DocumentsHttp(keeper).routes())
    return TestClient(TestServer(app))


async def test_a_list_in_pages_and_by_kind() -> None:
    async with client(Keeper()) as api:
        first = await (await api.get("/api/v1/documents?limit=2")).json()
        rest = await (await api.get(f"/api/v1/documents?limit=2&after={first['next']}")).json()
        assert [one["name"] for one in first["documents"]] == ["other", "sales"]
        assert [one["name"] for one in rest["documents"]] == ["x"] and rest["next"] == ""
        sites = await (await api.get("/api/v1/documents?kind=Site")).json()
        assert [one["revision"] for one in sites["documents"]] == [6]


async def test_a_kind_is_told_as_it_is_read_and_what_cannot_be_read_by_its_name() -> None:
    async with client(Keeper()) as api:
        text = await (await api.get("/api/v1/services")).text()
        other, sales = TypedDocuments.model_validate_json(text).items
        assert (sales.name, sales.revision, sales.spec["priority"]) == ("sales", 5, 3)
        assert (other.name, other.spec) == ("other", {})
        assert (await (await api.get("/api/v1/tenants")).json())["items"] == []


async def test_the_author_of_one_document_stands_in_the_query() -> None:
    keeper = Keeper()
    async with client(keeper) as api:
        await api.put("/api/v1/documents/Site/x?author=ana", data="text")
        await api.delete("/api/v1/documents/Site/x")
    assert keeper.authors == ["ana", "unknown"]
