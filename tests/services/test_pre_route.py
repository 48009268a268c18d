"""Edges ask real nodes with real etcd: chosen sites, default answers, drain, HTTP."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from edge_network import (
    CHOSEN,
    ENTRY,
    HANDLERS,
    MAIL,
    NUMBER,
    SAFE_MAIL,
    EdgeNetwork,
    running,
)
from node_process import NodeProcess

from nrcli.sip.message import NameAddr, Response, parse

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]
NUMBERS = count(1)
ANSWER_S_MAX = 3.0


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeNetwork]:
    with running(tmp_path_factory.mktemp("edge")) as found:
        yield found


class Caller:
    """An edge's socket."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(ANSWER_S_MAX)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.connect(("127.0.0.1", port))

    def ask(self, method: str = "INVITE", number: str = NUMBER, branch: str = "") -> Response:
        """One request; its final answer."""
        self.socket.send(self.request(method, number, branch or f"z9hG4bK{next(NUMBERS)}"))
        while True:
            answer = parse(self.socket.recv(65_535))
            assert isinstance(answer, Response)
            if answer.status >= 200:
                return answer

    def request(self, method: str, number: str, branch: str) -> bytes:
        here = "{}:{}".format(*self.socket.getsockname())
        return (
            f"{method} sip:{number}@nirc SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch={branch}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:+351912345678@edge>;tag=a\r\nTo: <sip:{number}@nirc>"
            f"\r\nCall-ID: {branch}@edge\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n"
        ).encode()


def ports_of(answer: Response) -> list[int | None]:
    return [NameAddr.parse(text).uri.port for text in answer.headers.get_all("contact")]


def follower(network: EdgeNetwork) -> NodeProcess:
    leader = network.leader()
    return next(node for node in network.nodes if node is not leader)


def decisions(node: NodeProcess, decision_id: str) -> list[dict[str, Any]]:
    found = node.ask(f"/api/v1/decisions?call={decision_id}")
    return list(found["decisions"])


def test_the_leader_redirects_to_the_chosen_site_and_records_it(network: EdgeNetwork) -> None:
    leader = network.leader()
    assert leader is not None
    caller = Caller(network.sip_of(leader))
    answer = caller.ask(branch="z9hG4bKsame")
    assert (answer.status, ports_of(answer)) == (302, [network.ports[CHOSEN], network.ports[ENTRY]])
    again = caller.ask(branch="z9hG4bKsame")
    assert again.encode() == answer.encode()
    (record,) = decisions(leader, answer.headers.get("X-NIRC-Decision") or "")
    assert (record["outcome"], record["target_site"]) == ("redirect", CHOSEN)
    assert record["origin_site"] == "(edge)"
    assert {one["site"] for one in record["candidates"]} == {CHOSEN, ENTRY}


@pytest.mark.parametrize(("number", "handler"), [(MAIL, "mail"), (SAFE_MAIL, "safe-mail")])
def test_a_handler_is_the_first_contact_with_why_and_an_entry_site_the_second(
    network: EdgeNetwork, number: str, handler: str
) -> None:
    """One with a `sips:` address stays one: the edge that follows it calls by TLS (RFC 3261
    section 19.1)."""
    for node in (network.leader(), follower(network)):
        assert node is not None
        answer = Caller(network.sip_of(node)).ask(number=number)
        first, second = answer.headers.get_all("contact")
        assert (answer.status, first) == (302, f"<{HANDLERS[handler]}>;q=1.0")
        assert second == f"<sip:{number}@127.0.0.1:{network.ports[ENTRY]}>;q=0.5"
        assert "reason=time-of-day" in (answer.headers.get("Diversion") or "")
        assert HANDLERS[handler] in (answer.headers.get("History-Info") or "")
    leader = network.leader()
    assert leader is not None
    (record,) = decisions(leader, answer.headers.get("X-NIRC-Decision") or "")
    assert (record["outcome"], record["handler"]) == ("to_handler", handler)


