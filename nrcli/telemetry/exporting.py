"""What a daemon sends to a collector: spans, figures and log lines, each with its own outbox.

Rule of this file: wiring only. Nothing here waits for the collector, and without the setting
nothing of OpenTelemetry is even loaded.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from nrcli.telemetry.call_traces import Sampler, Span
from nrcli.telemetry.log_lines import fields_of, message_of
from nrcli.telemetry.metric_families import MetricFamily, counter, gauge
from nrcli.telemetry.otlp_config import OtlpConfig
from nrcli.telemetry.outbox import Outbox

if TYPE_CHECKING:
    from nrcli.telemetry.otlp import Figures, LogLine, OtlpSender

log = logging.getLogger(__name__)
FIGURES_WAITING_MAX = 2
STOP_S_MAX = 1.0
"How long the end of a daemon waits for what is still to be sent."
OWN_LINES = ("nrcli.telemetry", "opentelemetry", "urllib3")
"Their lines are not sent: each batch that fails would make another."


class Exporter:
    """One daemon's. `start`, then `stop`; both once."""

    def __init__(
        self,
        config: OtlpConfig | None,
        *,
        service: str,
        instance: str,
        version: str,
        unix_s: Callable[[], float],
    ) -> None:
        """`service` is what the program is, `instance` which of them; without `config` nothing is
        sent. Raises SettingsError."""
        self._config = config
        self._unix_s = unix_s
        self.sampler = Sampler(config.sample_share if config and config.traces else 0.0)
        self._outboxes: list[Outbox[Any]] = []
        self._spans: Outbox[Span] | None = None
        self._figures: Outbox[Figures] | None = None
        self._lines: Outbox[LogLine] | None = None
        self._handler: _LineHandler | None = None
        self._task: asyncio.Task[None] | None = None
        self._sender: OtlpSender | None = None
        if config is not None:
            about = {
                "service.namespace": "nirc",
                "service.name": service,
                "service.instance.id": instance,
                "service.version": version,
            }
            self._make(config, about, version)

    def start(self, families: Callable[[], Sequence[MetricFamily]]) -> None:
        """Send from now on; `families` is asked for figures on the loop."""
        for outbox in self._outboxes:
            outbox.start()
        if self._handler is not None:
            logging.getLogger().addHandler(self._handler)
        if self._figures is not None and self._config is not None:
            every_s = self._config.metrics_every_s
            self._task = asyncio.ensure_future(self._tell_figures(families, every_s))

    def span(self, span: Span) -> None:
        """Have one span sent."""
        if self._spans is not None:
            self._spans.put(span)

    def families(self) -> Iterator[MetricFamily]:
        """What became of all that was to be sent."""
        counts = [((("signal", box.kind),), box.counts) for box in self._outboxes]
        for word, help_ in (
            ("sent", "Taken by the collector."),
            ("dropped", "Found no place to wait."),
            ("failed", "The collector did not take them."),
        ):
            points = [(labels, float(getattr(one, f"{word}_count"))) for labels, one in counts]
            yield counter(f"nirc_telemetry_{word}_total", help_, points)
        waiting = [(labels, float(one.waiting_count)) for labels, one in counts]
        yield gauge("nirc_telemetry_waiting", "Wait to be sent.", waiting)

    async def stop(self) -> None:
        """Send what waits, within a second."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
        if self._sender is not None:
            stops = (asyncio.to_thread(box.stop, STOP_S_MAX) for box in self._outboxes)
            await asyncio.gather(*stops)
            await asyncio.to_thread(self._sender.close)

    def _make(self, config: OtlpConfig, about: dict[str, str], version: str) -> None:
        from nrcli.telemetry.otlp import OtlpSender

        sender = OtlpSender(config, about, version=version, began_unix_s=self._unix_s())
        self._sender = sender
        if config.traces:
            self._spans = self._outbox("spans", sender.spans, config.waiting_max)
        if config.metrics:
            self._figures = self._outbox("figures", sender.figures, FIGURES_WAITING_MAX)
        if config.logs:
            self._lines = self._outbox("lines", sender.lines, config.waiting_max)
            self._handler = _LineHandler(self._lines)

    def _outbox(self, kind: str, send: Callable[[list[Any]], str], waiting_max: int) -> Outbox[Any]:
        assert self._config is not None, "only made with settings"
        made = Outbox(
            kind,
            send,
            waiting_max=waiting_max,
            batch_max=self._config.batch_max,
            every_s=self._config.send_every_s,
        )
        self._outboxes.append(made)
        return made

    async def _tell_figures(
        self, families: Callable[[], Sequence[MetricFamily]], every_s: float
    ) -> None:
        from nrcli.telemetry.otlp import Figures

        assert self._figures is not None, "only started with figures"
        while True:
            await asyncio.sleep(every_s)
            try:
                told = tuple(families())
            except Exception:
                log.exception("the figures could not be read")
                continue
            self._figures.put(Figures(at_unix_s=self._unix_s(), families=told))


class _LineHandler(logging.Handler):
    """Puts log lines, masked, where they wait to be sent."""

    def __init__(self, outbox: Outbox[LogLine]) -> None:
        super().__init__()
        self._outbox = outbox

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        from nrcli.telemetry.otlp import LogLine

        if record.name.startswith(OWN_LINES):
            return
        line = LogLine(
            at_unix_s=record.created,
            level=record.levelno,
            level_name=record.levelname,
            name=record.name,
            message=message_of(record),
            fields=fields_of(record),
        )
        self._outbox.put(line)
