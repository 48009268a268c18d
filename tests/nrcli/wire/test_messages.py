"""All messages together: who says which, on which lane, and the form that all of them keep."""

import typing
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from contract_samples import classes_in, kinds_of, parts_of, sample

from nrcli.wire import (
    data_messages,
    history_messages,
    link_messages,
    messages,
    move_messages,
    peer_messages,
    route_messages,
    state_messages,
    words,
)
from nrcli.wire.messages import (
    INLINE_DATA_BYTES_MAX,
    DataPut,
    Heartbeat,
    Lane,
    NodeMessage,
    PeerMessage,
    PreRouteAnswer,
    PreRouteAsk,
    SiteMessage,
    SiteToSite,
    lane_of,
)

SUBJECTS = [
    data_messages,
    history_messages,
    link_messages,
    move_messages,
    peer_messages,
    route_messages,
    state_messages,
]
DEFINED = [kind for module in SUBJECTS for kind in classes_in(module)]
SITE, NODE, PEER = (set(typing.get_args(u)) for u in (SiteMessage, NodeMessage, PeerMessage))
SAID = SITE | NODE | PEER

STATE_LANE = {"StateSnapshot", "StateDelta", "StateAck", "StateResync", "SiteDocuments"}
STATE_LANE |= {"DataStored", "QueuePosition", "AgentTakenOver"}
HISTORY_LANE = {"CallLegRecord", "AgentStateRecord", "TrunkBusyRecord", "TraceAsk", "TraceTold"}
ASKED_AND_ANSWERED = {
    "RouteRequest": "RouteAnswer",
    "DataPut": "DataStored",
    "DataGet": "DataAnswer",
    "Hello": "Welcome",
    "StateSnapshot": "StateAck",
    "StateDelta": "StateResync",
}
COMMANDED_AND_ANSWERED = {
    "Leading": "LeadingAck",
    "Reserve": "ReserveGranted",
    "Release": "EpochRefused",
    "TraceAsk": "TraceTold",
}


def named(*names: str) -> set[type]:
    return {getattr(messages, name) for name in names}


def test_every_message_is_said_by_somebody_or_is_part_of_one() -> None:
    parts = {
        part for kind in DEFINED for inner in kinds_of(kind).values() for part in parts_of(inner)
    }
    assert [kind.__name__ for kind in DEFINED if kind not in SAID | parts] == []


def test_what_site_and_node_both_say_is_what_sites_tell_each_other_and_that_they_live() -> None:
    both = SITE & NODE
    assert both == {*typing.get_args(SiteToSite), Heartbeat}


def test_nodes_share_with_sites_the_heartbeat_and_what_edges_ask() -> None:
    assert {Heartbeat, PreRouteAsk} == PEER & SITE
    assert {Heartbeat, PreRouteAnswer} == PEER & NODE


def test_a_side_that_asks_is_answered_by_the_other() -> None:
    assert named(*ASKED_AND_ANSWERED) <= SITE - NODE
    assert named(*ASKED_AND_ANSWERED.values()) <= NODE - SITE
    assert named(*COMMANDED_AND_ANSWERED) <= NODE - SITE
    assert named(*COMMANDED_AND_ANSWERED.values()) <= SITE - NODE


@pytest.mark.parametrize("kind", sorted(SAID, key=lambda kind: kind.__name__))
def test_every_message_takes_its_lane(kind: type) -> None:
    """Decisions never wait behind state, and state never behind records."""
    expected = Lane.DECISION
    if kind.__name__ in STATE_LANE:
        expected = Lane.STATE
    if kind.__name__ in HISTORY_LANE:
        expected = Lane.HISTORY
    assert lane_of(sample(kind)) is expected


@pytest.mark.parametrize(("more", "lane"), [(0, Lane.DECISION), (1, Lane.STATE)])
def test_only_small_data_goes_with_decisions(more: int, lane: Lane) -> None:
    data = b"x" * (INLINE_DATA_BYTES_MAX + more)
    assert lane_of(DataPut(interaction_id="i", version=1, digest=b"", data=data)) is lane


@pytest.mark.parametrize("kind", [*DEFINED, words.Epoch])
def test_a_message_is_a_value(kind: type) -> None:
    """It can be kept in sets, cannot be changed on its way, and holds no field by mistake."""
    one, same = sample(kind), sample(kind)
    assert one == same and len({one, same}) == 1
    assert not hasattr(one, "__dict__")
    for name in kinds_of(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(one, name, getattr(one, name))


@pytest.mark.parametrize("kind", DEFINED)
def test_times_on_the_wire_are_durations_in_seconds(kind: type) -> None:
    floats = [name for name, inner in kinds_of(kind).items() if float in parts_of(inner)]
    assert [name for name in floats if not name.endswith(("_s", "_s_max"))] == []
    assert [name for name in kinds_of(kind) if name.endswith("_at_s")] == []


def test_wall_time_is_in_records_alone() -> None:
    told = {kind.__name__ for kind in DEFINED for name in kinds_of(kind) if "unix" in name}
    assert told == HISTORY_LANE - {"TraceAsk", "TraceTold"}


def test_every_name_of_every_subject_can_be_imported_here() -> None:
    def public(module: Any) -> set[str]:
        kinds = {k: v for k, v in vars(module).items() if not k.startswith("_")}
        return {k for k, v in kinds.items() if getattr(v, "__module__", "") == module.__name__}

    for module in [*SUBJECTS, words]:
        assert public(module) <= set(messages.__all__), module.__name__
