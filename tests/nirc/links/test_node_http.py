"""The parts of a node's HTTP API stand together, behind one token."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
from node_views import MadeReport
from session_keyring import Keyring

from nirc.config import parse_config
from nirc.links.edges import Edges
from nirc.links.node_asks import NodeAsks
from nirc.links.node_http import NodeHttp

SETTINGS = """
node: n1
data_dir: data
link: {listen: "127.0.0.1:0"}
etcd: {members: ["127.0.0.1:2379"]}
admin: {listen: "127.0.0.1:0"}
"""


def made(folder: Path, members: SimpleNamespace) -> NodeHttp:
    config = parse_config(SETTINGS, source="node.yaml", folder=folder)
    config.data_dir.mkdir()
    stores: Any = SimpleNamespace(
        documents=None,
        policies=None,
        sessions=Keyring(),
        members=members,
        recorder=SimpleNamespace(act=print),
        records=SimpleNamespace(find=print),
    )
    events: list[object] = []
    told: Any = None
    return NodeHttp(
        config,
        sources=MadeReport().report.sources,
        stores=stores,
        post=events.append,
        new_id=lambda: "id",
        counters=dict,
        asks=NodeAsks(post=events.append, new_id=lambda: "id", tell=told, view=told, controls=told),
        edges=Edges(
            None,
            data_dir=config.data_dir,
            post=lambda _asked: True,
            new_id=lambda: "id",
            now_s=lambda: 0.0,
        ),
    )


async def test_every_part_is_served_and_nothing_without_the_token(tmp_path: Path) -> None:
    members = SimpleNamespace()
    http = made(tmp_path, members)
    await http.start()
    try:
        assert members.own_url == f"http://127.0.0.1:{http.port}"
        token = (tmp_path / "data" / "admin.token").read_text(encoding="utf-8").strip()
        url = f"http://127.0.0.1:{http.port}/api/v1"
        async with aiohttp.ClientSession() as session:
            for path in ("/status", "/paths", "/events"):
                async with session.get(url + path) as answer:
                    assert answer.status == 401, path
                headers = {"Authorization": f"Bearer {token}"}
                async with session.get(url + path, headers=headers) as answer:
                    assert answer.status == 200, path
    finally:
        await http.stop()
