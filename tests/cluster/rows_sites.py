"""Rows of the fault matrix: what is done to site agents, their edges and their agents' phones.

Rule of this file: a process is killed when its site's history says that the moment is there, not
after a time; what it cut is noted, so that it is counted as its own class.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.cluster.row_run import ALONE, LASTS_S, Row, RowRun
from tests.cluster.storm import reconnect_storm
from tests.helpers.lab_network import OUTSIDE

MOMENT_S_MAX = 20.0
LOOK_S = 0.002
AWAY_S = 1.0
HANG_UP_S = 0.05
Moment = Callable[[Mapping[str, Any]], bool]


class Tail:
    """New lines of a site's history."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = path.stat().st_size if path.exists() else 0
        self._left = b""

    def lines(self) -> list[dict[str, Any]]:
        """Those that were finished since the last look."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._at)
            data = file.read()
        self._at += len(data)
        *whole, self._left = (self._left + data).split(b"\n")
        return [json.loads(line) for line in whole if line.strip()]


def wait_line(run: RowRun, sites: list[str], is_it: Moment) -> str:
    """The site whose history first says it. Raises TimeoutError."""
    tails = [(site, Tail(path)) for site in sites for path in run.network.histories_of(site)]
    until = time.monotonic() + MOMENT_S_MAX
    while time.monotonic() < until:
        for site, tail in tails:
            if any(is_it(line) for line in tail.lines()):
                return site
        time.sleep(LOOK_S)
    raise TimeoutError(f"no call came that far within {MOMENT_S_MAX:.0f} s")


def _kind(kind: str, **wanted: str) -> Moment:
    return lambda line: (
        line.get("kind") == kind and all(line.get(name) == value for name, value in wanted.items())
    )


def kill_site(run: RowRun, site: str) -> None:
    """A site agent dies with its calls, and is started again."""
    killed_at_s = run.now_s()
    run.network.processes.kill(site)
    time.sleep(AWAY_S)
    run.network.processes.restart(site)
    run.network.cuts.append((site, killed_at_s, run.now_s()))


def site_agent_killed(run: RowRun) -> None:
    """The busiest site's process dies with its calls, and is started again."""
    kill_site(run, run.network.site_hosts[0])


def target_site_killed(run: RowRun) -> None:
    """The process of the site that helps most dies, and is started again."""
    kill_site(run, run.network.site_hosts[1])


def target_killed_before_reserving(run: RowRun) -> None:
    """A caller was offered at the busiest site and NIRC is asked: the helper dies just then."""
    origin, target = run.network.site_hosts[:2]
    wait_line(run, [origin], _kind("call_offered"))
    time.sleep(run.network.layout.shape.ask_after_s)
    kill_site(run, target)


def target_killed_after_reserving(run: RowRun) -> None:
    """Whoever grants a reservation dies at once."""
    kill_site(run, wait_line(run, run.network.site_hosts[1:], _kind("hold")))


def origin_killed_before_reserving(run: RowRun) -> None:
    """The busiest site dies while its request is under way."""
    origin = run.network.site_hosts[0]
    wait_line(run, [origin], _kind("call_offered"))
    time.sleep(run.network.layout.shape.ask_after_s)
    kill_site(run, origin)


def origin_killed_after_reserving(run: RowRun) -> None:
    """A hold was granted for the busiest site's caller: it dies as it hears so."""
    origin, *others = run.network.site_hosts
    wait_line(run, others, _kind("hold", origin=origin))
    kill_site(run, origin)


def origin_killed_during_a_move(run: RowRun) -> None:
    """It has begun to move a caller."""
    origin = run.network.site_hosts[0]
    wait_line(run, [origin], _kind("move_started"))
    kill_site(run, origin)


def target_killed_during_a_move(run: RowRun) -> None:
    """A moved caller's INVITE was accepted."""
    others = run.network.site_hosts[1:]
    kill_site(run, wait_line(run, others, _kind("call_arriving", verdict="accepted")))


