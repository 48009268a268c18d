"""Two real nodes behind one API: a session of both, what the leader knows, and redirects."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest
from etcd_cluster import EtcdCluster
from node_process import NodeProcess, nodes_of

pytestmark = [pytest.mark.services, pytest.mark.timeout(120)]
TAKE_OUT = "/api/v1/queue/take-out"
WANTED = b'{"entry_id": "none", "author": "ana"}'


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *_: Any) -> None:
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def ask(
    url: str, token: str, method: str = "GET", body: bytes | None = None
) -> tuple[int, Message, Any]:
    """Status, headers and what was said."""
    request = urllib.request.Request(url, data=body, method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Origin", url.split("/api", maxsplit=1)[0])
    try:
        with OPENER.open(request, timeout=5) as answer:
            return answer.status, answer.headers, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, json.loads(error.read() or b"null")


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[NodeProcess]]:
    folder = tmp_path_factory.mktemp("api")
    etcd = EtcdCluster(folder / "etcd")
    pair = nodes_of(folder, etcd.addresses, None, 2)
    etcd.start()
    try:
        for node in pair:
            node.start(wait=False)
        for node in pair:
            node.wait_until(lambda node=node: known(node) == {one.url for one in pair})
            node.wait_until(lambda: any(one.leads() for one in pair))
        yield sorted(pair, key=lambda node: not node.leads())
    finally:
        for node in pair:
            node.kill()
        etcd.stop()


def known(node: NodeProcess) -> set[str]:
    """Addresses of nodes that a linked node tells, once it knows who leads."""
    try:
        cluster = node.ask("/api/v1/cluster")
    except OSError:
        return set()
    if not any(one["leads"] for one in cluster["nodes"]):
        return set()
    return {one["url"] for one in cluster["nodes"] if one["linked"]}


def test_what_one_node_begins_all_take_and_end(nodes: list[NodeProcess]) -> None:
    leader, follower = nodes
    own = follower.token_file.read_text(encoding="utf-8").strip()
    assert ask(f"{leader.url}/api/v1/status", own)[0] == 401, "each node has its own token"
    status, _, made = ask(f"{follower.url}/api/v1/session", own, "POST", b'{"author": "ana"}')
    assert status == 200
    token = made["token"]
    for node in nodes:
        status, headers, told = ask(f"{node.url}/api/v1/session", token)
        assert (status, told["who"]) == (200, "ana")
        assert headers["Access-Control-Allow-Origin"] == node.url
    assert ask(f"{leader.url}/api/v1/session?author=ana", token, "DELETE")[0] == 200
    for node in nodes:
        node.wait_until(lambda node=node: ask(f"{node.url}/api/v1/session", token)[0] == 401)
    (act,) = leader.ask("/api/v1/audit")["acts"]
    assert (act["act"], act["author"], act["who"]) == ("endSession", "ana", "ana")
    (begun,) = follower.ask("/api/v1/audit")["acts"]
    assert (begun["act"], begun["who"]) == ("makeSession", "")
    assert begun["subject"] == act["subject"] == made["id"], "whoever looks can end it"


def test_what_only_the_leader_knows_is_told_by_both(nodes: list[NodeProcess]) -> None:
    leader, follower = nodes
    own = follower.token_file.read_text(encoding="utf-8").strip()
    for path in ("/calls", "/queue", "/reservations", "/decisions", "/history"):
        status, headers, _ = ask(f"{follower.url}/api/v1{path}", own)
        assert (status, headers["NIRC-Answered-By"]) == (200, leader.name), path
    status, headers, problem = ask(f"{follower.url}/api/v1/calls?limit=x", own)
    assert status == 400 and headers["NIRC-Answered-By"] == leader.name and problem["title"]


def test_what_only_the_leader_does_is_sent_there_once(nodes: list[NodeProcess]) -> None:
    leader, follower = nodes
    own = follower.token_file.read_text(encoding="utf-8").strip()
    made = ask(f"{follower.url}/api/v1/session", own, "POST", b'{"author": "ana"}')[2]
    status, headers, problem = ask(follower.url + TAKE_OUT, made["token"], "POST", WANTED)
    assert status == 307 and leader.url in problem["remedy"]
    assert headers["Location"].startswith(leader.url + TAKE_OUT)
    assert ask(headers["Location"], made["token"], "POST", WANTED)[0] == 404, "there is no entry"
    loop = f"{follower.url}{TAKE_OUT}?redirected_by={leader.name}"
    assert ask(loop, made["token"], "POST", WANTED)[0] == 404, "answered where it is"


def test_the_console_is_served_to_whoever_asks(nodes: list[NodeProcess]) -> None:
    for node in nodes:
        with urllib.request.urlopen(node.url, timeout=5) as answer:
            assert answer.url == f"{node.url}/console/" and b"<!doctype html>" in answer.read()
            policy = answer.headers["Content-Security-Policy"]
        assert all(one.url in policy for one in nodes)


def test_with_the_leader_gone_a_follower_says_what_it_knows(nodes: list[NodeProcess]) -> None:
    leader, follower = nodes
    own = follower.token_file.read_text(encoding="utf-8").strip()
    leader.kill()
    status, headers, told = ask(f"{follower.url}/api/v1/calls", own)
    assert (status, headers["NIRC-Answered-By"], told["calls"]) == (200, None, [])
