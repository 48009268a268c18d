"""Rows of the fault matrix: a site with two site agents on two hosts, one of which is lost.

Rule of this file: who serves is read from the histories of both, and from what leaves the site's
address on each host's wire. Two that act at once are a complaint, whatever came of it.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator

from nirc.demo.json_http import HttpFailed
from nirc.demo.layout import SiteMember
from nirc.demo.site_files import history_path, pair_folder
from simulator.checkers.restarts import STARTED
from simulator.history import HistoryError, Line, read_history
from tests.cluster.row_run import LASTS_S, LEADER_S_MAX, Row, RowRun, waited_s
from tests.helpers.lab_network import PAIR_SHAPE
from tests.helpers.lab_pair import disk_away

ACTIVE, STANDBY = "active", "standby"
GOES_ON = "whoever talks or waits goes on with the standby after the lease's time"


def roles(run: RowRun, site: str) -> dict[str, SiteMember]:
    """Who is what, by their own words; who does not answer is left out."""
    found = {}
    for member in run.network.layout.site(site).members:
        with contextlib.suppress(HttpFailed):
            found[str(run.network.member_status(site, member)["pair"]["role"])] = member
    return found


def wait_whole(run: RowRun, site: str) -> tuple[SiteMember, SiteMember]:
    """Wait until one serves and the other stands by. Raises TimeoutError."""
    if waited_s(lambda: roles(run, site).keys() == {ACTIVE, STANDBY}, LEADER_S_MAX) is None:
        raise TimeoutError(f"the pair of {site} is not whole after {LEADER_S_MAX:.0f} s")
    found = roles(run, site)
    return found[ACTIVE], found[STANDBY]


@contextlib.contextmanager
def followed(run: RowRun) -> Iterator[tuple[str, SiteMember, SiteMember]]:
    """The pair's site, who serves and who stands by; in the end all that both did is judged."""
    site = run.network.site_hosts[0]
    active, standby = wait_whole(run, site)
    sent = run.network.floating[site].sent[active.process]
    if waited_s(lambda: sent.count > 0, LEADER_S_MAX) is None:
        raise TimeoutError(f"{active.process} has sent nothing in {LEADER_S_MAX:.0f} s")
    begun_s = run.now_s()
    yield site, active, standby
    wait_whole(run, site)
    if began_s(run, site, standby.process, begun_s) is not None:
        run.network.cuts.append((site, begun_s, run.now_s()))
    run.complaints += never_two(histories(run, site), begun_s)


def histories(run: RowRun, site: str) -> dict[str, list[Line]]:
    """What each of both wrote."""
    folder = run.network.folder / site
    members = run.network.layout.site(site).members
    paths = {member.process: history_path(folder, member) for member in members}
    found = {}
    for name, path in paths.items():
        with contextlib.suppress(HistoryError):  # not there, or nothing in it yet
            found[name] = read_history([path])
    return found


def never_two(told: dict[str, list[Line]], from_s: float) -> list[str]:
    """Whoever writes after the other has begun acts although the other does."""
    lines = sorted(
        ((line, name) for name, found in told.items() for line in found),
        key=lambda one: one[0].at_s,
    )
    serves, complaints = "", []
    for line, name in lines:
        if line.kind == STARTED:
            serves = name
        elif name != serves and line.at_s >= from_s:
            complaints.append(f"pair: {line.at_s:.3f} {name} wrote {line.kind}, {serves} serves")
    return complaints


def began_s(run: RowRun, site: str, process: str, from_s: float) -> float | None:
    """When a site agent began to serve, by its history."""
    lines = histories(run, site).get(process, [])
    begins = [line.at_s for line in lines if line.kind == STARTED and line.at_s >= from_s]
    return begins[0] if begins else None


def note_taken_over(run: RowRun, site: str, process: str, from_s: float) -> float:
    """Wait until this one serves; its beginning, noted. Raises TimeoutError."""
    if waited_s(lambda: began_s(run, site, process, from_s) is not None, LEADER_S_MAX) is None:
        raise TimeoutError(f"{process} did not take {site} over")
    at_s = began_s(run, site, process, from_s)
    assert at_s is not None, "it was there just now"
    run.figures["pair_s"] = round(at_s - from_s, 3)
    return at_s


