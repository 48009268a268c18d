"""The fault matrix: what is done to nodes, etcd, the store, links and sites, row by row.

Rule of this file: a fault ends what it began; what people see is said beside it, and judged by the
same checkers for every row.
"""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable

from nirc.demo.json_http import HttpFailed
from tests.cluster.machine_faults import faked_clock, slow_disk, starved
from tests.cluster.row_run import Row, RowRun
from tests.helpers.lab_network import OUTSIDE, STORE
from tests.helpers.lab_paths import Weather

LASTS_S = 4.0
"How long a cut or a weather lasts."


# ---- the leader


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


# ---- etcd


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
    time.sleep(3 * LASTS_S)
    for name in names:
        run.network.processes.restart(name)


# ---- the store of attached data


def store_down(run: RowRun) -> None:
    """Killed, then started empty: data that was only there is absent with a reason."""
    run.network.processes.kill("valkey")
    time.sleep(LASTS_S)
    run.network.processes.restart("valkey")


def store_stopped(run: RowRun) -> None:
    """It stands still with its connections open."""
    run.network.processes.signal("valkey", signal.SIGSTOP)
    time.sleep(LASTS_S)
    run.network.processes.signal("valkey", signal.SIGCONT)


def store_slow(run: RowRun) -> None:
    """A second and more for each word."""
    pairs = run.paths.between([STORE], run.network.node_hosts)
    run.paths.shape(pairs, Weather(delay_ms=600.0))
    time.sleep(2 * LASTS_S)


# ---- site agents and their links


def site_agent_killed(run: RowRun) -> None:
    """The busiest site's process dies with its calls, and is started again."""
    _kill_site(run, run.network.site_hosts[0])


def target_site_killed(run: RowRun) -> None:
    """The process of the site that helps most dies, and is started again."""
    _kill_site(run, run.network.site_hosts[1])


def _kill_site(run: RowRun, site: str) -> None:
    killed_at_s = run.now_s()
    run.network.processes.kill(site)
    time.sleep(1.0)
    run.network.processes.restart(site)
    run.network.cuts.append((site, killed_at_s, run.now_s()))


def site_cut_from_the_nodes(run: RowRun) -> None:
    """A site that no node hears: it acts alone, and gets no calls."""
    site = run.network.site_hosts[0]
    run.paths.cut(run.paths.between([site], run.network.node_hosts))
    time.sleep(2 * LASTS_S)


def sites_cut_from_one_another(run: RowRun) -> None:
    """The nodes hear both sites, SIP between them does not pass: moves fail, nobody is lost."""
    sites = run.network.site_hosts
    run.paths.cut(run.paths.between(sites[:1], sites[1:]))
    time.sleep(2 * LASTS_S)


# ---- weather


def _weather(weather: Weather) -> Callable[[RowRun], None]:
    def fault(run: RowRun) -> None:
        pairs = run.paths.between(run.network.site_hosts, run.network.node_hosts)
        run.paths.shape(pairs, weather)
        time.sleep(3 * LASTS_S)

    return fault


def signalling_loss(run: RowRun) -> None:
    """A fifth of the SIP datagrams between sites and the world is lost."""
    pairs = run.paths.between(run.network.site_hosts, [OUTSIDE])
    run.paths.shape(pairs, Weather(loss=0.2))
    time.sleep(2 * LASTS_S)


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


# ---- the machines


def leader_starved(run: RowRun) -> None:
    """A twentieth of a core for eight seconds: it may lead on slowly, or lose the lease."""
    pid = run.network.processes.pid(run.leader())
    with starved(pid, 0.05):
        time.sleep(2 * LASTS_S)


def etcd_slow_disk(run: RowRun) -> None:
    """Every write of every member waits half a second more: no call waits for etcd."""
    processes = run.network.processes
    pids = [processes.pid(member.name) for member in run.network.layout.etcd]
    with slow_disk(pids, 500.0):
        time.sleep(3 * LASTS_S)


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


# ---- sites and people


def trunk_down(run: RowRun) -> None:
    """Nothing passes between a site and the world outside, while its link to the nodes is well."""
    site = run.network.site_hosts[1]
    run.paths.cut(run.paths.between([site], [OUTSIDE]))
    time.sleep(2 * LASTS_S)


def agents_leave_at_once(run: RowRun) -> None:
    """Every phone of the site that helps most is silent for a while."""
    network = run.network
    site = network.layout.sites[1]
    for agent in site.agents:
        network.set_agent(site.name, agent, behaviour="silent")
    time.sleep(2 * LASTS_S)
    for agent in site.agents:
        network.set_agent(site.name, agent)


