"""What a site agent says about itself: its log, and what it sends to a collector.

Rule of this file: data only.
"""

from __future__ import annotations

from typing import Literal

from nrcli.telemetry.otlp_config import OtlpConfig
from site_agent.config_parts import Part


class TelemetryConfig(Part):
    """One site agent's."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_json: bool = False
    otlp: OtlpConfig | None = None
    "None: nothing is sent to a collector of OpenTelemetry."
