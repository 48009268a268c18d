"""A node's part of sending to a collector."""

from pathlib import Path
from typing import Any

from node_views import decision
from otlp_receiver import otlp_receiver

from nirc.config import NodeConfig
from nirc.telemetry.decision_log import LoggedDecision
from nirc.telemetry.exporting import export_decision, exporter_of
from nirc.telemetry.metrics import Registry

PLAIN: dict[str, Any] = {
    "node": "n1",
    "data_dir": Path("data"),
    "link": {"listen": "127.0.0.1:0"},
    "etcd": {"members": ["127.0.0.1:2379"]},
    "admin": {"listen": "127.0.0.1:0"},
}


async def test_a_decision_reaches_the_collector_and_is_counted() -> None:
    with otlp_receiver() as receiver:
        otlp = {"endpoint": receiver.url, "sample_share": 1.0}
        config = NodeConfig.model_validate(PLAIN | {"telemetry": {"otlp": otlp}})
        registry = Registry()
        exporter = exporter_of(config, registry)
        exporter.start(registry.families)
        export_decision(exporter, LoggedDecision(at_unix_s=5.0, record=decision()))
        await exporter.stop()
        (span,) = receiver.spans
        assert span.name == "decide"
        about = receiver.abouts[0]
        assert (about["service.name"], about["service.instance.id"]) == ("nirc-node", "n1")
    (sent,) = (one for one in registry.families() if one.name == "nirc_telemetry_sent_total")
    assert ((("signal", "spans"),), 1.0) in sent.points


async def test_without_the_setting_nothing_is_sent() -> None:
    registry = Registry()
    exporter = exporter_of(NodeConfig.model_validate(PLAIN), registry)
    exporter.start(registry.families)
    export_decision(exporter, LoggedDecision(at_unix_s=5.0, record=decision()))
    await exporter.stop()
    assert all(not one.points for one in registry.families())
