"""Alarms of rules reach a real webhook and a real mail server, once, also when the leader is killed
with a notice that nobody has taken."""

import hashlib
import hmac
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError

import pytest
from etcd_cluster import EtcdCluster, free_ports
from node_process import NodeProcess, nodes_of
from notice_receivers import MailServer, WebhookReceiver, mail_server, webhook_receiver
from sip_certificates import tls_files

pytestmark = [pytest.mark.services, pytest.mark.timeout(90)]

RULES = """apiVersion: nirc/v1
kind: AlarmRules
metadata: {{name: network}}
spec:
  rules:
    - name: nobody_suspended
      figure: suspended
      below: 1
      text: a rule that always holds
      advice: nothing
      places: [{{place: agent, off: true}}{off}]
  notify:
    group_wait_s: 0.3
    group_every_s: 0
    webhooks: [{{name: hook, url: "{url}"}}]
    mail: [{{name: people, to: [noc@noc.example, night@noc.example]}}]
"""
QUEUE_OFF = ", {place: queue, off: true}"


@dataclass
class Network:
    """Three nodes and two receivers."""

    nodes: list[NodeProcess]
    hook: WebhookReceiver
    mail: MailServer
    secret: bytes

    def leader(self) -> NodeProcess:
        return next(one for one in self.nodes if one.process and one.leads())

    def put_rules(self, off: str, name: str = "network") -> None:
        text = RULES.format(off=off, url=self.hook.url)
        self.leader().ask(f"/api/v1/documents/AlarmRules/{name}", "PUT", text.encode())

    def told(self, word: str) -> list[str]:
        """Places of our rule that the webhook was told of."""
        return [
            one["place"]
            for notice in self.hook.notices()
            for one in notice[word]
            if one["code"] == "nobody_suspended"
        ]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("notices")
    files = tls_files(folder, "mail")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert, files.key)
    (folder / "password").write_text("hidden word\n", encoding="utf-8")
    (folder / "secret").write_text("key of the hook\n", encoding="utf-8")
    (port,) = free_ports(1)
    etcd = EtcdCluster(folder / "etcd")
    with webhook_receiver() as hook, mail_server(port, context) as mail:
        smtp = {"host": "127.0.0.1", "port": port, "ca": str(files.ca), "user": "nirc"}
        smtp |= {"password_file": str(folder / "password"), "sender": "nirc@noc.example"}
        webhook = {"hosts": [hook.host], "secret_file": str(folder / "secret"), "plain_http": True}
        alarms = {"look_s": 0.2, "webhook": webhook, "smtp": smtp}
        nodes = nodes_of(folder, etcd.addresses, None, 3, alarms=alarms)
        found = Network(nodes, hook, mail, b"key of the hook")
        etcd.start()
        try:
            for node in nodes:
                node.start(wait=False)
            nodes[0].wait_until(lambda: any(node.leads() for node in nodes))
            yield found
        finally:
            for node in nodes:
                node.kill()
            etcd.stop()


def test_a_rule_is_told_once_and_an_unsent_notice_outlives_its_leader(network: Network) -> None:
    hook, leader = network.hook, network.leader()
    network.put_rules(QUEUE_OFF)
    leader.wait_until(lambda: network.told("raised") and network.mail.mails)
    headers, body = hook.posts[0]
    seconds, _, mac = headers["X-NIRC-Signature"].partition(",v1=")
    signed = seconds.removeprefix("t=").encode() + b"." + body
    assert mac == hmac.new(network.secret, signed, hashlib.sha256).hexdigest()
    assert json.loads(body)["id"] == headers["X-NIRC-Notice"]
    mail = network.mail.mails[0]
    assert mail["Subject"] == "NIRC: major: nobody_suspended at path"
    assert "do: nothing" in mail.get_content() and mail["Auto-Submitted"] == "auto-generated"
    assert network.mail.envelopes[0] == (
        "nirc@noc.example",
        ["noc@noc.example", "night@noc.example"],
    )

    hook.status, network.mail.refuses = 503, True
    network.put_rules("")
    leader.wait_until(lambda: hook.refused_count >= 2)
    leader.kill()
    hook.status, network.mail.refuses = 204, False
    others = [one for one in network.nodes if one.process]
    others[0].wait_until(lambda: len(network.told("raised")) >= 2 and len(network.mail.mails) >= 2)
    assert network.told("raised") == ["path", "queue"]  # and not path again
    assert network.told("cleared") == []
    assert network.mail.mails[1]["Subject"] == "NIRC: major: nobody_suspended at queue"
    ids = [event["id"] for notice in hook.notices() for event in notice["raised"]]
    assert len(ids) == len(set(ids))


def test_all_nodes_know_the_history_and_no_secret_is_told(network: Network) -> None:
    for node in network.nodes:
        if node.process:
            events = node.ask("/api/v1/alarms/history?code=nobody_suspended")["events"]
            standing = [one["place"] for one in events if one["happened"] == "raised"]
            assert {"path", "queue"} <= set(standing)
            channels = node.ask("/api/v1/alarm-channels")["channels"]
            assert {one["to"] for one in channels} == {network.hook.host, "2"}
            assert "hidden word" not in node.log and "secret-path" not in node.log
            assert "Traceback" not in node.log


def test_silence_and_test_notice(network: Network) -> None:
    leader = network.leader()
    taken = len(network.hook.posts)
    said = {"code": "nobody_*", "lasts_s": 60.0, "author": "ana", "reason": "new switch"}
    begun = ask(leader, "/api/v1/silences", said)
    assert begun["in_force"] and begun["place"] == "*"
    results = ask(leader, "/api/v1/alarm-channels/test", {"author": "ana"})["results"]
    assert {one["channel"]: one["sent"] for one in results} == {"hook": True, "people": True}
    assert json.loads(network.hook.posts[taken][1])["test"] is True
    network.hook.status, network.hook.location = 302, "http://127.0.0.1:1/"
    wanted = {"author": "ana", "channel": "hook"}
    (result,) = ask(leader, "/api/v1/alarm-channels/test", wanted)["results"]
    network.hook.status = 204
    assert result["problem"] == "answered 302, and redirects are not followed"
    ended = leader.ask(f"/api/v1/silences/{begun['id']}?author=ana", "DELETE")
    assert ended == {"id": begun["id"]}
    leader.wait_until(lambda: leader.ask("/api/v1/silences")["silences"] == [])
    with pytest.raises(HTTPError) as refused:
        leader.ask(f"/api/v1/silences/{begun['id']}", "DELETE")
    assert refused.value.code == 404


def ask(node: NodeProcess, path: str, said: dict[str, Any]) -> Any:
    return node.ask(path, "POST", json.dumps(said).encode())
