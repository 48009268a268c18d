"""With failsafe on, calls move on while etcd is away, until one node is missing."""

import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from nirc.demo import json_http
from nirc.demo.phones_file import Load
from nrcli.wire.alarm_models import Alarms
from nrcli.wire.api_models import API
from tests.cluster.callers import Callers
from tests.helpers.lab_hosts import why_not
from tests.helpers.lab_network import SHAPE, LabNetwork, lab_network
from tests.helpers.network import assert_clean, wait_until

pytestmark = pytest.mark.services


def decided_count(network: LabNetwork) -> int:
    """Decisions of all nodes."""
    return len(network.all_decisions())


def alarm_codes(network: LabNetwork, node: str) -> set[str]:
    """What stands at a node."""
    admin = network.admin(node)
    told = json_http.get(admin.address, f"{API}/alarms", json_http.bearer(admin.token_file))
    return {alarm.code for alarm in Alarms.model_validate(told).alarms}


def test_calls_move_on_without_etcd_while_every_node_agrees(tmp_path: Path) -> None:
    missing = why_not()
    if missing:
        pytest.skip(f"no fault lab on this machine: {missing}")
    shape = replace(SHAPE, failsafe=True)
    with lab_network(tmp_path, Load(calls=0, seed=5), shape) as (network, _):
        for name in network.processes.names():
            network.processes.leave_alone(name)
        leader = network.leader()
        assert leader is not None
        for member in network.layout.etcd:
            network.processes.signal(member.name, signal.SIGSTOP)
        time.sleep(10.0)  # more than two leases
        assert network.leader() == leader
        before, moved = decided_count(network), network.moved_count()
        callers = Callers(network, seed=5, count=30, per_s=4.0)
        callers.start()
        callers.wait()
        wait_until("the calls are over", callers.are_over, within_s=120.0)
        assert decided_count(network) > before
        assert network.moved_count() > moved
        assert "leading_without_etcd" in alarm_codes(network, leader)
        follower = next(name for name in network.node_hosts if name != leader)
        network.processes.kill(follower)
        wait_until("nobody leads", lambda: network.leader() is None)
        for member in network.layout.etcd:
            network.processes.signal(member.name, signal.SIGCONT)
        network.processes.restart(follower)
        wait_until("all is whole again", network.is_linked)
        assert_clean(network)