def broken_policy_put(run: RowRun) -> None:
    """A policy that is wrong is sent to the leader: refused, and every call goes by the old one."""
    admin = run.network.admin(run.leader())
    text = "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: default}\nspec: {rules: 7}\n"
    try:
        admin.put_documents({"RoutingPolicy/default": text})
    except HttpFailed as error:
        if not 400 <= error.status < 500:
            raise
    else:
        run.complaints.append("a broken policy was taken")
    time.sleep(LASTS_S)


def documents_put_under_load(run: RowRun) -> None:
    """The whole set of documents is written again and again while calls move."""
    for _ in range(5):
        run.network.put_documents()
        time.sleep(1.0)


def nodes_restarted_in_turn(run: RowRun) -> None:
    """What an upgrade does: each node is stopped and started, the next when it is back."""
    processes = run.network.processes
    for name in run.network.node_hosts:
        processes.stop(name)
        processes.restart(name)
        run.wait_peers(name)


AT_HOME = "callers wait at home as long as nobody leads; afterwards they move as before"
ALONE = "every site serves its own callers; moves come back by themselves"
MOVED = "moves go on; the alarm names what is away"

ROWS: dict[str, Row] = {
    row.name: row
    for row in (
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
        Row(name="etcd_member_killed", fault=etcd_member_killed, expects=MOVED),
        Row(name="etcd_of_the_leader_killed", fault=etcd_of_the_leader_killed, expects=MOVED),
        Row(name="etcd_quorum_lost", fault=etcd_quorum_lost, expects=ALONE, calls_count=60),
        Row(name="etcd_wiped", fault=etcd_wiped, expects=ALONE, calls_count=60),
        Row(name="store_down", fault=store_down, expects=MOVED),
        Row(name="store_stopped", fault=store_stopped, expects=MOVED),
        Row(name="store_slow", fault=store_slow, expects=MOVED),
        Row(
            name="site_agent_killed",
            fault=site_agent_killed,
            expects="its callers are cut with the process; nobody else is",
        ),
        Row(
            name="target_site_killed",
            fault=target_site_killed,
            expects="its callers are cut with the process; callers on the way to it stay at home",
        ),
        Row(name="site_cut_from_the_nodes", fault=site_cut_from_the_nodes, expects=ALONE),
        Row(
            name="sites_cut_from_one_another",
            fault=sites_cut_from_one_another,
            expects="moves fail and the callers are back in their places",
        ),
        Row(
            name="links_250_ms",
            fault=_weather(Weather(delay_ms=250.0)),
            expects=MOVED,
            calls_count=50,
        ),
        Row(
            name="links_jitter_100_ms",
            fault=_weather(Weather(delay_ms=120.0, jitter_ms=100.0)),
            expects=MOVED,
            calls_count=50,
        ),
        Row(
            name="links_loss_20_percent",
            fault=_weather(Weather(loss=0.2)),
            expects=MOVED,
            calls_count=50,
        ),
        Row(
            name="links_reordered",
            fault=_weather(Weather(delay_ms=30.0, reorder=0.3)),
            expects=MOVED,
            calls_count=50,
        ),
        Row(name="leader_starved", fault=leader_starved, expects=AT_HOME),
        Row(
            name="leaders_clock_jumps",
            fault=leaders_clock_jumps,
            expects="nothing: no decision and no lease looks at wall time",
            calls_count=100,
        ),
        Row(name="etcd_slow_disk", fault=etcd_slow_disk, expects=MOVED, calls_count=60),
        Row(
            name="trunk_down",
            fault=trunk_down,
            expects="callers of that trunk hear nothing of the site; moves to it fail and stay",
        ),
        Row(
            name="agents_leave_at_once",
            fault=agents_leave_at_once,
            expects="rung in vain once, then the next agent, here or elsewhere",
        ),
        Row(name="broken_policy_put", fault=broken_policy_put, expects="nothing"),
        Row(name="documents_put_under_load", fault=documents_put_under_load, expects="nothing"),
        Row(
            name="nodes_restarted_in_turn",
            fault=nodes_restarted_in_turn,
            expects="moves pause for less than a second at the leader's turn",
            calls_count=60,
        ),
        Row(name="signalling_loss", fault=signalling_loss, expects="a moment longer, nobody lost"),
    )
}
