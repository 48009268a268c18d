"""A leader is drained by `nrcli drain` while calls are moving; and etcd stands still, unnoticed by
no site: nothing is lost, and every site knows who leads."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from network import TestNetwork, assert_clean, build, wait_until
from source_tree import ROOT

from nirc.demo.layout import NetworkShape
from nirc.demo.phones_file import Load

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]
CALLS = 60


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    """The demo's own three sites, with load."""
    load = Load(calls=CALLS, seed=13, over_s=15.0, talk_s=(1.0, 3.0))
    found = build(tmp_path_factory.mktemp("drain"), NetworkShape(peer_plan=False), load)
    try:
        found.start()
        yield found
    finally:
        found.stop()


def nrcli(network: TestNetwork, node: str, *words: str) -> int:
    """`nrcli` against one node; its exit code."""
    admin = network.admin(node)
    options = ["--url", f"http://{admin.address}", "--token-file", str(admin.token_file)]
    code = "from nrcli.commands.main import main; main()"
    command = [sys.executable, "-c", code, *options, *words]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, timeout=60, check=False
    ).returncode


def tiers(network: TestNetwork) -> list[int]:
    """The tier of every site."""
    return [status["tier"] for status in network.site_statuses().values()]


def followed(network: TestNetwork) -> set[str]:
    """Whom the sites follow."""
    return {str(status["leading_node"]) for status in network.site_statuses().values()}


def _signal_etcd(network: TestNetwork, number: signal.Signals) -> None:
    for member in network.layout.etcd:
        network.processes.signal(member.name, number)


def test_the_leader_is_drained_under_load_and_every_call_ends_well(network: TestNetwork) -> None:
    network.phones_order("POST", "/start")
    wait_until("calls have moved", lambda: network.moved_count() >= 3)
    drained = network.leader()
    assert drained is not None
    assert nrcli(network, drained, "drain") == 0
    wait_until("another node leads", lambda: network.leader() not in {None, drained})
    wait_until("every site follows it", lambda: followed(network) == {network.leader()})
    before = network.moved_count()
    wait_until("calls move again", lambda: network.moved_count() > before)
    status = network.admin(drained).status()
    assert status.draining and set(status.sites_linked) == set(network.site_statuses())
    assert status.domains[0].leader == network.leader()
    wait_until("all calls were placed", lambda: network.phones_status()["calls"] == CALLS)
    wait_until("all calls ended", lambda: network.phones_status()["open"] == 0, within_s=120.0)
    counts = network.phones_status()
    assert counts["lost"] == 0
    assert counts["failed"] == 0
    assert counts["moved_data_intact"] == counts["moved_data_checked"] > 0
    assert_clean(network)


def test_an_idle_site_learns_that_nobody_leads(network: TestNetwork) -> None:
    wait_until("all is well", lambda: tiers(network) == [0, 0, 0])
    leader = network.leader()
    assert leader is not None
    _signal_etcd(network, signal.SIGSTOP)
    try:
        wait_until("every site knows", lambda: 0 not in tiers(network), within_s=10.0)
        wait_until("so does nrcli", lambda: nrcli(network, leader, "status") == 6, within_s=10.0)
        wait_until("local only", lambda: tiers(network) == [3, 3, 3], within_s=20.0)
    finally:
        _signal_etcd(network, signal.SIGCONT)
    wait_until("a leader is back", lambda: tiers(network) == [0, 0, 0])
