"""Test calls that go out by a carrier, come back in and are moved: does it follow a 302, a REFER?

The carrier is a real Kamailio that brings the test number back (302), or two sipp (REFER), which a
proxy cannot follow.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml
from kamailio import Kamailio, kamailio_program
from network import SMALL, TestNetwork, assert_clean, wait_until
from nrcli_process import nrcli
from refer_edges import FOLLOWS, REFUSES, SHORTENS
from sipp import SCENARIOS, Sipp

from nirc.demo.documents import documents
from nirc.demo.layout import build_layout
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker
from nirc.demo.site_files import site_yaml

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]
NUMBER, SHOWN = "+351210000099", "+351210000050"
CARRIER = """\
#!KAMAILIO
# A carrier that brings one number back to the site, and follows a 302 or hands it on.
debug=1
log_stderror=yes
fork=yes
children=2
disable_tcp=yes
listen=udp:127.0.0.1:{port}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "siputils.so"
loadmodule "textops.so"
loadmodule "uac_redirect.so"
modparam("uac_redirect", "acc_function", "")
request_route {{
    if (has_totag()) {{ loose_route(); t_relay(); exit; }}
    if (is_method("CANCEL")) {{ t_relay(); exit; }}
    if (!is_method("INVITE")) {{ sl_send_reply("405", "Not here"); exit; }}
    record_route();
    if ($rU != "{number}") {{ sl_send_reply("404", "Not mine"); exit; }}
    $du = "sip:{site}";
    t_on_failure("MOVED");
    t_relay();
}}
failure_route[MOVED] {{
    if (!t_check_status("302") || "{follows}" == "no") {{ exit; }}
    $du = $null;
    get_redirects("*");
    t_relay();
}}
"""


class Edge(Kamailio):
    """A carrier with the text above."""

    def __init__(self, folder: Path, port: int, site: str, *, follows: bool) -> None:
        folder.mkdir(parents=True)
        self.folder, self.port, self.process = folder, port, None
        told = {"port": port, "site": site, "number": NUMBER, "follows": "yes" if follows else "no"}
        (folder / "kamailio.cfg").write_text(CARRIER.format(**told))


class CarrierNetwork(TestNetwork):
    """Lisbon's trunk groups dial by carriers of the test's own, and have a test number."""

    def start_sites(self) -> None:
        self.ports = {name: PortTaker()() for name in ("carrier", "pbx")}
        for site in self.layout.sites:
            folder = self._subfolder(site.name)
            tls = self._tls("site", site.name)
            found = yaml.safe_load(site_yaml(self.layout, site, folder, tls))
            for group in found["acd"]["trunk_groups"]:
                if site.name == "lisbon" and group["name"] in self.ports:
                    group["dial_to"] = f"127.0.0.1:{self.ports[group['name']]}"
                    group |= {"dial_from": SHOWN, "test_number": NUMBER}
            settings = folder / "site.yaml"
            settings.write_text(yaml.safe_dump(found))
            command = [sys.executable, "-m", "site_agent", "run", "--config", str(settings)]
            self.processes.start(site.name, command)

    def _put_documents(self) -> bool:
        leader = self.leader()
        if leader is None:
            return False
        found = documents(self.layout)
        for trunk in ("carrier", "pbx"):
            path = yaml.safe_load(found[f"Path/lisbon-{trunk}"])
            path["spec"] |= {"to_site": "porto", "proven": False}
            found[f"Path/lisbon-{trunk}"] = yaml.safe_dump(path)
        self.admin(leader).put_documents(found)
        return True

    def address(self, trunk: str) -> str:
        return self.layout.site("lisbon").trunk(trunk).address

    def said(self, *words: str) -> CompletedProcess[str]:
        leader = self.leader()
        assert leader is not None
        return nrcli(self, leader, *words)

    def proofs(self) -> dict[str, tuple[str, bool]]:
        """State of each path, and whether it is used."""
        ended = self.said("--json", "paths")
        told = json.loads(ended.stdout)["paths"] if ended.returncode == 0 else []
        return {one["path"]: (one["state"], one["used"]) for one in told}

    def through(self, path: str) -> dict[str, str]:
        """State of each method through the carrier."""
        told = json.loads(self.said("--json", "paths").stdout)["paths"]
        found = next(one for one in told if one["path"] == path)
        return {way["method"]: way["state"] for way in found["through"]}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CarrierNetwork]:
    layout = build_layout(SMALL, PortTaker())
    load = Load(calls=0, answer_after_s=(0.05, 0.1), talk_s=(0.8, 1.2))
    network = CarrierNetwork(tmp_path_factory.mktemp("carriers"), layout, load)
    try:
        network.start()
        yield network
    finally:
        network.stop()


def probe(network: CarrierNetwork, path: str, method: str) -> CompletedProcess[str]:
    return network.said("probe", path, "--through-carrier", "--method", method)


@pytest.mark.skipif(kamailio_program() is None, reason="Kamailio is not installed")
@pytest.mark.parametrize("follows", [False, True])
def test_a_302_through_a_carrier_that(
    network: CarrierNetwork, tmp_path: Path, follows: bool
) -> None:
    site = network.address("carrier")
    edge = Edge(tmp_path / "edge", network.ports["carrier"], site, follows=follows).start()
    rung = [network.rung_count("porto", one) for one in ("diogo", "elsa")]
    try:
        ended = probe(network, "lisbon-carrier", "redirect_302")
    finally:
        edge.stop()
    if follows:
        assert "by redirect_302, through the carrier, works" in ended.stdout, ended
        assert network.through("lisbon-carrier") == {"redirect_302": "proved", "refer": "untried"}
        assert "redirect_302 proved through the carrier" in network.said("paths").stdout
    else:
        assert ended.returncode == 1
        assert "does not follow a 302: it hands the 302 on" in ended.stdout, ended
        assert network.through("lisbon-carrier")["redirect_302"] == "bad"
    assert [network.rung_count("porto", one) for one in ("diogo", "elsa")] == rung
    assert_clean(network)


CARRIERS = {
    "refuses": (REFUSES, (), "refuses the REFER (405)"),
    "fails": (REFUSES, SHORTENS, "takes the REFER and then says 404"),
    "follows": (FOLLOWS, (), "by refer, through the carrier, works"),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_refer_through_a_carrier_that(
    network: CarrierNetwork, tmp_path: Path, carrier: str
) -> None:
    scenario, changes, words = CARRIERS[carrier]
    text = (
        (SCENARIOS / scenario).read_text(encoding="utf-8").replace("sip:caller@", f"sip:{SHOWN}@")
    )
    for old, new in changes:
        text = text.replace(old, new)
    (tmp_path / "back.xml").write_text(text, encoding="utf-8")
    outgoing = Sipp(
        tmp_path,
        name="out",
        scenario="carrier_outgoing.xml",
        local=("127.0.0.1", network.ports["pbx"]),
        pause_ms=4000,
    )
    with outgoing, ThreadPoolExecutor(1) as pool:
        said: Future[CompletedProcess[str]] = pool.submit(probe, network, "lisbon-pbx", "refer")
        outgoing.wait_for_message("INVITE sip:")
        with Sipp(
            tmp_path,
            name="back",
            scenario=str(tmp_path / "back.xml"),
            local=("127.0.0.1", PortTaker()()),
            remote=network.address("pbx"),
            number=NUMBER,
        ):
            ended = said.result()
    assert words in ended.stdout, ended
    state = {"refuses": "bad", "fails": "failing", "follows": "proved"}[carrier]
    assert network.through("lisbon-pbx")["refer"] == state
    assert ended.returncode == (0 if carrier == "follows" else 1)
    assert_clean(network)


def test_a_number_that_leads_nowhere_is_told(network: CarrierNetwork) -> None:
    ended = probe(network, "lisbon-pbx", "refer")
    assert ended.returncode == 1 and "did not come back: the carrier says" in ended.stdout, ended


def test_without_a_test_number_it_is_said_which_setting_is_missing(network: CarrierNetwork) -> None:
    ended = probe(network, "lisbon-legacy", "refer")
    assert "was not tried: trunk group legacy has no `test_number`" in ended.stdout, ended
    assert network.through("lisbon-legacy")["refer"] == "untried"


def test_a_call_to_the_test_number_at_any_other_time_is_an_ordinary_one(
    network: CarrierNetwork,
) -> None:
    told = network.place("lisbon", "pbx", dialed=NUMBER).wait_over()
    assert (told["outcome"], told["agent_site"]) == ("served", "lisbon")
    assert_clean(network)


def test_what_was_proved_outlives_all_nodes(network: CarrierNetwork) -> None:
    assert network.said("probe", "lisbon-carrier").returncode == 0
    before = network.proofs()
    assert before["lisbon-carrier"] == ("proved", True)
    for node in network.layout.nodes:
        network.processes.kill(node.name)
    network.start_nodes()
    wait_until("the proofs are read", lambda: network.proofs() == before)
    network.wait_ready("porto", "diogo")
    assert_clean(network)
