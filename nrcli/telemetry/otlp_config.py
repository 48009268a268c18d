"""What both daemons can be told about OpenTelemetry; a section of their files.

Rule of this file: data only, and what makes a value a good one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from routing_policies.shapes import shape

Endpoint = Annotated[
    str,
    shape(
        "a collector's URL such as http://127.0.0.1:4318, without v1/traces",
        re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(?:/(?!v1/)[\w.\-]+)*").fullmatch,
    ),
]


class OtlpConfig(BaseModel):
    """Where spans, figures and log lines are sent (OTLP over HTTP), and how much of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    endpoint: Endpoint
    traces: bool = True
    metrics: bool = True
    logs: bool = False
    sample_share: Annotated[float, Field(ge=0, le=1)] = 0.01
    "Of all calls, whose spans are sent; the same in all daemons, who then take the same calls."
    metrics_every_s: Annotated[float, Field(ge=1, le=3600)] = 15.0
    send_every_s: Annotated[float, Field(ge=0.05, le=60)] = 1.0
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 10.0
    "Longest for one batch, repeats included; then it is dropped."
    waiting_max: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    "Spans, and log lines, that wait; more are dropped and counted."
    batch_max: Annotated[int, Field(ge=1, le=10_000)] = 512
    open_max: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    "Spans of a site agent that have begun and not ended; over it the oldest are dropped."
    bearer_file: Path | None = None
    "Its one line is sent as `Authorization: Bearer`."
    ca: Path | None = None
    "PEM file; else the machine's own authorities."
    cert: Path | None = None
    key: Path | None = None

    @model_validator(mode="after")
    def _key_with_cert(self) -> Self:
        if (self.cert is None) != (self.key is None):
            raise ValueError("cert and key belong together: give both or none")
        if self.endpoint.startswith("http://") and (self.ca or self.cert or self.bearer_file):
            raise ValueError(
                "endpoint: is plain http://, which sends a token in clear and needs no "
                "certificate: give https:// or leave out bearer_file, ca, cert and key"
            )
        return self
