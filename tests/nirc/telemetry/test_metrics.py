"""Counting, and what is told of it."""

from nirc.telemetry.metrics import LABEL_VALUES_MAX, Registry
from nrcli.telemetry.metric_families import gauge, prometheus_text


def filled() -> Registry:
    registry = Registry()
    registry.counter("calls_total", "Calls.", "outcome").add(2, 'mo"ve')
    registry.counter("plain_total", "Plain.").add()
    registry.gauge("inbox", "Waiting.", lambda: 7.0)
    registry.family("router_total", "Router.", "name", lambda: {"requests": 3})
    histogram = registry.histogram("delay_seconds", "Delay.", (0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 3.0):
        histogram.observe(value)
    registry.further(lambda: [gauge("more", "More.", [((("site", "porto"),), 0.5)])])
    return registry


def test_prometheus_text() -> None:
    text = prometheus_text(filled().families())
    for line in (
        "# TYPE calls_total counter",
        'calls_total{outcome="mo\\"ve"} 2',
        "plain_total 1",
        "inbox 7",
        'router_total{name="requests"} 3',
        'delay_seconds_bucket{le="0.1"} 2',
        'delay_seconds_bucket{le="1"} 3',
        'delay_seconds_bucket{le="+Inf"} 4',
        "delay_seconds_sum 3.65",
        "delay_seconds_count 4",
        'more{site="porto"} 0.5',
    ):
        assert line in text.splitlines()


def test_labels_are_bounded() -> None:
    counter = Registry().counter("c_total", "C.", "who")
    for number in range(LABEL_VALUES_MAX + 50):
        counter.add(1, str(number))
    assert len(counter.values) == LABEL_VALUES_MAX + 1
    assert counter.values["other"] == 50
