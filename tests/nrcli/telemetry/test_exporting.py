"""What a daemon sends, and what it costs when nothing is to be sent."""

import asyncio
import logging
import subprocess
import sys
from typing import Any

from otlp_receiver import otlp_receiver

from nrcli.telemetry.call_traces import Span
from nrcli.telemetry.exporting import Exporter
from nrcli.telemetry.metric_families import MetricFamily, gauge
from nrcli.telemetry.otlp_config import OtlpConfig

SPAN = Span(trace=1, id=2, parent=0, name="call", began_unix_s=1.0, ended_unix_s=2.0)


def exporter(url: str = "", **more: Any) -> Exporter:
    config = OtlpConfig(endpoint=url, send_every_s=0.05, **more) if url else None
    return Exporter(config, service="nirc-node", instance="n1", version="1", unix_s=lambda: 5.0)


def families() -> list[MetricFamily]:
    return [gauge("g", "G.", [((), 7.0)])]


def counts(made: Exporter) -> dict[str, dict[str, float]]:
    return {
        one.name: {labels[0][1]: value for labels, value in one.points} for one in made.families()
    }


async def test_spans_figures_and_lines_reach_the_collector() -> None:
    with otlp_receiver() as receiver:
        made = exporter(receiver.url, sample_share=1.0, metrics_every_s=1.0, logs=True)
        made.start(families)
        made.span(SPAN)
        log = logging.getLogger("nirc.test_exporting")
        log.warning("password=%s", "hunter2", extra={"interaction": "i1"})
        logging.getLogger("nrcli.telemetry.outbox").warning("of its own")
        await asyncio.to_thread(receiver.wait_until, lambda: receiver.metrics)
        await made.stop()
        assert [one.name for one in receiver.spans] == ["call"]
        assert [one.name for one in receiver.metrics][:1] == ["g"]
        assert [one.body.string_value for one in receiver.lines] == ["password=***"]
        sent = counts(made)["nirc_telemetry_sent_total"]
    assert sent["spans"] == 1 and sent["lines"] == 1 and sent["figures"] >= 1
    assert made.sampler.takes("anybody")


async def test_a_fault_in_the_figures_does_not_end_them() -> None:
    asked = 0

    def broken_once() -> list[MetricFamily]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise ValueError("broken")
        return families()

    with otlp_receiver() as receiver:
        made = exporter(receiver.url, metrics_every_s=1.0)
        assert made._task is None
        task = asyncio.ensure_future(made._tell_figures(broken_once, 0.01))
        await asyncio.sleep(0)
        made._figures.start()
        await asyncio.to_thread(receiver.wait_until, lambda: receiver.metrics)
        task.cancel()
        await made.stop()
    assert asked >= 2


async def test_a_collector_that_is_away_holds_up_no_end() -> None:
    with otlp_receiver() as receiver:
        url = receiver.url
    made = exporter(url, sample_share=1.0)
    made.start(families)
    made.span(SPAN)
    await asyncio.wait_for(made.stop(), 20)


async def test_without_the_setting_nothing_is_taken_and_nothing_told() -> None:
    made = exporter()
    made.start(families)
    made.span(SPAN)
    assert not made.sampler.takes("anybody")
    assert all(not points for points in counts(made).values())
    await made.stop()


def test_traces_may_be_off() -> None:
    made = exporter("http://127.0.0.1:1", sample_share=1.0, traces=False)
    assert not made.sampler.takes("anybody")


def test_without_the_setting_the_library_is_not_even_loaded() -> None:
    """Of a daemon's start a quarter of a second."""
    program = (
        "import sys, nrcli.telemetry.exporting\n"
        "sys.exit('opentelemetry' in sys.modules or 'requests' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
