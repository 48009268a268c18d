"""Rows of the fault matrix: what is done to etcd's members, their disks and their history.

Rule of this file: a fault ends what it began; members have their own folders again afterwards.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import Any

from nirc.demo import json_http
from tests.cluster.machine_faults import full_disk, slow_disk, small_disk
from tests.cluster.row_run import ALONE, LASTS_S, MOVED, Row, RowRun, waited_s

QUORUM_LOST_S = 60.0
DISK_MB = 300
ETCD_HEALTHY_S_MAX = 30.0
TAKEN_UP_S_MAX = 20.0
"Until a node that was cut off has the newest documents again."


def _etcd_member_of(run: RowRun, host: str) -> str:
    index = run.network.node_hosts.index(host)
    return run.network.layout.etcd[index].name


def etcd_member_killed(run: RowRun) -> None:
    """The member beside a follower dies and comes back."""
    name = _etcd_member_of(run, run.followers()[0])
    run.network.processes.kill(name)
    time.sleep(LASTS_S)
    run.network.processes.restart(name)


def etcd_of_the_leader_killed(run: RowRun) -> None:
    """The member beside the leading node dies and comes back."""
    name = _etcd_member_of(run, run.leader())
    run.network.processes.kill(name)
    time.sleep(LASTS_S)
    run.network.processes.restart(name)


def etcd_quorum_lost(run: RowRun) -> None:
    """Two of three members are away: nobody leads, callers are served at home."""
    names = [member.name for member in run.network.layout.etcd][:2]
    for name in names:
        run.network.processes.kill(name)
    time.sleep(QUORUM_LOST_S)
    for name in names:
        run.network.processes.restart(name)


def etcd_leader_killed(run: RowRun) -> None:
    """The member that leads the others, which need not stand beside the leading node."""
    members = run.network.layout.etcd
    for member in members:
        told = _asked(member.endpoint, "/v3/maintenance/status", {})
        if told["header"]["member_id"] == told["leader"]:
            run.network.processes.kill(member.name)
            time.sleep(LASTS_S)
            run.network.processes.restart(member.name)
            return
    raise TimeoutError("etcd has no leader")


def _asked(endpoint: str, path: str, document: dict[str, Any]) -> dict[str, Any]:
    """A question to one member, by its JSON gateway."""
    return dict(json_http.send("POST", endpoint, path, document))


def disk_full_of_a_member(run: RowRun) -> None:
    """The member beside a follower can write no more, and ends."""
    _disk_full(run, _etcd_member_of(run, run.followers()[0]))


def disk_full_of_the_leaders_member(run: RowRun) -> None:
    """The same of the member beside the leading node."""
    _disk_full(run, _etcd_member_of(run, run.leader()))


def _disk_full(run: RowRun, name: str) -> None:
    network = run.network
    folder = network.folder / "stores" / name
    aside = folder.with_name(f"{name}-aside")
    _moved(run, name, lambda: shutil.copytree(folder, aside))
    shutil.rmtree(folder)
    with small_disk(folder, DISK_MB):
        _moved(run, name, lambda: shutil.copytree(aside, folder, dirs_exist_ok=True))
        network.processes.restart(name)
        _wait_healthy(run, name)
        with full_disk(folder):
            ended_s = waited_s(lambda: not _goes_on(run, name), 2 * LASTS_S)
            run.figures["disk_full_ended"] = float(ended_s is not None)
            time.sleep(LASTS_S)
        if not network.processes.is_running(name):
            network.processes.restart(name)
        _wait_healthy(run, name)
        shutil.rmtree(aside)
        _moved(run, name, lambda: shutil.copytree(folder, aside))
    _moved(run, name, lambda: shutil.copytree(aside, folder, dirs_exist_ok=True))
    shutil.rmtree(aside)
    network.processes.restart(name)
    _wait_healthy(run, name)


def _moved(run: RowRun, name: str, copy: Callable[[], object]) -> None:
    """Copy a member's folder while the member stands still."""
    if run.network.processes.is_running(name):
        run.network.processes.stop(name)
    copy()


