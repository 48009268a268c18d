"""What a site agent sends to a collector of OpenTelemetry.

Rule of this file: wiring and the clock. What a line of the history means for a trace is decided in
`spans/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from nrcli.errors import SettingsError
from nrcli.telemetry.exporting import Exporter
from nrcli.telemetry.metric_families import MetricFamily, counter, gauge
from site_agent import __version__
from site_agent.clock import boottime_s, unix_s
from site_agent.config import SiteConfig
from site_agent.core.actions import WriteHistory
from site_agent.errors import ConfigError
from site_agent.spans.site_spans import SiteSpans

OPEN_MAX = 100
"Of a site agent that sends no spans."


class SiteExporter:
    """One site agent's. `start`, then `stop`; both once."""

    def __init__(self, config: SiteConfig) -> None:
        """Raises ConfigError."""
        otlp = config.telemetry.otlp
        try:
            self._exporter = Exporter(
                otlp,
                service="nirc-site-agent",
                instance=config.site,
                version=__version__,
                unix_s=unix_s,
            )
        except SettingsError as error:
            raise ConfigError(error.place, error.problem, error.remedy) from error
        open_max = otlp.open_max if otlp else OPEN_MAX
        self._spans = SiteSpans(config.site, self._exporter.sampler, open_max)
        self._traces = otlp is not None and otlp.traces

    def start(self, families: Callable[[], Sequence[MetricFamily]]) -> None:
        """Send from now on; `families` is asked for figures on the loop."""
        self._exporter.start(families)

    async def stop(self) -> None:
        """Send what waits, within a second."""
        await self._exporter.stop()

    def history(self, line: WriteHistory, now_s: float) -> None:
        """One line of the history: what it ends of the calls that are traced is sent."""
        if self._traces:
            offset_s = unix_s() - boottime_s()
            for span in self._spans.take(line.kind, line.fields, now_s, offset_s):
                self._exporter.span(span)

    def families(self) -> Iterator[MetricFamily]:
        """What became of all that was to be sent."""
        yield from self._exporter.families()
        spans = self._spans
        yield gauge(
            "nirc_telemetry_open_spans",
            "Have begun and not ended, of calls that are traced.",
            [((), float(spans.open_count))],
        )
        yield counter(
            "nirc_telemetry_given_up_total",
            "Spans that were not waited for, for too many were open.",
            [((), float(spans.given_up_count))],
        )
