"""What the router wants done: every action its core returns. Shells carry them out in order."""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.sip.redirect_words import PreRouteTold
from nrcli.wire.control_models import Control, ControlEffect
from nrcli.wire.messages import Epoch, NodeMessage, PeerMessage, ProvedPath, SiteRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class SendToSite:
    """Send on the site's stream of this node; dropped if there is none.

    `not_after_s`: CLOCK_BOOTTIME after which it must not be sent any more (the leader's deadline);
    the shell looks at the clock right before it hands the message to the stream.
    """

    site: str
    message: NodeMessage
    not_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSiteLink:
    """End a site's stream (unknown site, stale incarnation, protocol broken)."""

    site: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendToPeer:
    """Send to another node; dropped if its stream is down."""

    node: str
    message: PeerMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepProof:
    """Keep what test calls say of a path, for the time after all nodes were down; written only
    while `epoch` still leads `domain`. It comes back as `ProofsRead`."""

    domain: str
    epoch: Epoch
    proof: ProvedPath


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreData:
    """Keep a call's data for `ttl_s`; answered by `DataWasStored`."""

    site: str
    interaction_id: str
    version: int
    digest: bytes
    data: bytes
    ttl_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BindToken:
    """Remember that `token`, granted by `site`, may read the data of `interaction_id`."""

    token: str
    site: str
    interaction_id: str
    ttl_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchData:
    """Read the data that `token` may read, for `site`; answered by `DataWasFetched`."""

    site: str
    token: str
    interaction_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDown:
    """Give the leader key back now (drain, or the deadline rule says that we lead no more)."""

    domain: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseGeneration:
    """A site knows an epoch above ours: raise etcd's generation above it and elect again."""

    domain: str
    above: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class ProlongOffice:
    """Every node lets us lead on without etcd: do not leave office before `until_s`."""

    domain: str
    until_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCampaign:
    """Campaign for, and revoke, nothing of a domain before `until_s`, if no campaign is under way;
    answered by `CampaignHeld`."""

    domain: str
    until_s: float
    node: str
    "The leader that asks for it."
    epoch: Epoch
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRecord:
    """One candidate of a decision: what was seen, and why it lost."""

    site: str
    queue: str
    agent: str
    value: float
    age_s: float
    "Of the queue's last report; -1 if there was none."
    lost_because: str
    "Empty for the one chosen."
    means: str = ""
    "What the value says, with its unit, such as `ready for 70 s`."
    rule: str = ""
    "Rule that said why it lost; empty where no rule did."
    values: tuple[float | None, ...] = ()
    "What the policy read of it, as `DecisionRecord.value_names` names them."