@pytest.mark.parametrize(("number", "handler"), [(MAIL, "mail"), (SAFE_MAIL, "safe-mail")])
def test_over_http_a_handler_is_named_with_its_address(
    network: EdgeNetwork, number: str, handler: str
) -> None:
    node = network.nodes[0]
    token = (Path(node.settings["data_dir"]) / "edge.token").read_text().strip()
    status, said = post(node, {"dialed_number": number, "ani": "+351912345678"}, token)
    assert (status, said["uri"]) == (200, HANDLERS[handler])
    assert (said["contacts"][0]["handler"], said["contacts"][1]["site"]) == (handler, ENTRY)


def test_a_follower_asks_the_leader(network: EdgeNetwork) -> None:
    node = follower(network)
    node.wait_until(lambda: bool(node.status()))
    answer = Caller(network.sip_of(node)).ask()
    assert (answer.status, ports_of(answer)) == (302, [network.ports[CHOSEN], network.ports[ENTRY]])
    leader = network.leader()
    assert leader is not None
    assert decisions(leader, answer.headers.get("X-NIRC-Decision") or "")


def test_what_is_no_call_is_answered_too(network: EdgeNetwork) -> None:
    caller = Caller(network.sip[0])
    assert caller.ask("OPTIONS").status == 200
    assert caller.ask(number="+351999999999").status == 404
    assert caller.ask("BYE").status == 481


def post(node: NodeProcess, body: dict[str, Any], token: str) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(
        f"{node.url}/api/v1/pre-route", data=json.dumps(body).encode(), method="POST"
    )
    request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


NO_HANDLER = {"handler": ""}


def test_over_http_the_answer_is_the_same(network: EdgeNetwork) -> None:
    node = network.nodes[0]
    token = (Path(node.settings["data_dir"]) / "edge.token").read_text().strip()
    status, said = post(node, {"dialed_number": NUMBER, "ani": "+351912345678"}, token)
    assert status == 200
    assert said["contacts"] == [
        {
            "site": one,
            "host": "127.0.0.1",
            "port": network.ports[one],
            "transport": "udp",
            **NO_HANDLER,
        }
        for one in (CHOSEN, ENTRY)
    ]
    assert (said["queue"], said["by_default"]) == ("sales", False)
    status, said = post(node, {"dialed_number": NUMBER, "refused_sites": [CHOSEN]}, token)
    assert (said["contacts"][0]["site"], said["by_default"]) == (ENTRY, True)
    assert post(node, {"dialed_number": "+351999"}, token)[0] == 409
    assert post(node, {"dialed_number": NUMBER}, "wrong")[0] == 401
    with pytest.raises(urllib.error.HTTPError, match="401"):
        request = urllib.request.Request(f"{node.url}/api/v1/sites")
        request.add_header("Authorization", f"Bearer {token}")
        urllib.request.urlopen(request, timeout=5)


def test_a_draining_node_tells_edges_to_ask_another_and_still_answers(
    network: EdgeNetwork,
) -> None:
    node = follower(network)
    node.ask("/api/v1/drain", "POST")
    caller = Caller(network.sip_of(node))
    node.wait_until(lambda: caller.ask("OPTIONS").status == 503)
    assert ports_of(caller.ask()) == [network.ports[CHOSEN], network.ports[ENTRY]]


def test_without_leader_and_etcd_the_kept_table_answers(tmp_path: Path) -> None:
    with running(tmp_path, 1) as network:
        (node,) = network.nodes
        caller = Caller(network.sip[0])
        assert ports_of(caller.ask()) == [network.ports[CHOSEN], network.ports[ENTRY]]
        node.kill()
        node.settings["etcd"] = {"members": ["127.0.0.1:1"]}
        node.start()
        node.wait_until(lambda: caller_reaches(caller))
        answer = caller.ask()
        assert (answer.status, ports_of(answer)) == (302, [network.ports[ENTRY]])
        status = node.ask("/api/v1/alarms")
        assert "pre_route_default" in {one["code"] for one in status["alarms"]}


def caller_reaches(caller: Caller) -> bool:
    try:
        return caller.ask("OPTIONS").status == 200
    except OSError:
        return False
