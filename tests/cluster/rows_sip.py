"""Rows of the fault matrix: what is done to single SIP messages of calls on their way.

Rule of this file: only the messages named are touched, by what they begin with; a fault is over
when it returns, as the run heals all paths.
"""

from __future__ import annotations

import time
from dataclasses import replace

from tests.cluster.row_run import LASTS_S, Row, RowRun
from tests.helpers.lab_network import OUTSIDE
from tests.helpers.lab_paths import Weather

MOVED_IN = "INVITE sip:nirc-"
"How the INVITE of a moved caller begins: by token."
LATE_MS = 1_800.0
"Later than an agent would take to answer, sooner than the path's time."
TOO_LATE_MS = 9_000.0
"After the origin has asked for the token, and was told that it will never be taken."


def _on_moves(run: RowRun, weather: Weather) -> None:
    """To the INVITEs of moved callers, wherever they come from; who returns is left alone."""
    for site in run.network.layout.sites:
        pairs = [(one, site.name) for one in (*run.network.site_hosts, OUTSIDE)]
        run.paths.shape(
            [pair for pair in pairs if pair[0] != site.name],
            replace(weather, match=MOVED_IN, to_port=site.network_port),
        )


def target_refuses(run: RowRun) -> None:
    """Every INVITE with a token is answered 503."""
    _on_moves(run, Weather(refuse=503))
    time.sleep(2 * LASTS_S)


def target_silent(run: RowRun) -> None:
    """No INVITE with a token arrives."""
    _on_moves(run, Weather(loss=1.0))
    time.sleep(2 * LASTS_S)


def target_late(run: RowRun) -> None:
    """Every INVITE with a token arrives late, its repetitions too."""
    _on_moves(run, Weather(delay_ms=LATE_MS, jitter_ms=400.0))
    time.sleep(3 * LASTS_S)


def invite_after_cancel(run: RowRun) -> None:
    """INVITEs with a token arrive when the origin has taken the caller back."""
    _on_moves(run, Weather(delay_ms=TOO_LATE_MS))
    time.sleep(TOO_LATE_MS / 1000 + 2 * LASTS_S)


def invites_doubled(run: RowRun) -> None:
    """Every INVITE, of callers and to agents, arrives twice."""
    _doubled(run, "INVITE ")


def sip_doubled(run: RowRun) -> None:
    """Every SIP message arrives twice."""
    _doubled(run, "")


def _doubled(run: RowRun, match: str) -> None:
    hosts = [*run.network.site_hosts, OUTSIDE]
    run.paths.shape(run.paths.between(hosts, hosts), Weather(match=match, duplicate=1.0))
    time.sleep(3 * LASTS_S)


def notify_lost(run: RowRun) -> None:
    """No NOTIFY of a REFER arrives: what became of it is learnt from the target."""
    pairs = [(OUTSIDE, site) for site in run.network.site_hosts]
    run.paths.shape(pairs, Weather(match="NOTIFY ", loss=1.0))
    time.sleep(3 * LASTS_S)


def targets_agent_never_answers(run: RowRun) -> None:
    """One agent of each site that helps rings for ever: settled where it rang."""
    network = run.network
    chosen = [(site.name, site.agents[0]) for site in network.layout.sites[1:]]
    for site, agent in chosen:
        network.set_agent(site, agent, behaviour="silent")
    time.sleep(3 * LASTS_S)
    for site, agent in chosen:
        network.set_agent(site, agent)


STAYS = "the move fails; the callers are back in their places, with the time waited"

ROWS = (
    Row(name="target_refuses", fault=target_refuses, expects=STAYS),
    Row(name="target_silent", fault=target_silent, expects=STAYS),
    Row(name="target_late", fault=target_late, expects="moves take as much longer", calls_count=50),
    Row(
        name="invite_after_cancel",
        fault=invite_after_cancel,
        expects="the late INVITE is refused: nobody is in two places",
        calls_count=60,
    ),
    Row(name="invites_doubled", fault=invites_doubled, expects="nothing", calls_count=50),
    Row(name="sip_doubled", fault=sip_doubled, expects="nothing", calls_count=50),
    Row(name="notify_lost", fault=notify_lost, expects="nothing", calls_count=50),
    Row(
        name="targets_agent_never_answers",
        fault=targets_agent_never_answers,
        expects="rung in vain once, then another agent of the same site",
        calls_count=50,
    ),
)
