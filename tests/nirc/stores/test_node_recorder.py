"""A node's decisions are numbered; what sites tell goes to the stream of its kind."""

from typing import Any

from contract_samples import sample

from nirc.core.actions import DecisionRecord, MoveRecord
from nirc.stores.node_recorder import NodeRecorder
from nirc.telemetry.decision_log import LoggedDecision
from nrcli.wire.messages import AgentStateRecord, CallLegRecord, TrunkBusyRecord


class Streams:
    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def append(self, stream: str, record: object) -> None:
        self.told.append((stream, record))


def test_decisions_are_numbered_from_one_in_each_start() -> None:
    streams: Any = Streams()
    recorder = NodeRecorder("n1", 1_700_000_000, streams)
    logged = LoggedDecision(at_unix_s=5.0, record=sample(DecisionRecord))
    recorder.decision(logged)
    recorder.decision(logged)
    told = [(stream, one.node, one.incarnation, one.number) for stream, one in streams.told]
    assert told == [("decisions", "n1", 1_700_000_000, n) for n in (1, 2)]


def test_what_sites_tell_goes_to_its_stream_and_without_redis_nowhere() -> None:
    streams: Any = Streams()
    kinds = (CallLegRecord, AgentStateRecord, TrunkBusyRecord)
    for kind in kinds:
        NodeRecorder("n1", 1, streams).of_site(sample(kind))
        NodeRecorder("n1", 1, None).of_site(sample(kind))
    NodeRecorder("n1", 1, None).decision(
        LoggedDecision(at_unix_s=5.0, record=sample(DecisionRecord))
    )
    NodeRecorder("n1", 1, streams).of_site(sample(MoveRecord))
    NodeRecorder("n1", 1, None).of_site(sample(MoveRecord))
    stream, told = streams.told.pop()
    assert stream == "moves" and told.record == sample(MoveRecord) and told.at_unix_s > 0
    assert [stream for stream, _ in streams.told] == ["legs", "agent_states", "trunk_busy"]