Exact = float | str
"A number as it was; `nan`, `inf` and `-inf` as words, for JSON has none of them."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayNote:
    """The very numbers that a policy read, so that it can be asked the same again."""

    now_s: float
    "CLOCK_BOOTTIME of the node that decided: instants among the numbers are of the same clock."
    call: tuple[Exact, ...]
    "What it read of the call; the caller's number is left out."
    rows: tuple[tuple[str, str], ...]
    "(site, queue) of each candidate, in tie order."
    ways: tuple[tuple[float, ...], ...]
    "By way column, then candidate."
    columns: tuple[int, ...]
    values: tuple[tuple[Exact, ...], ...]
    "By column of `columns`, then candidate."
    origin: tuple[Exact, ...]
    "The same of the caller's own queue."
    agents: tuple[tuple[int, str, tuple[float, ...]], ...] = ()
    """(candidate, agent, all agent columns but the last) of ready agents, longest ready first;
    empty where the policy reads nothing of them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """One decision, complete enough to be explained later."""

    decision_id: str
    request_id: str
    interaction_id: str
    origin_site: str
    service: str
    domain: str
    epoch: Epoch
    policy: str
    policy_version: int
    rules_tried: tuple[str, ...]
    candidates: tuple[CandidateRecord, ...]
    outcome: str
    """move | stay | callback | to_handler | act_locally | announce | retry_after | reject |
    network_queue | cancelled | deadline | not_leading | redirect | redirect_default (of an edge's
    question); of a dry run and a shadow what would have been asked for"""
    target_site: str
    queue: str
    agent: str
    took_s: float
    refusals: tuple[str, ...] = ()
    mode: str = "live"
    "live | canary | shadow | dry run: why this version of the policy decided."
    rules: tuple[tuple[str, str], ...] = ()
    "(rule, what became of it): decided | not now | asleep | nobody."
    value_names: tuple[str, ...] = ()
    "What the numbers of `CandidateRecord.values` are, with their unit."
    origin_values: tuple[float | None, ...] = ()
    "The same of the caller's own queue; empty where it is not known."
    call: tuple[tuple[str, str], ...] = ()
    "What was known of the call, the caller's number masked."
    memory: tuple[float, ...] = ()
    "What the policy remembered before: its own, then per row those of the origin and candidates."
    live_outcome: str = ""
    "Of a shadow: what the live version said instead."
    announcement: str = ""
    retry_after_s: float = 0.0
    reject_reason: str = ""
    handler: str = ""
    "Which Handler the caller was sent to."
    entry_id: str = ""
    """Who waits in the network queue, or for a call back, and for whom the leader looked without
    being asked"""
    reason: str = ""
    "The rule that decided, or why none did: too much to do, the hop budget, no documents."
    about: str = ""
    """Why it was asked: empty for the first question about a call; a word of `RequeryReason`;
    `offer`: the leader's own, for an entry of the network queue; `callback_offer`: a callback's."""
    controls: tuple[str, ...] = ()
    "Emergency controls that it was made under, in words."
    replay: ReplayNote | None = None
    "None where no policy was asked, and where it read more than a record keeps."


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunTold:
    """What would have been decided."""

    id: str
    record: DecisionRecord
    refused: tuple[str, str, str] | None = None
    "(place, problem, remedy): what was described cannot happen in this network."


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTold:
    """Whether an entry's site was told to take it out of the network queue."""

    id: str
    problem: tuple[str, str, str] | None
    "(unknown | elsewhere | away | busy, what is wrong, remedy); None: the site was told."
    site: str = ""
    interaction_id: str = ""
    kind: str = "call"
    "call | callback"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlWeighed:
    """What an emergency control would do, or why it cannot be."""

    id: str
    control: Control | None
    "As it would begin now."
    effect: ControlEffect | None
    base: str
    "Which documents and controls were looked at."
    problem: tuple[str, str, str] | None = None
    "(place, what is wrong, remedy)"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepControl:
    """Write a control that stands anew, as it goes on; only while `epoch` leads `domain`."""

    domain: str
    epoch: Epoch
    control: Control


@dataclass(frozen=True, slots=True, kw_only=True)
class EndControl:
    """End a control before its time; only while `epoch` leads `domain`."""

    domain: str
    epoch: Epoch
    control_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDecision:
    """Append to the decision log."""

    record: DecisionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOfSite:
    """Append to the records of sites."""

    record: SiteRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRecord:
    """How a move ended, by its origin's word, for `explain`. The token is a secret and left out."""

    request_id: str
    origin_site: str
    target_site: str
    "Of a handler `handler:NAME`."
    method: str
    "The last that was tried; empty: none was."
    outcome: str
    "As `MoveOutcome`."
    sip_status: int
    "The last final status of the method; 0: none came."
    took_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMove:
    """Append to the records of moves."""

    record: MoveRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer:
    """Fire `TimerFired(name)` at `at_s`; a second start of the same name moves it."""

    name: str
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTimer:
    """Forget a timer; unknown names are fine."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseAlarm:
    """Something a person should know. `code` is stable; the same code and place is one alarm."""

    code: str
    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearAlarm:
    """The cause of an alarm is gone."""

    code: str
    place: str


Action = (
    SendToSite
    | CloseSiteLink
    | SendToPeer
    | StoreData
    | BindToken
    | FetchData
    | StepDown
    | RaiseGeneration
    | ProlongOffice
    | HoldCampaign
    | KeepProof
    | RecordDecision
    | DryRunTold
    | EntryTold
    | ControlWeighed
    | KeepControl
    | EndControl
    | PreRouteTold
    | RecordMove
    | RecordOfSite
    | StartTimer
    | StopTimer
    | RaiseAlarm
    | ClearAlarm
)
