"""Names what a node counts.

Rule of this file: names, units and help texts; whoever counts gets an instrument from here.
"""

from collections.abc import Callable, Mapping

from nirc.telemetry.metrics import Registry


class NodeMetrics:
    """The instruments of one node."""

    def __init__(
        self,
        *,
        counters: Callable[[], Mapping[str, int]],
        inbox_count: Callable[[], int],
        alarms_count: Callable[[], int],
        records_shed_count: Callable[[], int],
        redirects: Callable[[], Mapping[str, int]] = dict,
        readers: Callable[[], tuple[int, int]] = lambda: (0, 0),
    ) -> None:
        self.registry = Registry()
        new = self.registry
        self.inbox_delay = new.histogram(
            "nirc_inbox_delay_seconds", "Time events waited before the router handled them."
        )
        self.decision_took = new.histogram(
            "nirc_decision_seconds", "Time from a route request to its outcome."
        )
        self.decisions = new.counter("nirc_decisions_total", "Decisions by outcome.", "outcome")
        self.faults = new.counter("nirc_faults_total", "Faults of the node's own.", "event")
        self.refused = new.counter(
            "nirc_inbox_refused_total", "Messages of sites that found no place in the inbox."
        )
        new.family("nirc_router_total", "What the router counted, by name.", "name", counters)
        new.family(
            "nirc_redirect_sip_total", "SIP of edges, heard and answered.", "name", redirects
        )
        new.gauge("nirc_inbox_events", "Events waiting now.", lambda: float(inbox_count()))
        new.gauge("nirc_alarms", "Alarms that stand.", lambda: float(alarms_count()))
        new.gauge(
            "nirc_event_readers",
            "Readers of the live stream now.",
            lambda: float(readers()[0]),
        )
        new.gauge(
            "nirc_event_readers_dropped",
            "Readers of the live stream that were too slow.",
            lambda: float(readers()[1]),
        )
        new.gauge(
            "nirc_records_shed",
            "Records given up because their store was away.",
            lambda: float(records_shed_count()),
        )
