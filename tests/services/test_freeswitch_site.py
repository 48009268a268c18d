"""A site with a FreeSWITCH and one with the built-in ACD hand calls to one another, by real SIP.

The FreeSWITCH is one in memory, written from its documentation: its Event Socket is real TCP, its
callers are real SIP, there is no media. Nodes, site agents and the other site are what they are.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from esl_callcenter import PbxAgent
from esl_pbx import PASSWORD, Pbx
from esl_peer import EslPeer
from esl_sip import SipFront
from network import SMALL, TestNetwork, wait_until
from policy_sites import HEAD
from sipp import Sipp

from nirc.demo import observe, site_files
from nirc.demo.layout import build_layout
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker
from site_agent.adapters.freeswitch.channel_steps import decoded

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

DATA = {"customer": "C0815", "name": "Zoë Łukasz", "ivr_path": ["1", "4"]}
AGENT = "anna@default"
MAIL = "+351210000009"
TO_HANDLER = "action: to_handler, handler: mail"


class FreeswitchNetwork(TestNetwork):
    """Lisbon has a FreeSWITCH; porto is as ever."""

    __test__ = False
    peer: EslPeer
    front: SipFront

    def start_sites(self) -> None:
        lisbon = self.layout.site("lisbon")
        agent = PbxAgent(AGENT, "user/1000@pbx", {"sales@default": 1}, wrap_up_s=0)
        pbx = Pbx(queues=("sales@default", "support@default"), agents=(agent,))
        ports = {
            lisbon.trunk("carrier").port: "external",
            lisbon.trunk("legacy").port: "legacy",
            lisbon.network_port: "nirc",
        }
        pbx.profiles.append("legacy")
        self.peer = EslPeer(pbx)
        self.front = SipFront(pbx, "lisbon", ports)
        self.peer.each_step = self.front.poll
        self.peer.start()
        super().start_sites()

    def write_freeswitch(self, settings: Path) -> None:
        """Lisbon's own file, with this FreeSWITCH as its ACD."""
        lisbon = self.layout.site("lisbon")
        document = yaml.safe_load(settings.read_text())
        password = settings.parent / "esl.password"
        password.write_text(PASSWORD)
        trunk = {"channels_max": 50, "name": "carrier", "profile": "external"}
        legacy = {"channels_max": 50, "name": "legacy", "profile": "legacy"}
        network = {"channels_max": 50, "name": "network", "profile": "nirc", "kind": "network"}
        document["acd"] = {
            "kind": "freeswitch",
            "event_socket": self.peer.address,
            "password_file": str(password),
            "queue_after_s": 6,
            "trunk_groups": [
                trunk | {"address": lisbon.trunk("carrier").address},
                legacy | {"address": lisbon.trunk("legacy").address},
                network | {"address": f"{lisbon.host}:{lisbon.network_port}"},
            ],
            "queues": [{"name": "sales"}, {"name": "support"}],
        }
        settings.write_text(yaml.safe_dump(document))

    def says(self, status: str) -> None:
        """Lisbon's agent."""
        with self.peer.acting() as pbx:
            pbx.agent_says(AGENT, status)

    def lines(self, site: str, kind: str, interaction: str) -> list[dict[str, Any]]:
        """What a site wrote of one call."""
        path = self.folder / site / "history.jsonl"
        found = map(json.loads, path.read_text().splitlines())
        return [
            one for one in found if one["kind"] == kind and one.get("interaction") == interaction
        ]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreeswitchNetwork]:
    load = Load(calls=0, seed=7, answer_after_s=(0.05, 0.1), talk_s=(0.8, 1.2))
    folder = tmp_path_factory.mktemp("freeswitch")
    found = FreeswitchNetwork(folder, build_layout(SMALL, PortTaker()), load)
    write = site_files.site_yaml
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(site_files, "site_yaml", _with_freeswitch(found, write))
            found.start()
        yield found
    finally:
        found.stop()
        found.peer.stop()
        found.front.close()


def _with_freeswitch(network: FreeswitchNetwork, write: Any) -> Any:
    """The demo writes every site's file; lisbon's is changed before it is written."""

    def site_yaml(layout: Any, site: Any, folder: Path, *more: Any, **named: Any) -> str:
        text = str(write(layout, site, folder, *more, **named))
        if site.name != "lisbon":
            return text
        settings = folder / "site.yaml"
        settings.write_text(text)
        network.write_freeswitch(settings)
        return settings.read_text()

    return site_yaml


@pytest.fixture(autouse=True)
def quiet(network: FreeswitchNetwork) -> Iterator[None]:
    network.says("On Break")
    yield
    wait_until("every site is quiet", lambda: not observe.left_over(network.site_statuses()))


def test_a_ringing_caller_of_the_freeswitch_is_redirected_to_the_other_site_with_data(
    network: FreeswitchNetwork,
) -> None:
    network.wait_ready("porto", "diogo")
    story = network.place("lisbon", "carrier", data=DATA).wait_over()
    assert (story["outcome"], story["agent_site"], story["moved"]) == ("served", "porto", "302")
    assert story["data_intact"], story
    (settled,) = network.lines("lisbon", "move_started", story["interaction_id"])
    assert settled["method"] == "redirect_302"
    with network.peer.acting() as pbx:
        assert pbx.centre.members == []


