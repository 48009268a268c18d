"""One row of the fault matrix: callers ring, a fault comes and goes, all is judged afterwards.

Rule of this file: a row is good if no caller was lost or in two places, every checker is content,
all sites are back, and nothing is left. Times are reported, and complained of only beyond ten
times their goal. What was broken stands in the network's own history of faults, beside the sites'
histories: a network serves several rows, and all its calls so far are judged with all its faults.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nirc.demo import json_http, observe
from nirc.demo.json_http import HttpFailed
from nirc.demo.layout import NetworkShape
from nrcli.wire.alarm_models import Alarms
from nrcli.wire.api_models import API
from simulator.checkers.faults_told import SLOW
from simulator.history import read_history
from site_agent.phones.results import Moved
from tests.chaos.verdict import judge
from tests.cluster.callers import Callers
from tests.cluster.machine_faults import NotHere
from tests.helpers.lab_network import SHAPE, LabNetwork
from tests.helpers.lab_paths import Paths

BACK_S_MAX = 50.0
"Ten times the goal for all sites to be back."
OVER_S_MAX = 120.0
QUIET_S_MAX = 60.0
LEADER_S_MAX = 45.0
"Ten times the goal for a new leader after a cut host."
POLL_S = 0.01
LASTS_S = 4.0
"How long a cut or a weather lasts."

AT_HOME = "callers wait at home as long as nobody leads; afterwards they move as before"
ALONE = "every site serves its own callers; moves come back by themselves"
MOVED = "moves go on; the alarm names what is away"


@dataclass(slots=True)
class RowRun:
    """What a fault may use, and what it reports."""

    network: LabNetwork
    paths: Paths
    figures: dict[str, float] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    not_here: str = ""
    "Why this machine can not have the fault."

    def leader(self) -> str:
        """The node that leads; waits for one."""
        until = time.monotonic() + LEADER_S_MAX
        while time.monotonic() < until:
            found = self.network.leader()
            if found:
                return found
            time.sleep(POLL_S)
        raise TimeoutError(f"no node led for {LEADER_S_MAX:.0f} s")

    def followers(self) -> list[str]:
        """The nodes that do not lead."""
        leader = self.leader()
        return [name for name in self.network.node_hosts if name != leader]

    def now_s(self) -> float:
        """The clock of the histories."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def wait_leads(self, node: str) -> None:
        """Wait until this node leads and a site obeys it. Raises TimeoutError."""
        if waited_s(lambda: self._is_obeyed(node), LEADER_S_MAX) is None:
            raise TimeoutError(f"{node} did not lead for {LEADER_S_MAX:.0f} s")

    def wait_peers(self, node: str) -> None:
        """Wait until a node that was started answers and some node leads."""
        if waited_s(lambda: self._is_whole(node), LEADER_S_MAX) is None:
            raise TimeoutError(f"{node} did not come back in {LEADER_S_MAX:.0f} s")

    def _is_whole(self, node: str) -> bool:
        self.network.admin(node).status()
        return self.network.is_linked()

    def alarm_codes(self, node: str) -> set[str]:
        """What stands at a node; nothing if it does not answer."""
        admin = self.network.admin(node)
        try:
            told = json_http.get(admin.address, f"{API}/alarms", json_http.bearer(admin.token_file))
        except HttpFailed:
            return set()
        return {alarm.code for alarm in Alarms.model_validate(told).alarms}

    def note_alarm(self, code: str, within_s: float) -> None:
        """Wait until some node raises an alarm; note how long that took, complain if none does."""
        took_s = waited_s(
            lambda: any(code in self.alarm_codes(node) for node in self.network.node_hosts),
            within_s,
        )
        if took_s is None:
            self.complaints.append(f"no node raised {code} within {within_s:.0f} s")
        else:
            self.figures["alarm_s"] = took_s

    def new_leader_after(self, old: str, break_it: Callable[[], object]) -> str:
        """Break something; note how long until another node leads and a site obeys it."""
        begun_s = time.monotonic()
        break_it()
        others = [name for name in self.network.node_hosts if name != old]
        while time.monotonic() - begun_s < LEADER_S_MAX:
            for name in others:
                if self._is_obeyed(name):
                    self.figures["leader_s"] = round(time.monotonic() - begun_s, 3)
                    return name
            time.sleep(POLL_S)
        self.complaints.append(f"L1: nobody led {LEADER_S_MAX:.0f} s after {old} was gone")
        return old

    def _is_obeyed(self, node: str) -> bool:
        try:
            status = self.network.admin(node).status()
        except HttpFailed:
            return False
        return any(one.leads_here and one.acknowledged_sites for one in status.domains)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fault of the matrix."""

    name: str
    fault: Callable[[RowRun], object]
    expects: str
    "What people see, in words."
    shape: NetworkShape = SHAPE
    "The network that it is done to."
    calls_count: int = 40
    calls_per_s: float = 4.0


def run_row(row: Row, network: LabNetwork, paths: Paths, seed: int) -> dict[str, Any]:
    """One run on a network that is whole; it is whole again afterwards, or the row complains."""
    run = RowRun(network=network, paths=paths)
    callers = Callers(network, f"{row.name}/{seed}", row.calls_count, row.calls_per_s)
    begun_s = time.monotonic()
    callers.start()
    time.sleep(2.0)
    fault = network.faults.begun(row.name, SLOW)
    try:
        row.fault(run)
    except NotHere as error:
        run.not_here = str(error)
    except (TimeoutError, HttpFailed) as error:
        run.complaints.append(f"{type(error).__name__}: {error}")
    finally:
        paths.heal()
        network.faults.ended(fault)
    callers.wait()
    _come_to_rest(run, callers)
    _judge(run, callers)
    return {
        "row": row.name,
        "seed": seed,
        "good": not run.complaints,
        "complaints": run.complaints,
        "not_here": run.not_here,
        "figures": run.figures,
        "took_s": round(time.monotonic() - begun_s, 1),
    }


def _come_to_rest(run: RowRun, callers: Callers) -> None:
    network = run.network
    back_s = waited_s(network.is_linked, BACK_S_MAX)
    _note(run, "back_s", back_s, f"L2: not every site was back {BACK_S_MAX:.0f} s after the fault")
    over_s = waited_s(callers.are_over, OVER_S_MAX)
    if over_s is None and not network.cuts:
        run.complaints.append("calls did not end")
    quiet_s = waited_s(lambda: not _left(network), QUIET_S_MAX)
    _note(run, "quiet_s", quiet_s, "S10: left over after quiet")
    if quiet_s is None:
        run.complaints.append(f"left: {_left(network)}")
    if callers.failed:
        run.complaints.append(f"phones: {callers.failed[0]}")


def _note(run: RowRun, name: str, took_s: float | None, complaint: str) -> None:
    if took_s is None:
        run.complaints.append(complaint)
    else:
        run.figures[name] = took_s


def _judge(run: RowRun, callers: Callers) -> None:
    network = run.network
    lines = read_history([path for path in network.histories() if _has_lines(path)])
    results = callers.results()
    found = judge(lines, results=results, cuts=network.cuts, without_nodes=network.without_nodes)
    run.complaints += found.complaints
    outcomes = found.numbers["outcomes"]
    run.figures |= {f"calls_{name}": float(count) for name, count in sorted(outcomes.items())}
    home = Moved.NO.value
    moved = sum(count for how, count in found.numbers["moved"].items() if how != home)
    run.figures["moved"] = float(moved)


def _has_lines(path: Path) -> bool:
    """A standby that has not served yet has written nothing."""
    return path.exists() and path.stat().st_size > 0


def _left(network: LabNetwork) -> dict[str, int]:
    return observe.left_over(network.site_statuses())


def waited_s(is_so: Callable[[], bool], within_s: float) -> float | None:
    """Seconds until a condition held; None if it did not in time."""
    begun_s = time.monotonic()
    while time.monotonic() - begun_s < within_s:
        try:
            if is_so():
                return round(time.monotonic() - begun_s, 2)
        except HttpFailed:
            pass
        time.sleep(0.1)
    return None
