"""What one run gave, in figures: by place, kind by kind.

Rule of this file: holds results and names them; they are worked out by `gathering` and shown by
others. A `RunMeasures` is plain data and can be sent between processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.measures.figures import Figures
from simulator.measures.places import NETWORK, Places


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunMeasures:
    """Figures of one run, warm-up deleted."""

    tables: Mapping[str, Places]
    "By kind of place: network, site, row, service, trunk, interval, flow, site_interval and so on."
    counters: Mapping[str, int]
    "What the engine counted, the warm-up included."
    measured_from_us: int
    measured_until_us: int
    interval_us: int
    not_measured: int
    "Tries that arrived in the warm-up, and redials after the duration."
    notes: tuple[str, ...] = ()
    "What a reader should know of how these were got."

    @property
    def network(self) -> Figures:
        """Figures of everything together."""
        return self.tables["network"][NETWORK]

    @property
    def by_site(self) -> Places:
        """Key: name of the site."""
        return self.tables["site"]

    @property
    def by_row(self) -> Places:
        """Key: (site, queue)."""
        return self.tables["row"]

    @property
    def by_service(self) -> Places:
        """Key: name of the service."""
        return self.tables["service"]

    @property
    def by_interval(self) -> Places:
        """Key: number of the interval, from 0 at the start of the run."""
        return self.tables["interval"]

    @property
    def by_flow(self) -> Places:
        """Key: (from site, to site, method); only flows that occurred."""
        return self.tables["flow"]

    @property
    def by_trunk(self) -> Places:
        """Key: (site, trunk group)."""
        return self.tables["trunk"]

    @property
    def by_site_interval(self) -> Places:
        """Key: (site, interval)."""
        return self.tables["site_interval"]

    @property
    def by_row_interval(self) -> Places:
        """Key: (site, queue, interval)."""
        return self.tables["row_interval"]
