"""Rows of the fault matrix: what is done to the leading node, and to all of them.

Rule of this file: a fault ends what it began.
"""

from __future__ import annotations

import signal
import time

from tests.cluster.machine_faults import faked_clock, starved
from tests.cluster.row_run import ALONE, AT_HOME, LASTS_S, Row, RowRun

STARVED_CORES = 0.025
"A node with three sites and four callers a second needs about 0.04."
ALARM_S_MAX = 30.0


def leader_killed(run: RowRun) -> None:
    """SIGKILL, and a restart afterwards."""
    leader = run.leader()
    run.new_leader_after(leader, lambda: run.network.processes.kill(leader))
    run.network.processes.restart(leader)


def leader_stopped_5_s(run: RowRun) -> None:
    """SIGSTOP, another leads, SIGCONT: the old one must find itself deposed."""
    leader = run.leader()
    processes = run.network.processes
    begun_s = time.monotonic()
    run.new_leader_after(leader, lambda: processes.signal(leader, signal.SIGSTOP))
    time.sleep(max(0.0, 5.0 - (time.monotonic() - begun_s)))
    processes.signal(leader, signal.SIGCONT)


def leader_restarted(run: RowRun) -> None:
    """SIGTERM and a start: the planned change."""
    leader = run.leader()
    run.new_leader_after(leader, lambda: run.network.processes.stop(leader))
    run.network.processes.restart(leader)


def leader_cut_from_all(run: RowRun) -> None:
    """Host and etcd member hear and say nothing."""
    leader = run.leader()
    run.new_leader_after(leader, lambda: run.paths.isolate(leader))
    time.sleep(LASTS_S)


def leader_cut_from_etcd(run: RowRun) -> None:
    """The node reaches sites and peers, but no member of etcd."""
    leader = run.leader()
    ports = [member.client_port for member in run.network.layout.etcd]
    run.new_leader_after(leader, lambda: run.paths.deafen(leader, ports))
    time.sleep(LASTS_S)


def leader_cut_from_half_of_the_sites(run: RowRun) -> None:
    """It goes on leading; the sites cut off act alone."""
    half = run.network.site_hosts[::2]
    run.paths.cut(run.paths.between([run.leader()], half))
    time.sleep(2 * LASTS_S)


def leader_hears_nothing(run: RowRun) -> None:
    """One way: what it sends arrives, nothing comes in."""
    leader = run.leader()
    run.new_leader_after(leader, lambda: run.paths.isolate(leader, ways="in"))
    time.sleep(LASTS_S)


def leader_says_nothing(run: RowRun) -> None:
    """One way: it hears all, nothing it sends arrives."""
    leader = run.leader()
    run.new_leader_after(leader, lambda: run.paths.isolate(leader, ways="out"))
    time.sleep(LASTS_S)


def two_nodes_at_once(run: RowRun) -> None:
    """The leader and a follower are killed."""
    leader, other = run.leader(), run.followers()[0]

    def break_both() -> None:
        run.network.processes.kill(other)
        run.network.processes.kill(leader)

    run.new_leader_after(leader, break_both)
    for name in (leader, other):
        run.network.processes.restart(name)


def all_nodes(run: RowRun) -> None:
    """No node stands for some seconds: every site serves its own callers."""
    names = run.network.node_hosts
    for name in names:
        run.network.processes.kill(name)
    gone_at_s = run.now_s()
    time.sleep(LASTS_S)
    run.network.without_nodes.append((gone_at_s, run.now_s()))
    for name in names:
        run.network.processes.restart(name)


def leader_starved(run: RowRun) -> None:
    """A fortieth of a core: it may lead on slowly, or lose the lease."""
    leader = run.leader()
    begun_s = time.monotonic()
    with starved(run.network.processes.pid(leader), STARVED_CORES):
        run.note_alarm("node_slow", ALARM_S_MAX)
        time.sleep(max(0.0, begun_s + 2 * LASTS_S - time.monotonic()))


def leaders_clock_jumps(run: RowRun) -> None:
    """The wall clock of the leading node is an hour ahead, then an hour behind."""
    network, leader = run.network, run.leader()
    offset = network.folder / "clock-offset"
    environment = faked_clock(offset)
    processes = network.processes
    plain = processes.command(leader)
    processes.stop(leader)
    processes.start(leader, plain, environment)
    for other in (name for name in network.node_hosts if name != leader):
        processes.stop(other)
    try:
        run.wait_leads(leader)
        for seconds in ("+3600", "-3600", "+0"):
            offset.write_text(seconds + "\n")
            time.sleep(LASTS_S)
    finally:
        for other in (name for name in network.node_hosts if name != leader):
            processes.restart(other)
        run.wait_peers(leader)
        processes.stop(leader)
        processes.start(leader, plain)


ROWS = (
    Row(name="leader_killed", fault=leader_killed, expects=AT_HOME),
    Row(name="leader_stopped_5_s", fault=leader_stopped_5_s, expects=AT_HOME),
    Row(name="leader_restarted", fault=leader_restarted, expects=AT_HOME),
    Row(name="leader_cut_from_all", fault=leader_cut_from_all, expects=AT_HOME),
    Row(name="leader_cut_from_etcd", fault=leader_cut_from_etcd, expects=AT_HOME),
    Row(
        name="leader_cut_from_half_of_the_sites",
        fault=leader_cut_from_half_of_the_sites,
        expects="the sites cut off act alone, the others move calls as before",
    ),
    Row(name="leader_hears_nothing", fault=leader_hears_nothing, expects=AT_HOME),
    Row(name="leader_says_nothing", fault=leader_says_nothing, expects=AT_HOME),
    Row(name="two_nodes_at_once", fault=two_nodes_at_once, expects=AT_HOME),
    Row(name="all_nodes", fault=all_nodes, expects=ALONE),
    Row(
        name="leader_starved",
        fault=leader_starved,
        expects="it leads on slowly, or another does; the alarm `node_slow`",
        calls_count=60,
    ),
    Row(
        name="leaders_clock_jumps",
        fault=leaders_clock_jumps,
        expects="nothing: no decision and no lease looks at wall time",
        calls_count=100,
    ),
)
