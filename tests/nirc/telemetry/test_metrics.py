"""Counting, and the same numbers as Prometheus text and to OpenTelemetry."""

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from nirc.telemetry.metrics import LABEL_VALUES_MAX, Registry


def filled() -> Registry:
    registry = Registry()
    registry.counter("calls_total", "Calls.", "outcome").add(2, 'mo"ve')
    registry.counter("plain_total", "Plain.").add()
    registry.gauge("inbox", "Waiting.", lambda: 7.0)
    registry.family("router_total", "Router.", "name", lambda: {"requests": 3})
    histogram = registry.histogram("delay_seconds", "Delay.", (0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 3.0):
        histogram.observe(value)
    return registry


def test_prometheus_text() -> None:
    text = filled().prometheus_text()
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
    ):
        assert line in text.splitlines()


def test_labels_are_bounded() -> None:
    counter = Registry().counter("c_total", "C.", "who")
    for number in range(LABEL_VALUES_MAX + 50):
        counter.add(1, str(number))
    assert len(counter.values) == LABEL_VALUES_MAX + 1
    assert counter.values["other"] == 50


def test_opentelemetry_reads_the_same_numbers() -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider(metric_readers=[reader])
    filled().observe_with(provider.get_meter("test"))
    data = reader.get_metrics_data()
    assert data is not None
    metrics = data.resource_metrics[0].scope_metrics[0].metrics
    seen = {metric.name: metric.data.data_points[0].value for metric in metrics}
    assert seen["calls_total"] == 2 and seen["inbox"] == 7 and seen["delay_seconds_count"] == 4
    provider.shutdown()
