"""What may be said of a collector."""

from typing import Any

import pytest
from pydantic import ValidationError

from nrcli.telemetry.otlp_config import OtlpConfig


@pytest.mark.parametrize(
    "endpoint",
    ["http://127.0.0.1:4318", "https://otel.example.net", "https://[2001:db8::1]:4318/otlp"],
)
def test_good_endpoints(endpoint: str) -> None:
    assert OtlpConfig(endpoint=endpoint).sample_share == 0.01


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"endpoint": "127.0.0.1:4318"}, "endpoint"),
        ({"endpoint": "http://127.0.0.1:4318/v1/traces"}, "without v1/traces"),
        ({"endpoint": "http://user:secret@host"}, "endpoint"),
        ({"endpoint": "https://host", "sample_share": 1.5}, "less than or equal to 1"),
        ({"endpoint": "https://host", "sample_share": float("nan")}, "finite"),
        ({"endpoint": "https://host", "colour": "red"}, "Extra inputs"),
        ({"endpoint": "https://host", "cert": "a.pem"}, "belong together"),
        ({"endpoint": "http://host", "bearer_file": "token"}, "in clear"),
    ],
)
def test_bad_ones_are_refused(told: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        OtlpConfig(**told)
