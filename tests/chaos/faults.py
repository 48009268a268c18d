"""The faults a chaos run does to a network of processes, and their order from a seed.

Rule of this file: a fault ends what it began (what was stopped goes on, what was killed stands
again), so that after the last one the network is whole.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cuts import WiredNetwork

from nirc.demo import json_http
from nirc.demo.node_admin import NodeAdmin
from nirc.demo.store_programs import valkey_socket
from nrcli.wire.api_models import API

LEADER_S_MAX = 20.0


@dataclass(slots=True)
class Chaos:
    """A network under fault, and what was done to it. Instants are boot time."""

    network: WiredNetwork
    chance: random.Random
    now_s: Callable[[], float]
    together: bool = False
    "Other faults are done at the same time: there need not be a leader."
    done: list[str] = field(default_factory=list)
    broken: list[tuple[str, float, float]] = field(default_factory=list)
    "What was done, from when to when."
    without_nodes: list[tuple[float, float]] = field(default_factory=list)
    "From when to when no node stood."
    cuts: list[tuple[str, float, float]] = field(default_factory=list)
    "Site agents that were killed: which, when, and when it stood again."

    def do(self, name: str) -> None:
        """Do one fault, and write it down."""
        begun_s, broken_s = time.monotonic(), self.now_s()
        try:
            detail = FAULTS[name](self)
        except NoLeader as error:
            if not self.together:
                raise
            detail = f"({error})"
        self.broken.append((name, broken_s, self.now_s()))
        self.done.append(f"{name}{f' {detail}' if detail else ''} {time.monotonic() - begun_s:.1f}")

    def leader(self) -> str:
        """The node that leads; waits for one."""
        until = time.monotonic() + LEADER_S_MAX
        while time.monotonic() < until:
            leader = self.network.leader()
            if leader:
                return leader
            time.sleep(0.05)
        raise NoLeader(f"no node led for {LEADER_S_MAX:.0f} s")

    def follower(self) -> str:
        """Any node that does not lead."""
        leader = self.leader()
        others = [one.name for one in self.network.layout.nodes if one.name != leader]
        return self.chance.choice(others)

    def rest(self, least_s: float, most_s: float) -> None:
        """Let the fault last."""
        time.sleep(self.chance.uniform(least_s, most_s))

    @contextlib.contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """SIGSTOP now, SIGCONT afterwards."""
        self.network.processes.signal(name, signal.SIGSTOP)
        try:
            yield
        finally:
            self.network.processes.signal(name, signal.SIGCONT)


class NoLeader(Exception):
    """Nobody leads for too long."""


def _kill_node(chaos: Chaos, name: str) -> str:
    chaos.network.processes.kill(name)
    chaos.rest(0.2, 3.0)
    chaos.network.processes.restart(name)
    return name


def _hang(chaos: Chaos, name: str, least_s: float, most_s: float) -> str:
    with chaos.stopped(name):
        chaos.rest(least_s, most_s)
    return name


def _stop_all_nodes(chaos: Chaos) -> str:
    processes = chaos.network.processes
    names = [one.name for one in chaos.network.layout.nodes]
    with_kill = chaos.chance.random() < 0.5
    if with_kill:
        for name in names:
            processes.kill(name)
    else:
        processes.stop(*names)
    gone_at_s = chaos.now_s()
    chaos.rest(2.0, 6.0)
    chaos.without_nodes.append((gone_at_s, chaos.now_s()))
    for name in names:
        processes.restart(name)
    return "kill" if with_kill else "term"


def _kill_valkey(chaos: Chaos) -> str:
    chaos.network.processes.kill("valkey")
    chaos.rest(0.2, 2.5)
    valkey_socket(chaos.network.folder / "stores").unlink(missing_ok=True)
    chaos.network.processes.restart("valkey")
    return ""


def _kill_etcd(chaos: Chaos) -> str:
    name = chaos.chance.choice(chaos.network.layout.etcd).name
    chaos.network.processes.kill(name)
    chaos.rest(0.2, 3.0)
    chaos.network.processes.restart(name)
    return ""


def _drain_leader(chaos: Chaos) -> str:
    leader = chaos.leader()
    admin: NodeAdmin = chaos.network.admin(leader)
    json_http.send("POST", admin.address, f"{API}/drain", None, json_http.bearer(admin.token_file))
    until = time.monotonic() + LEADER_S_MAX
    while chaos.network.leader() in (leader, None):
        if time.monotonic() > until:
            raise NoLeader(f"nobody followed {leader}, which was drained")
        time.sleep(0.02)
    chaos.rest(0.2, 1.0)
    chaos.network.processes.stop(leader)
    chaos.network.processes.restart(leader)
    return leader


def _hang_all_nodes(chaos: Chaos) -> str:
    with contextlib.ExitStack() as stack:
        for node in chaos.network.layout.nodes:
            stack.enter_context(chaos.stopped(node.name))
        chaos.rest(0.5, 6.0)
    return ""


def _hang_leader_kill_next(chaos: Chaos) -> str:
    hung = chaos.leader()
    with chaos.stopped(hung):
        until = time.monotonic() + LEADER_S_MAX
        others = [one.name for one in chaos.network.layout.nodes if one.name != hung]
        following = ""
        while not following:
            if time.monotonic() > until:
                raise NoLeader(f"nobody followed {hung}, which hangs")
            following = next((one for one in others if _leads(chaos, one)), "")
            time.sleep(0.02)
        chaos.network.processes.kill(following)
        chaos.rest(0.0, 0.5)
    chaos.rest(0.1, 1.0)
    chaos.network.processes.restart(following)
    return f"{hung} {following}"


def _leads(chaos: Chaos, node: str) -> bool:
    with contextlib.suppress(json_http.HttpFailed):
        return chaos.network.admin(node).leads()
    return False


def _kill_leader_while_etcd_hangs(chaos: Chaos) -> str:
    leader = chaos.leader()
    with chaos.stopped(chaos.network.layout.etcd[0].name):
        chaos.rest(0.0, 2.5)
        chaos.network.processes.kill(leader)
        chaos.rest(0.2, 2.0)
    chaos.network.processes.restart(leader)
    return leader


def _wipe_etcd(chaos: Chaos) -> str:
    """An operator starts etcd with an empty folder, and puts the documents again."""
    network = chaos.network
    name = network.layout.etcd[0].name
    network.processes.kill(name)
    shutil.rmtree(network.folder / "stores" / name)
    chaos.rest(0.2, 1.0)
    network.processes.restart(name)
    network.put_documents()
    return ""


def _cut(chaos: Chaos, least_s: float, most_s: float) -> str:
    """The wires of one site, or to one node, or any, in one direction or in both, carry nothing."""
    wires = chaos.network.wires
    assert wires is not None
    chance = chaos.chance
    site, node = chance.choice(list(wires.wires))
    by = chance.choice(("site", "node", "some"))
    pairs = [
        pair
        for pair in wires.wires
        if (by == "site" and pair[0] == site)
        or (by == "node" and pair[1] == node)
        or (by == "some" and chance.random() < 0.5)
    ]
    ways = chance.choice((("up",), ("down",), ("up", "down")))
    wires.set(pairs, ways, whole=False)
    try:
        chaos.rest(least_s, most_s)
    finally:
        wires.set(pairs, ways, whole=True)
    return f"{by} {site if by == 'site' else node if by == 'node' else len(pairs)} {'+'.join(ways)}"


def _agents_misbehave(chaos: Chaos) -> str:
    """Some agents let it ring, or refuse, for a while."""
    places = [(site.name, agent) for site in chaos.network.layout.sites for agent in site.agents]
    chosen = chaos.chance.sample(places, 4)
    for site, agent in chosen:
        order = {"behaviour": chaos.chance.choice(("silent", "refuse"))}
        chaos.network.phones_order("PUT", f"/agents/{site}/{agent}", order)
    chaos.rest(1.0, 5.0)
    for site, agent in chosen:
        order = {"behaviour": "answer"}
        chaos.network.phones_order("PUT", f"/agents/{site}/{agent}", order)
    return ""


def _kill_site(chaos: Chaos) -> str:
    site = chaos.chance.choice(chaos.network.layout.sites).name
    chaos.network.processes.kill(site)
    killed_at_s = chaos.now_s()
    chaos.rest(0.2, 2.0)
    chaos.network.processes.restart(site)
    chaos.cuts.append((site, killed_at_s, chaos.now_s()))
    return site


FAULTS: dict[str, Callable[[Chaos], str]] = {
    "kill_leader": lambda chaos: _kill_node(chaos, chaos.leader()),
    "kill_follower": lambda chaos: _kill_node(chaos, chaos.follower()),
    "hang_leader": lambda chaos: _hang(chaos, chaos.leader(), 3.0, 6.0),
    "hang_follower": lambda chaos: _hang(chaos, chaos.follower(), 1.0, 4.0),
    "stop_all_nodes": _stop_all_nodes,
    "kill_valkey": _kill_valkey,
    "hang_valkey": lambda chaos: _hang(chaos, "valkey", 0.5, 3.0),
    "kill_etcd": _kill_etcd,
    "hang_etcd": lambda chaos: _hang(
        chaos, chaos.chance.choice(chaos.network.layout.etcd).name, 0.3, 5.0
    ),
    "drain_leader": _drain_leader,
    "hang_site": lambda chaos: _hang(
        chaos, chaos.chance.choice(chaos.network.layout.sites).name, 0.2, 2.0
    ),
    "hang_site_long": lambda chaos: _hang(
        chaos, chaos.chance.choice(chaos.network.layout.sites).name, 4.0, 14.0
    ),
    "hang_leader_to_its_limit": lambda chaos: _hang(chaos, chaos.leader(), 1.4, 2.4),
    "hang_all_nodes": _hang_all_nodes,
    "hang_leader_kill_next": _hang_leader_kill_next,
    "kill_leader_while_etcd_hangs": _kill_leader_while_etcd_hangs,
    "wipe_etcd": _wipe_etcd,
    "cut_wires_briefly": lambda chaos: _cut(chaos, 0.1, 1.5),
    "cut_wires": lambda chaos: _cut(chaos, 2.0, 9.0),
    "agents_misbehave": _agents_misbehave,
    "kill_site": _kill_site,
}
ROUGH = ("kill_site", "hang_site", "hang_site_long")
GENTLE = tuple(name for name in FAULTS if name not in ROUGH)
"What leaves the sites' own processes alone."
BOTH = "kill_leader_while_etcd_hangs"
STREAMS = (("wires",), ("site", "agents"), ("etcd", "valkey"), ("leader", "follower", "nodes"))
"Faults of different streams touch different processes, and may be done at the same time."


def streams_of(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The faults by what they touch."""
    found = [
        tuple(name for name in names if name != BOTH and any(word in name for word in words))
        for words in STREAMS
    ]
    return [names for names in found if names]


def order_of_faults(chance: random.Random, names: tuple[str, ...]) -> Iterator[str]:
    """Without end: every fault once in each round, in an order of chance."""
    while True:
        yield from chance.sample(names, len(names))
