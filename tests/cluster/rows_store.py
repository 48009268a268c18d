"""Rows of the fault matrix: what is done to the store of attached data.

Rule of this file: a fault ends what it began.
"""

from __future__ import annotations

import signal
import time

from tests.cluster.row_run import LASTS_S, MOVED, Row, RowRun
from tests.helpers.lab_network import STORE
from tests.helpers.lab_paths import Weather


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


def store_restarted_empty(run: RowRun) -> None:
    """It is away for an instant, and has forgotten everything."""
    for _ in range(3):
        run.network.processes.kill("valkey")
        run.network.processes.restart("valkey")
        time.sleep(LASTS_S / 2)


ROWS = (
    Row(name="store_down", fault=store_down, expects=MOVED),
    Row(name="store_stopped", fault=store_stopped, expects=MOVED),
    Row(name="store_slow", fault=store_slow, expects=MOVED),
    Row(
        name="store_restarted_empty",
        fault=store_restarted_empty,
        expects="agents hear that data of a call is absent, and why; calls move as before",
    ),
)