def pair_active_killed(run: RowRun) -> None:
    """Who serves is killed; the other, on its host, waits for the lease's time and goes on."""
    with followed(run) as (site, active, standby):
        killed_s = run.now_s()
        run.network.processes.kill(active.process)
        note_taken_over(run, site, standby.process, killed_s)
        time.sleep(LASTS_S)
        run.network.processes.restart(active.process)


def pair_host_cut_off(run: RowRun) -> None:
    """The host of who serves has no network and no disk, and goes on: it must stop by itself."""
    network = run.network
    with followed(run) as (site, active, standby):
        folder, host = pair_folder(network.folder / site), network.hosts
        cut_s = run.now_s()
        with disk_away(network.processes.pid(active.process), folder):
            host.plug(active.process, plugged=False)
            try:
                took_s = note_taken_over(run, site, standby.process, cut_s)
                time.sleep(LASTS_S)
                _note_silence(run, site, active, cut_s, took_s)
            finally:
                host.plug(active.process, plugged=True)


def pair_active_hung(run: RowRun) -> None:
    """Who serves stands still until the other has begun, then goes on: it may do nothing more."""
    with followed(run) as (site, active, standby):
        processes, hung_s = run.network.processes, run.now_s()
        processes.signal(active.process, signal.SIGSTOP)
        took_s = note_taken_over(run, site, standby.process, hung_s)
        time.sleep(LASTS_S)
        processes.signal(active.process, signal.SIGCONT)
        time.sleep(LASTS_S)
        _note_silence(run, site, active, hung_s, took_s)


def pair_host_cut_off_but_for_its_disk(run: RowRun) -> None:
    """The lease lies on the disk: who is cut off keeps it, and nobody else serves meanwhile."""
    with followed(run) as (site, active, standby):
        cut_s = run.now_s()
        run.network.hosts.plug(active.process, plugged=False)
        try:
            time.sleep(2 * LASTS_S)
        finally:
            run.network.hosts.plug(active.process, plugged=True)
        if began_s(run, site, standby.process, cut_s) is not None:
            run.complaints.append(f"pair: {standby.process} began although the lease was renewed")


def _note_silence(run: RowRun, site: str, old: SiteMember, cut_s: float, took_s: float) -> None:
    """The old one's last datagram left before the new one began."""
    sent = run.network.floating[site].sent[old.process]
    run.figures["acted_on_s"] = round(sent.last_s - cut_s, 3)
    run.figures["silent_before_s"] = round(took_s - sent.last_s, 3)
    if not sent.count or sent.last_s > took_s:
        run.complaints.append(
            f"pair: {old.process} sent {sent.count} datagrams, the last {sent.last_s:.3f};"
            f" the other began {took_s:.3f}"
        )
    status = run.network.member_status(site, old)
    if status["pair"]["role"] != STANDBY:
        run.complaints.append(f"pair: {old.process} is {status['pair']['role']} while cut off")


ROWS = (
    Row(
        name="pair_active_killed",
        fault=pair_active_killed,
        expects=GOES_ON,
        shape=PAIR_SHAPE,
        calls_count=60,
    ),
    Row(
        name="pair_host_cut_off",
        fault=pair_host_cut_off,
        expects=GOES_ON + "; the one cut off has stopped before",
        shape=PAIR_SHAPE,
        calls_count=60,
    ),
    Row(
        name="pair_active_hung",
        fault=pair_active_hung,
        expects=GOES_ON + "; the one that hung does nothing when it goes on",
        shape=PAIR_SHAPE,
        calls_count=60,
    ),
    Row(
        name="pair_host_cut_off_but_for_its_disk",
        fault=pair_host_cut_off_but_for_its_disk,
        expects="callers of that site hear nothing new until it is back; nobody else serves",
        shape=PAIR_SHAPE,
        calls_count=60,
    ),
)
