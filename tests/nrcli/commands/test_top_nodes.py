"""Another node is asked when the one that was asked is silent."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from told_node import STATUS, TOKEN, answers, told_node

from nrcli.commands.node_access import NodeAccess
from nrcli.commands.top_nodes import Nodes
from nrcli.errors import AdminError
from nrcli.wire.api_models import StoreStatus
from nrcli.wire.resource_models import Cluster, ClusterNode
from nrcli.wire.session_models import SessionMade


@pytest.fixture
def token(tmp_path: Path) -> Path:
    (tmp_path / "token").write_text(TOKEN)
    return tmp_path / "token"


def access(url: str, token: Path) -> NodeAccess:
    return NodeAccess(url=url, token_file=token, ca=None, as_json=False)


def test_the_next_node_answers_and_is_asked_first_from_then_on(token: Path) -> None:
    other = STATUS.model_copy(update={"node": "n2"})
    with told_node(answers(status=other)) as url:
        nodes = Nodes([access("http://127.0.0.1:9", token), access(url, token)], lambda: 7.0)
        found = asyncio.run(nodes.picture())
        assert (found.status.node, nodes.url, found.at_unix_s) == ("n2", url, 7.0)
        assert [queue.site for queue in found.queues] == ["lisbon", "porto"]


def test_when_no_node_answers_the_first_ones_problem_is_told(token: Path) -> None:
    nodes = Nodes([access(f"http://127.0.0.1:{port}", token) for port in (9, 10)], lambda: 0.0)
    with pytest.raises(AdminError, match=r"127\.0\.0\.1:9: refused"):
        asyncio.run(nodes.picture())


def test_a_node_that_refuses_the_token_is_passed_over(token: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("wrong")
    with told_node(answers()) as one, told_node(answers()) as other:
        nodes = Nodes([access(one, tmp_path / "wrong"), access(other, token)], lambda: 0.0)
        asyncio.run(nodes.picture())
        nodes.url = one
        asyncio.run(nodes.picture())
        assert nodes.url == other


def test_the_cluster_tells_of_other_nodes_which_take_a_sessions_token(token: Path) -> None:
    away = StoreStatus(in_reach=False)
    with told_node(answers()) as other:
        nodes_told = (
            ClusterNode(node="n1", here=True, linked=True),
            ClusterNode(node="n2", here=False, linked=True, url=other),
        )
        cluster = Cluster(
            node="n1", draining=False, nodes=nodes_told, domains=(), etcd=away, redis=away
        )
        said = answers(cluster=cluster, session=SessionMade(token=TOKEN))
        with told_node(said) as first:
            nodes = Nodes([access(first, token)], lambda: 0.0)
            asyncio.run(nodes.picture())
            asyncio.run(nodes.learn("ana"))
        token.unlink()
        asyncio.run(nodes.picture())
        assert nodes.url == other


def test_a_node_that_knows_no_others_and_no_sessions_is_enough(token: Path) -> None:
    with told_node(answers()) as url:
        nodes = Nodes([access(url, token)], lambda: 0.0)
        asyncio.run(nodes.learn("ana"))
        assert asyncio.run(nodes.picture()).status.node == "n1"
