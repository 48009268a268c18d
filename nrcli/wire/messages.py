"""Every message between sites and nodes, and between nodes: who may say which, on which lane.

Rule of this file: it is the import point; each message is defined once, in the module of its
subject beside this one, as frozen data of the standard library. Times are durations in seconds
(`_s`), counted from the moment of receipt; an instant never crosses the wire. `codec.py` turns
messages into bytes and back, and is the only place that knows how.
"""

from __future__ import annotations

from nrcli.wire.data_messages import INLINE_DATA_BYTES_MAX, DataAnswer, DataGet, DataPut, DataStored
from nrcli.wire.history_messages import (
    AgentStateRecord,
    CallLegRecord,
    LegOutcome,
    SiteRecord,
    TraceAsk,
    TraceTold,
    TrunkBusyRecord,
)
from nrcli.wire.link_messages import (
    EpochRefused,
    Heartbeat,
    Hello,
    KnownEpoch,
    Leading,
    LeadingAck,
    LinkRefused,
    NotLeading,
    Welcome,
)
from nrcli.wire.move_messages import (
    CallArrived,
    CallTaken,
    Cancel,
    CancelAnswer,
    CancelVerdict,
    MoveOutcome,
    MoveSettled,
    SiteToSite,
    TransferOutcome,
)
from nrcli.wire.peer_messages import (
    FailsafeAnswer,
    FailsafeAsk,
    PeerHello,
    PeerRelay,
    PeerStatus,
    PreRouteAnswer,
    PreRouteAsk,
    ProvedPath,
    SuspendedPlace,
)
from nrcli.wire.route_messages import (
    ChannelClaim,
    QueuePosition,
    Release,
    Reserve,
    ReserveGranted,
    ReserveRefusal,
    ReserveRefused,
    RouteAnswer,
    RouteOutcome,
    RouteRequest,
    RouteRequestCancel,
    Rung,
    ShiftOrder,
    ShiftOrders,
)
from nrcli.wire.standing_messages import (
    BlindShareReport,
    PooledNumberReport,
    PoolReport,
    SiteAlarm,
    SiteOutage,
    SiteStanding,
)
from nrcli.wire.state_checksum import entity_hash, entity_key, state_checksum
from nrcli.wire.state_messages import (
    AgentQueue,
    AgentReport,
    AgentTakenOver,
    Entity,
    QueueReport,
    Removed,
    ReservationReport,
    SiteDocuments,
    StateAck,
    StateDelta,
    StateResync,
    StateSnapshot,
    TrunkReport,
    WaitingCallReport,
)
from nrcli.wire.words import (
    DOMAIN_FIRST,
    NO_EPOCH,
    VERSION_NEWEST,
    VERSION_OLDEST,
    AgentState,
    Epoch,
    FailedWay,
    Lane,
    RequeryReason,
    TransferMethod,
)

__all__ = [
    "DOMAIN_FIRST",
    "INLINE_DATA_BYTES_MAX",
    "NO_EPOCH",
    "VERSION_NEWEST",
    "VERSION_OLDEST",
    "AgentQueue",
    "AgentReport",
    "AgentState",
    "AgentStateRecord",
    "AgentTakenOver",
    "BlindShareReport",
    "CallArrived",
    "CallLegRecord",
    "CallTaken",
    "Cancel",
    "CancelAnswer",
    "CancelVerdict",
    "ChannelClaim",
    "DataAnswer",
    "DataGet",
    "DataPut",
    "DataStored",
    "Entity",
    "Epoch",
    "EpochRefused",
    "FailedWay",
    "FailsafeAnswer",
    "FailsafeAsk",
    "Heartbeat",
    "Hello",
    "KnownEpoch",
    "Lane",
    "Leading",
    "LeadingAck",
    "LegOutcome",
    "LinkRefused",
    "MoveOutcome",
    "MoveSettled",
    "NodeMessage",
    "NotLeading",
    "PeerHello",
    "PeerMessage",
    "PeerRelay",
    "PeerStatus",
    "PoolReport",
    "PooledNumberReport",
    "PreRouteAnswer",
    "PreRouteAsk",
    "ProvedPath",
    "QueuePosition",
    "QueueReport",
    "Release",
    "Removed",
    "RequeryReason",
    "ReservationReport",
    "Reserve",
    "ReserveGranted",
    "ReserveRefusal",
    "ReserveRefused",
    "RouteAnswer",
    "RouteOutcome",
    "RouteRequest",
    "RouteRequestCancel",
    "Rung",
    "ShiftOrder",
    "ShiftOrders",
    "SiteAlarm",
    "SiteDocuments",
    "SiteMessage",
    "SiteOutage",
    "SiteRecord",
    "SiteStanding",
    "SiteToSite",
    "StateAck",
    "StateDelta",
    "StateResync",
    "StateSnapshot",
    "SuspendedPlace",
    "TraceAsk",
    "TraceTold",
    "TransferMethod",
    "TransferOutcome",
    "TrunkBusyRecord",
    "TrunkReport",
    "WaitingCallReport",
    "Welcome",
    "entity_hash",
    "entity_key",
    "lane_of",
    "state_checksum",
]

SiteMessage = (
    Hello
    | Heartbeat
    | LeadingAck
    | EpochRefused
    | StateSnapshot
    | StateDelta
    | RouteRequest
    | RouteRequestCancel
    | ReserveGranted
    | ReserveRefused
    | TransferOutcome
    | CallTaken
    | CallArrived
    | MoveSettled
    | Cancel
    | CancelAnswer
    | DataPut
    | DataGet
    | CallLegRecord
    | AgentStateRecord
    | TrunkBusyRecord
    | PreRouteAsk
    | TraceTold
)
"What a site may say to a node."

NodeMessage = (
    Welcome
    | LinkRefused
    | Heartbeat
    | Leading
    | NotLeading
    | StateAck
    | StateResync
    | SiteDocuments
    | Reserve
    | Release
    | RouteAnswer
    | CallTaken
    | CallArrived
    | MoveSettled
    | Cancel
    | CancelAnswer
    | DataStored
    | DataAnswer
    | QueuePosition
    | AgentTakenOver
    | PreRouteAnswer
    | ShiftOrders
    | TraceAsk
)
"What a node may say to a site."

PeerMessage = (
    PeerHello
    | PeerStatus
    | PeerRelay
    | FailsafeAsk
    | FailsafeAnswer
    | PreRouteAsk
    | PreRouteAnswer
    | Heartbeat
)
"What a node may say to another."

_STATE_LANE = (
    *(StateSnapshot, StateDelta, StateAck, StateResync),
    *(SiteDocuments, DataStored, QueuePosition, AgentTakenOver),
)


def lane_of(message: SiteMessage | NodeMessage | PeerMessage) -> Lane:
    """Which lane `message` takes. Link control and everything about a call goes first."""
    if isinstance(message, SiteRecord | TraceAsk | TraceTold):
        return Lane.HISTORY
    if isinstance(message, _STATE_LANE):
        return Lane.STATE
    if isinstance(message, DataPut) and len(message.data) > INLINE_DATA_BYTES_MAX:
        return Lane.STATE
    return Lane.DECISION
