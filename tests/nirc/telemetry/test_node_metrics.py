"""The instruments of a node read what they are given."""

from nirc.telemetry.node_metrics import NodeMetrics
from nrcli.telemetry.metric_families import prometheus_text


def test_names() -> None:
    metrics = NodeMetrics(
        counters=lambda: {"requests": 4},
        inbox_count=lambda: 2,
        alarms_count=lambda: 1,
        records_shed_count=lambda: 0,
        readers=lambda: (7, 3),
    )
    metrics.inbox_delay.observe(0.001)
    metrics.decisions.add(1, "move")
    text = prometheus_text(metrics.registry.families())
    assert 'nirc_router_total{name="requests"} 4' in text
    assert 'nirc_decisions_total{outcome="move"} 1' in text
    assert "nirc_inbox_events 2" in text and "nirc_alarms 1" in text
    assert "nirc_event_readers 7" in text and "nirc_event_readers_dropped 3" in text