def _goes_on(run: RowRun, name: str) -> bool:
    """Write something; whether the member lives."""
    run.network.put_documents()
    return run.network.processes.is_running(name)


def _wait_healthy(run: RowRun, name: str) -> None:
    member = next(one for one in run.network.layout.etcd if one.name == name)

    def is_healthy() -> bool:
        return bool(json_http.get(member.endpoint, "/health")["health"] == "true")

    if waited_s(is_healthy, ETCD_HEALTHY_S_MAX) is None:
        raise TimeoutError(f"{name} was not healthy within {ETCD_HEALTHY_S_MAX:.0f} s")


def compacted_during_a_cut(run: RowRun) -> None:
    """A node hears nothing of etcd while documents change and their history is forgotten."""
    network, node = run.network, run.followers()[0]
    run.paths.deafen(node, [member.client_port for member in network.layout.etcd])
    time.sleep(LASTS_S)
    for _ in range(3):
        network.put_documents()
    others = [name for name in network.node_hosts if name != node]
    wanted = max(network.admin(name).status().documents_revision for name in others)
    endpoint = network.layout.etcd[network.node_hosts.index(others[0])].endpoint
    _asked(endpoint, "/v3/kv/compaction", {"revision": str(wanted), "physical": True})
    time.sleep(LASTS_S)
    run.paths.heal()
    took_s = waited_s(
        lambda: network.admin(node).status().documents_revision >= wanted, TAKEN_UP_S_MAX
    )
    if took_s is None:
        run.complaints.append(f"{node} had not listed anew within {TAKEN_UP_S_MAX:.0f} s")
    else:
        run.figures["listed_anew_s"] = took_s


def etcd_wiped(run: RowRun) -> None:
    """An operator starts all members with empty folders, and puts the documents again."""
    network = run.network
    members = [member.name for member in network.layout.etcd]
    for name in members:
        network.processes.kill(name)
        shutil.rmtree(network.folder / "stores" / name)
    for name in members:
        network.processes.restart(name)
    network.put_documents()


def etcd_slow_disk(run: RowRun) -> None:
    """Every write of every member waits half a second more: no call waits for etcd."""
    processes = run.network.processes
    pids = [processes.pid(member.name) for member in run.network.layout.etcd]
    with slow_disk(pids, 500.0):
        begun_s = time.monotonic()
        run.note_alarm("etcd_slow", 4 * LASTS_S)
        time.sleep(max(0.0, 3 * LASTS_S - (time.monotonic() - begun_s)))


DISK_FULL = "that member ends, the other two go on; calls move as before"

ROWS = (
    Row(name="etcd_member_killed", fault=etcd_member_killed, expects=MOVED),
    Row(name="etcd_of_the_leader_killed", fault=etcd_of_the_leader_killed, expects=MOVED),
    Row(name="etcd_leader_killed", fault=etcd_leader_killed, expects=MOVED),
    Row(
        name="etcd_quorum_lost",
        fault=etcd_quorum_lost,
        expects=ALONE,
        calls_count=180,
        calls_per_s=2.5,
    ),
    Row(name="etcd_wiped", fault=etcd_wiped, expects=ALONE, calls_count=60),
    Row(
        name="etcd_slow_disk",
        fault=etcd_slow_disk,
        expects="moves go on; the leading node raises `etcd_slow`",
        calls_count=60,
    ),
    Row(
        name="etcd_disk_full_of_a_member",
        fault=disk_full_of_a_member,
        expects=DISK_FULL,
        calls_count=80,
    ),
    Row(
        name="etcd_disk_full_of_the_leaders_member",
        fault=disk_full_of_the_leaders_member,
        expects=DISK_FULL,
        calls_count=80,
    ),
    Row(
        name="etcd_compacted_during_a_cut",
        fault=compacted_during_a_cut,
        expects="calls move as before; the node that was cut off lists everything anew",
        calls_count=60,
    ),
)
