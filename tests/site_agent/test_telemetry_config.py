"""What a site agent may be told of its log and of a collector."""

import pytest
from pydantic import ValidationError

from site_agent.telemetry_config import TelemetryConfig


def test_nothing_is_sent_unless_it_is_said() -> None:
    assert TelemetryConfig().otlp is None and TelemetryConfig().log_level == "info"


def test_a_section_for_a_collector() -> None:
    otlp = {"endpoint": "https://otel.example.net", "sample_share": 0.5}
    config = TelemetryConfig.model_validate({"log_json": True, "otlp": otlp})
    assert config.otlp is not None and config.otlp.sample_share == 0.5


def test_unknown_words_are_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        TelemetryConfig.model_validate({"opentelemetry": True})
