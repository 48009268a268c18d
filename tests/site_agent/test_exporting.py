"""A site agent's part of sending to a collector."""

from pathlib import Path
from typing import Any

import pytest
from otlp_receiver import Receiver, otlp_receiver
from span_lines import SESSION, ended, offered

from site_agent.config import SiteConfig
from site_agent.core.actions import WriteHistory
from site_agent.errors import ConfigError
from site_agent.exporting import SiteExporter

PLAIN: dict[str, Any] = {
    "site": "lisbon",
    "incarnation_file": Path("lisbon.json"),
    "acd": {"kind": "in_memory", "queues": [{"name": "sales"}]},
}


def exporter(receiver: Receiver | None = None, **more: Any) -> SiteExporter:
    otlp = {"endpoint": receiver.url, "sample_share": 1.0} | more if receiver else None
    return SiteExporter(SiteConfig.model_validate(PLAIN | {"telemetry": {"otlp": otlp}}))


def one_call(made: SiteExporter) -> None:
    for at_s, kind, fields in (offered(), ended(2.0)):
        made.history(WriteHistory(kind=kind, fields=fields), at_s)


async def test_a_call_reaches_the_collector_as_a_span() -> None:
    with otlp_receiver() as receiver:
        made = exporter(receiver)
        made.start(list)
        one_call(made)
        await made.stop()
        (span,) = receiver.spans
        assert span.trace_id.hex() == SESSION and span.name == "call"
        about = receiver.abouts[0]
        assert (about["service.name"], about["service.instance.id"]) == (
            "nirc-site-agent",
            "lisbon",
        )
    told = {one.name: one.points for one in made.families()}
    assert told["nirc_telemetry_open_spans"] == (((), 0.0),)


async def test_without_the_setting_or_without_traces_nothing_is_kept() -> None:
    with otlp_receiver() as receiver:
        for made in (exporter(), exporter(receiver, traces=False)):
            made.start(list)
            for at_s, kind, fields in (offered(),):
                made.history(WriteHistory(kind=kind, fields=fields), at_s)
            told = {one.name: one.points for one in made.families()}
            assert told["nirc_telemetry_open_spans"] == (((), 0.0),)
            await made.stop()
        assert not receiver.spans


def test_a_token_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    otlp = {"endpoint": "https://host", "bearer_file": tmp_path / "none"}
    config = SiteConfig.model_validate(PLAIN | {"telemetry": {"otlp": otlp}})
    with pytest.raises(ConfigError, match="bearer_file"):
        SiteExporter(config)