def site_agent_restarted(run: RowRun) -> None:
    """SIGTERM and a start: what an upgrade of one site does."""
    site, stopped_at_s = run.network.site_hosts[1], run.now_s()
    run.network.processes.stop(site)
    run.network.processes.restart(site)
    run.network.cuts.append((site, stopped_at_s, run.now_s()))


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


def trunk_down(run: RowRun) -> None:
    """Nothing passes between a site and the world outside, while its link to the nodes is well."""
    site = run.network.site_hosts[1]
    run.paths.cut(run.paths.between([site], [OUTSIDE]))
    time.sleep(2 * LASTS_S)


def edge_dead(run: RowRun) -> None:
    """No trunk group of a site hears anything; its agents' phones and its link are well."""
    site = run.network.layout.sites[1]
    ports = [*(trunk.port for trunk in site.trunks), site.network_port]
    run.paths.deafen(site.name, ports, "udp")
    time.sleep(2 * LASTS_S)


def agents_leave_at_once(run: RowRun) -> None:
    """Every phone of the site that helps most is silent for a while."""
    _phones(run, behaviour="silent")


def agents_hang_up_at_once(run: RowRun) -> None:
    """Whoever answers at the site that helps most hangs up at once: it looks best to everybody."""
    _phones(run, behaviour="answer", talk_s=HANG_UP_S)


def _phones(run: RowRun, *, behaviour: str, talk_s: float | None = None) -> None:
    network, site = run.network, run.network.layout.sites[1]
    for agent in site.agents:
        network.set_agent(site.name, agent, behaviour=behaviour, talk_s=talk_s)
    time.sleep(2 * LASTS_S)
    for agent in site.agents:
        network.set_agent(site.name, agent)


CUT_WITH_IT = "its callers are cut with the process; nobody else is"
BACK_HOME = "its callers are cut with the process; callers on the way to it stay at home"

ROWS = (
    Row(name="site_agent_killed", fault=site_agent_killed, expects=CUT_WITH_IT),
    Row(name="target_site_killed", fault=target_site_killed, expects=BACK_HOME),
    Row(
        name="target_killed_before_reserving",
        fault=target_killed_before_reserving,
        expects=BACK_HOME,
    ),
    Row(
        name="target_killed_after_reserving",
        fault=target_killed_after_reserving,
        expects=BACK_HOME,
    ),
    Row(
        name="target_killed_during_a_move",
        fault=target_killed_during_a_move,
        expects=BACK_HOME,
    ),
    Row(
        name="origin_killed_before_reserving",
        fault=origin_killed_before_reserving,
        expects=CUT_WITH_IT,
    ),
    Row(
        name="origin_killed_after_reserving",
        fault=origin_killed_after_reserving,
        expects="its callers are cut with the process; what was held for them lapses by itself",
    ),
    Row(
        name="origin_killed_during_a_move",
        fault=origin_killed_during_a_move,
        expects="the journal finishes what it began: who had left is at the target, nobody twice",
    ),
    Row(name="site_agent_restarted", fault=site_agent_restarted, expects=CUT_WITH_IT),
    Row(
        name="reconnect_storm",
        fault=reconnect_storm,
        expects="500 sites beside the lab's are linked again; nobody's calls wait for that",
        calls_count=100,
    ),
    Row(name="site_cut_from_the_nodes", fault=site_cut_from_the_nodes, expects=ALONE),
    Row(
        name="sites_cut_from_one_another",
        fault=sites_cut_from_one_another,
        expects="moves fail and the callers are back in their places",
    ),
    Row(
        name="trunk_down",
        fault=trunk_down,
        expects="callers of that trunk hear nothing of the site; moves to it fail and stay",
    ),
    Row(
        name="edge_dead",
        fault=edge_dead,
        expects="the site's own callers do not come in; moves to it fail and stay",
    ),
    Row(
        name="agents_leave_at_once",
        fault=agents_leave_at_once,
        expects="rung in vain once, then the next agent, here or elsewhere",
    ),
    Row(
        name="agents_hang_up_at_once",
        fault=agents_hang_up_at_once,
        expects="a few callers are cut short; then the network sends nobody there but probes",
        calls_count=60,
    ),
)
