"""What a node sends to a collector of OpenTelemetry.

Rule of this file: the node's own part of what `nrcli.telemetry.exporting` does for both daemons.
"""

from nirc import __version__
from nirc.config import NodeConfig
from nirc.runtime.clock import wall_unix_s
from nirc.telemetry.decision_log import LoggedDecision
from nirc.telemetry.decision_spans import span_of_decision
from nirc.telemetry.metrics import Registry
from nrcli.telemetry.exporting import Exporter


def exporter_of(config: NodeConfig, registry: Registry) -> Exporter:
    """The exporter of this node, whose own figures are told, too. Raises SettingsError."""
    made = Exporter(
        config.telemetry.otlp,
        service="nirc-node",
        instance=config.node,
        version=__version__,
        unix_s=wall_unix_s,
    )
    registry.further(made.families)
    return made


def export_decision(exporter: Exporter, logged: LoggedDecision) -> None:
    """Send the span of a decision, if its call is traced."""
    span = span_of_decision(logged.record, logged.at_unix_s, exporter.sampler)
    if span is not None:
        exporter.span(span)
