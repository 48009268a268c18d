"""Rows of the fault matrix: the weather between sites, nodes and the world outside.

Rule of this file: the weather is over when a fault returns; the run heals all paths.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.cluster.row_run import LASTS_S, MOVED, Row, RowRun
from tests.helpers.lab_network import OUTSIDE
from tests.helpers.lab_paths import Weather


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


ROWS = (
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
    Row(name="signalling_loss", fault=signalling_loss, expects="a moment longer, nobody lost"),
)
