"""What a node's HTTP API says of all queues and agents, and of changes as they come.

Rule of this file: models only, as in `api_models`. `KINDS` is the closed list of live events.
"""

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from nrcli.wire.alarm_models import Alarm
from nrcli.wire.api_models import (
    AgentStatus,
    CallInMotion,
    Decision,
    QueueEntry,
    QueueStatus,
    SiteSummary,
    Status,
)
from nrcli.wire.control_models import Control

Kind = Literal[
    "status",
    "site",
    "queue",
    "agent",
    "call",
    "queue_entry",
    "decision",
    "alarm",
    "documents",
    "control",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
RESET, GONE, SKIPPED = "reset", "gone", "skipped"
"What else an event may be, whatever kinds a reader asked for."


class _Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class QueueOfSite(QueueStatus):
    """One queue and the site it is at."""

    site: str


class AgentOfSite(AgentStatus):
    """One shared agent and their site."""

    site: str


class DocumentsState(_Answer):
    """Which documents this node routes by."""

    revision: int
    problem: str = ""
    from_cache: bool = False


class Gone(_Answer):
    """Something is no more: a queue, a call that has ended, an alarm that is over."""

    kind: Kind
    key: str
    """Of a site its name; of a queue `site/queue`; of an agent `site/agent`; of a call its request
    id; of an entry its entry id; of an alarm `code/place`; of a control its id."""


class Skipped(_Answer):
    """So many events of a kind were left out: more came than a stream carries."""

    kind: Kind
    count: int


class Snapshot(_Answer):
    """Everything of the kinds that a reader asked for; of others nothing."""

    status: Status | None = None
    sites: tuple[SiteSummary, ...] = ()
    queues: tuple[QueueOfSite, ...] = ()
    agents: tuple[AgentOfSite, ...] = ()
    calls: tuple[CallInMotion, ...] = ()
    queue_entries: tuple[QueueEntry, ...] = ()
    decisions: tuple[Decision, ...] = ()
    "The newest of this node, oldest first."
    alarms: tuple[Alarm, ...] = ()
    documents: DocumentsState | None = None
    controls: tuple[Control, ...] = ()


SNAPSHOT_FIELDS: dict[Kind, str] = {
    "status": "status",
    "site": "sites",
    "queue": "queues",
    "agent": "agents",
    "call": "calls",
    "queue_entry": "queue_entries",
    "decision": "decisions",
    "alarm": "alarms",
    "documents": "documents",
    "control": "controls",
}
