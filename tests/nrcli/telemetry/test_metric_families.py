"""Families as Prometheus reads them."""

import pytest

from nrcli.telemetry.metric_families import (
    Kind,
    MetricFamily,
    Spread,
    counter,
    gauge,
    prometheus_text,
)


def test_counters_gauges_and_histograms() -> None:
    spread = Spread(bounds=(0.1, 1.0), counts=(2, 1, 1), total=3.65)
    text = prometheus_text(
        (
            counter("calls_total", "Calls.", [((("outcome", "move"),), 2.0)]),
            gauge("load_ratio", "Load.", [((), 0.25)]),
            MetricFamily(name="delay_seconds", kind=Kind.HISTOGRAM, help="Delay.", spread=spread),
        )
    )
    assert text.splitlines() == [
        "# HELP calls_total Calls.",
        "# TYPE calls_total counter",
        'calls_total{outcome="move"} 2',
        "# HELP load_ratio Load.",
        "# TYPE load_ratio gauge",
        "load_ratio 0.25",
        "# HELP delay_seconds Delay.",
        "# TYPE delay_seconds histogram",
        'delay_seconds_bucket{le="0.1"} 2',
        'delay_seconds_bucket{le="1"} 3',
        'delay_seconds_bucket{le="+Inf"} 4',
        "delay_seconds_sum 3.65",
        "delay_seconds_count 4",
    ]


def test_names_of_others_cannot_break_a_line() -> None:
    text = prometheus_text([gauge("g", "G.", [((("site", 'a"}\n\\\r1'),), 1.0)])])
    assert text.splitlines()[2:] == ['g{site="a\\"}\\n\\\\ 1"} 1']


@pytest.mark.parametrize(
    ("name", "unit"),
    [("wait_seconds", "s"), ("cpu_seconds_total", "s"), ("used_bytes", "By"), ("calls_total", "1")],
)
def test_the_name_says_the_unit(name: str, unit: str) -> None:
    assert counter(name, "", ()).unit == unit