def test_a_caller_whose_trunk_takes_no_302_is_bridged_while_ringing(
    network: FreeswitchNetwork,
) -> None:
    network.wait_ready("porto", "diogo")
    story = network.place("lisbon", "legacy", data=DATA, talk_s=0.5).wait_over()
    assert (story["outcome"], story["agent_site"], story["moved"]) == ("served", "porto", "bridge")
    (started,) = network.lines("lisbon", "move_started", story["interaction_id"])
    assert started["method"] == "bridge"
    assert story["interaction_received"] == story["interaction_id"]
    assert story["data_intact"], story


def test_a_caller_of_the_other_site_reaches_the_held_agent_of_the_freeswitch(
    network: FreeswitchNetwork,
) -> None:
    network.says("Available")
    network.wait_ready("lisbon", "anna")
    with network.busy_all("porto"):
        waiting = network.place("porto", "carrier", data=DATA, talk_s=1.0)
        story = waiting.wait_over()
    assert (story["outcome"], story["agent"], story["agent_site"]) == ("served", "anna", "lisbon")
    assert story["moved"] == "302"
    with network.peer.acting() as pbx:
        invites = [one for one in pbx.channels.sent if one[1] == "INVITE"]
        assert invites[-1][2] == "user/1000@pbx"
        rung = next(one for one in reversed(pbx.commands) if "nirc_ring=" in one)
        shown = rung.partition("sip_h_X-NIRC-Data=")[2].partition(",")[0]
        assert json.loads(decoded(shown, 2000)) == DATA
        held = "sched_api +60 nirc-hold-anna@default"
        assert [one for one in pbx.commands if one.startswith(held)]
    network.wait_ready("lisbon", "anna")


def talks_at_home(network: FreeswitchNetwork) -> bool:
    """Does somebody talk with lisbon's own agent? Talks of these tests last until a hang-up, so
    that no look at them comes too late."""
    return any(one.get("agent") for one in network.site_status("lisbon")["calls"])


def test_an_own_agent_who_is_ready_keeps_the_caller_at_home(network: FreeswitchNetwork) -> None:
    network.says("Available")
    network.wait_ready("lisbon", "anna")
    story = network.place("lisbon", "carrier", talk_s=600.0)
    wait_until("the caller talks with the own agent", lambda: talks_at_home(network))
    story.hang_up()


def test_a_caller_whom_nobody_serves_ends_at_a_voicemail(
    network: FreeswitchNetwork, tmp_path: Path
) -> None:
    """It is told whom the call was for, and nothing of the data that the caller's IVR handed in."""
    leader, port = network.leader(), PortTaker()()
    assert leader is not None
    spec = (
        f'{{uri: "sip:mail@127.0.0.1:{port};user=phone",'
        " ways: [{trunk_group: legacy, methods: [bridge]}]}"
    )
    rule = f"{{name: mail, when: 'call.dialed_number == \"{MAIL}\"', {TO_HANDLER}}}"
    rules = f"{{rules: [{rule}], otherwise: {{action: queue_at_origin}}}}"
    texts = {
        "Handler/mail": HEAD.format(kind="Handler", name="mail", spec=spec),
        "RoutingPolicy/default": HEAD.format(kind="RoutingPolicy", name="default", spec=rules),
    }
    network.admin(leader).put_documents(texts)
    with Sipp(tmp_path, name="mail", scenario="voicemail.xml", local=("127.0.0.1", port)) as mail:
        call = network.place("lisbon", "legacy", dialed=MAIL, data=DATA)
        mail.wait_for_message("ACK sip:mail@")
        said = mail.text("messages.log")
        assert f"Diversion: <sip:{MAIL}@127.0.0.1;user=phone>;reason=no-answer" in said
        assert "X-NIRC" not in said and "User-to-User" not in said and "nirc-" not in said
        call.hang_up()


@contextmanager
def held_up(network: FreeswitchNetwork, site: str) -> Iterator[None]:
    """A site's agent program stands still: nobody is moved there, however slow the test is."""
    network.processes.signal(site, signal.SIGSTOP)
    try:
        yield
    finally:
        network.processes.signal(site, signal.SIGCONT)


def test_a_caller_who_waits_outlives_the_site_agent(network: FreeswitchNetwork) -> None:
    with held_up(network, "porto"):
        caller = network.place("lisbon", "carrier", patience_s=600.0, talk_s=600.0)
        wait_until("the caller is in the queue", lambda: network.waiting_count("lisbon") == 1)
        network.processes.kill("lisbon")
        network.processes.restart("lisbon")
        wait_until("the caller is shown again", lambda: network.waiting_count("lisbon") == 1)
        network.says("Available")
        wait_until("the caller talks with the own agent", lambda: talks_at_home(network))
        caller.hang_up()
    network.wait_ready("porto", "diogo")


def test_a_connection_that_breaks_promises_nobody_and_comes_back(
    network: FreeswitchNetwork,
) -> None:
    network.says("Available")
    network.wait_ready("lisbon", "anna")
    network.peer.refuses = True
    network.peer.cut()
    wait_until("nobody is ready", lambda: network.agent_state("lisbon", "anna") == "not_ready")
    network.peer.refuses = False
    network.wait_ready("lisbon", "anna")
