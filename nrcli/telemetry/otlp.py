"""Gives spans, figures and log lines to a collector: OTLP over HTTP, by OpenTelemetry's own code.

Rule of this file: the only one that knows the library. Ours goes in, and what is wrong comes out
in words. Every text is masked once more, whatever it is.

Format: OpenTelemetry Protocol 1.x, section OTLP/HTTP, binary.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import LogRecordExportResult
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricExportResult,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from nrcli.errors import SettingsError
from nrcli.telemetry.call_traces import Side, Span, Value
from nrcli.telemetry.log_lines import masked
from nrcli.telemetry.metric_families import Kind, MetricFamily
from nrcli.telemetry.otlp_config import OtlpConfig

KINDS = {
    Side.INTERNAL: SpanKind.INTERNAL,
    Side.CLIENT: SpanKind.CLIENT,
    Side.SERVER: SpanKind.SERVER,
}
SAMPLED = TraceFlags(TraceFlags.SAMPLED)
GROWING = AggregationTemporality.CUMULATIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of one moment."""

    at_unix_s: float
    families: Sequence[MetricFamily]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line, masked."""

    at_unix_s: float
    level: int
    "Of Python's logging: 10 debug to 50 critical."
    level_name: str
    name: str
    message: str
    fields: Mapping[str, str]


class OtlpSender:
    """Sends; every method may take `config.timeout_s`, and says what is wrong, or nothing."""

    def __init__(
        self, config: OtlpConfig, about: Mapping[str, str], *, version: str, began_unix_s: float
    ) -> None:
        """`about`: what the whole process is, such as `service.name`. Raises SettingsError."""
        self._resource = Resource(dict(about))
        self._scope = InstrumentationScope("nirc", version)
        self._began_ns = _ns(began_unix_s)
        headers = {"Authorization": f"Bearer {_bearer(config)}"} if config.bearer_file else None
        common = {
            "certificate_file": str(config.ca) if config.ca else None,
            "client_key_file": str(config.key) if config.key else None,
            "client_certificate_file": str(config.cert) if config.cert else None,
        }
        more = {"headers": headers, "timeout": config.timeout_s, "compression": Compression.Gzip}
        base = config.endpoint.rstrip("/")
        self._spans = OTLPSpanExporter(f"{base}/v1/traces", **common, **more)  # type: ignore[arg-type]
        self._metrics = OTLPMetricExporter(f"{base}/v1/metrics", **common, **more)  # type: ignore[arg-type]
        self._logs = OTLPLogExporter(f"{base}/v1/logs", **common, **more)  # type: ignore[arg-type]
        self._said = _LastWords()
        library = logging.getLogger("opentelemetry")
        library.handlers[:] = [self._said]
        library.propagate = False

    def spans(self, batch: Sequence[Span]) -> str:
        """Send spans."""
        result = self._spans.export([self._span(one) for one in batch])
        return "" if result is SpanExportResult.SUCCESS else self._said.take()

    def figures(self, batch: Sequence[Figures]) -> str:
        """Send figures; of several moments the newest, for they all grow."""
        newest = batch[-1]
        metrics = [self._metric(one, _ns(newest.at_unix_s)) for one in newest.families]
        scoped = ScopeMetrics(self._scope, metrics, "")
        data = MetricsData([ResourceMetrics(self._resource, [scoped], "")])
        result = self._metrics.export(data)
        return "" if result is MetricExportResult.SUCCESS else self._said.take()

    def lines(self, batch: Sequence[LogLine]) -> str:
        """Send log lines."""
        result = self._logs.export([self._line(one) for one in batch])
        return "" if result is LogRecordExportResult.SUCCESS else self._said.take()

    def close(self) -> None:
        """Give up what is being repeated, and end the connections."""
        for exporter in (self._spans, self._metrics, self._logs):
            exporter.shutdown()

    def _span(self, span: Span) -> ReadableSpan:
        remote = span.side is Side.SERVER
        return ReadableSpan(
            name=span.name,
            context=_context(span.trace, span.id, remote=False),
            parent=_context(span.trace, span.parent, remote=remote) if span.parent else None,
            resource=self._resource,
            attributes=_masked(span.attributes),
            events=[
                Event(one.name, _masked(one.attributes), _ns(one.at_unix_s)) for one in span.events
            ],
            kind=KINDS[span.side],
            status=Status(StatusCode.ERROR, masked(span.problem)) if span.problem else Status(),
            start_time=_ns(span.began_unix_s),
            end_time=_ns(max(span.began_unix_s, span.ended_unix_s)),
            instrumentation_scope=self._scope,
        )

    def _metric(self, family: MetricFamily, at_ns: int) -> Metric:
        return Metric(family.name, family.help, family.unit, self._data(family, at_ns))

    def _data(self, family: MetricFamily, at_ns: int) -> Gauge | Histogram | Sum:
        spread = family.spread
        if spread is not None:
            point = HistogramDataPoint(
                attributes={},
                start_time_unix_nano=self._began_ns,
                time_unix_nano=at_ns,
                count=sum(spread.counts),
                sum=spread.total,
                bucket_counts=spread.counts,
                explicit_bounds=spread.bounds,
                min=0.0,
                max=0.0,
            )
            return Histogram([point], GROWING)
        points = [
            NumberDataPoint(_masked(dict(labels)), self._began_ns, at_ns, value)
            for labels, value in family.points
        ]
        return Sum(points, GROWING, True) if family.kind is Kind.COUNTER else Gauge(points)

    def _line(self, line: LogLine) -> ReadableLogRecord:
        trace = line.fields.get("trace_id", "")
        record = LogRecord(
            timestamp=_ns(line.at_unix_s),
            observed_timestamp=_ns(line.at_unix_s),
            context=None,
            severity_text=line.level_name,
            severity_number=_severity(line.level),
            body=masked(line.message),
            attributes={"logger": line.name, **_masked(line.fields)},
        )
        record.trace_id = int(trace, 16) if trace else 0
        record.span_id, record.trace_flags = 0, TraceFlags(0)
        return ReadableLogRecord(record, self._resource, self._scope)


class _LastWords(logging.Handler):
    """What the library last complained of: its exporters say only that they failed."""

    def __init__(self) -> None:
        super().__init__()
        self._last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if record.levelno >= logging.ERROR or not self._last:
            self._last = masked(record.getMessage())

    def take(self) -> str:
        """And forget it."""
        last, self._last = self._last, ""
        return last or "the collector did not take them"


def _context(trace: int, span: int, *, remote: bool) -> SpanContext:
    return SpanContext(trace, span, remote, SAMPLED)


def _masked(values: Mapping[str, Value]) -> dict[str, Value]:
    return {
        name: masked(value) if isinstance(value, str) else value for name, value in values.items()
    }


def _severity(level: int) -> SeverityNumber:
    for least, number in (
        (logging.CRITICAL, SeverityNumber.FATAL),
        (logging.ERROR, SeverityNumber.ERROR),
        (logging.WARNING, SeverityNumber.WARN),
        (logging.INFO, SeverityNumber.INFO),
    ):
        if level >= least:
            return number
    return SeverityNumber.DEBUG


def _ns(unix_s: float) -> int:
    return int(unix_s * 1_000_000) * 1_000


def _bearer(config: OtlpConfig) -> str:
    assert config.bearer_file is not None, "only called with one"
    try:
        text = config.bearer_file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        place = "telemetry.otlp.bearer_file"
        remedy = "one line of ASCII that this user may read"
        raise SettingsError(place, f"{config.bearer_file} cannot be read", remedy) from error
    if not text or "\n" in text:
        raise SettingsError("telemetry.otlp.bearer_file", "is not one line", "put the token alone")
    return text
