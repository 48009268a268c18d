"""OpenTelemetry's own bytes, as a collector reads them."""

import logging
import time
from pathlib import Path

import pytest
from otlp_receiver import Receiver, otlp_receiver, values

from nrcli.errors import SettingsError
from nrcli.telemetry.call_traces import Side, Span, SpanEvent
from nrcli.telemetry.metric_families import Kind, MetricFamily, Spread, counter, gauge
from nrcli.telemetry.otlp import Figures, LogLine, OtlpSender
from nrcli.telemetry.otlp_config import OtlpConfig

ABOUT = {"service.name": "nirc-node", "service.instance.id": "n1"}
SECRETS = ("+351912345678", "nirc-abcdefghijklmnopqrstuvwxyz", "hunter2")


def sender(receiver: Receiver, timeout_s: float = 5.0) -> OtlpSender:
    config = OtlpConfig(endpoint=receiver.url, timeout_s=timeout_s)
    return OtlpSender(config, ABOUT, version="1", began_unix_s=1_000.0)


def span(**more: object) -> Span:
    plain: dict[str, object] = {
        "trace": 0xABC,
        "id": 0x12,
        "parent": 0x34,
        "name": "decide",
        "began_unix_s": 1_700_000_000.25,
        "ended_unix_s": 1_700_000_000.75,
        "side": Side.SERVER,
    }
    return Span(**(plain | more))  # type: ignore[arg-type]


def test_a_span() -> None:
    event = SpanEvent(at_unix_s=1_700_000_000.5, name="rung", attributes={"method": "refer"})
    told = {"site": "lisbon", "text": " ".join(SECRETS[:2]) + " password=hunter2"}
    with otlp_receiver() as receiver:
        one = span(attributes=told, events=(event,), problem=f"busy {SECRETS[0]}")
        assert sender(receiver).spans([one, span(id=0x34, parent=0, name="route")]) == ""
        (first, second) = receiver.spans
        assert receiver.abouts == [ABOUT]
        assert not any(secret.encode() in receiver.raw for secret in SECRETS)
    assert first.trace_id.hex() == f"{0xABC:032x}" and first.parent_span_id.hex() == f"{0x34:016x}"
    assert (first.name, first.kind) == ("decide", 2)
    assert first.start_time_unix_nano == 1_700_000_000_250_000_000
    assert first.end_time_unix_nano == 1_700_000_000_750_000_000
    assert values(first.attributes)["site"] == "lisbon"
    assert first.events[0].name == "rung"
    assert first.status.code == 2 and first.status.message == "busy +35191***"
    assert second.parent_span_id == b"" and second.status.code == 0


def test_figures() -> None:
    spread = Spread(bounds=(0.1, 1.0), counts=(2, 1, 1), total=3.5)
    families = (
        counter("calls_total", "Calls.", [((("outcome", "move"),), 2.0)]),
        gauge("wait_seconds", "Wait.", [((), 0.25)]),
        MetricFamily(name="delay_seconds", kind=Kind.HISTOGRAM, help="Delay.", spread=spread),
    )
    with otlp_receiver() as receiver:
        assert sender(receiver).figures([Figures(at_unix_s=2_000.0, families=families)]) == ""
        calls, wait, delay = receiver.metrics
    assert calls.sum.is_monotonic and calls.sum.data_points[0].as_double == 2.0
    assert values(calls.sum.data_points[0].attributes) == {"outcome": "move"}
    assert calls.sum.data_points[0].start_time_unix_nano == 1_000 * 10**9
    assert (wait.unit, wait.gauge.data_points[0].as_double) == ("s", 0.25)
    (point,) = delay.histogram.data_points
    assert (list(point.bucket_counts), list(point.explicit_bounds)) == ([2, 1, 1], [0.1, 1.0])
    assert (point.count, point.sum) == (4, 3.5)


def test_log_lines() -> None:
    line = LogLine(
        at_unix_s=1_700_000_000.5,
        level=logging.ERROR,
        level_name="ERROR",
        name="nirc.x",
        message="bad data=secret",
        fields={"interaction": "i1", "trace_id": f"{0xABC:032x}"},
    )
    with otlp_receiver() as receiver:
        assert sender(receiver).lines([line]) == ""
        (told,) = receiver.lines
    assert told.body.string_value == "bad data=***" and told.severity_text == "ERROR"
    assert told.severity_number == 17 and told.trace_id.hex() == f"{0xABC:032x}"
    assert values(told.attributes)["logger"] == "nirc.x"


def test_what_is_wrong_is_said_in_words() -> None:
    with otlp_receiver() as receiver:
        made = sender(receiver, timeout_s=0.3)
        receiver.status = 400
        assert "400" in made.spans([span()])
        url = receiver.url
    began_s = time.monotonic()
    assert made.spans([span()])
    assert time.monotonic() - began_s < 10, f"{url} is gone"
    made.close()


def test_a_bearer_token_is_sent_and_a_bad_file_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("s3cret\n", encoding="ascii")
    with otlp_receiver() as receiver:
        config = OtlpConfig(endpoint=receiver.url).model_copy(update={"bearer_file": file})
        OtlpSender(config, ABOUT, version="1", began_unix_s=0.0).spans([span()])
        assert receiver.headers[0]["authorization"] == "Bearer s3cret"
    for text in ("", "two\nlines"):
        file.write_text(text, encoding="ascii")
        with pytest.raises(SettingsError, match="bearer_file"):
            OtlpSender(config, ABOUT, version="1", began_unix_s=0.0)
    file.unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        OtlpSender(config, ABOUT, version="1", began_unix_s=0.0)
