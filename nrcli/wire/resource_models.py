"""What a node's HTTP API says of queues, agents, reservations, the cluster and what was done.

Rule of this file: models only, as in `api_models`.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict

from nrcli.wire.api_models import DomainLeader, StoreStatus
from nrcli.wire.live_models import AgentOfSite, QueueOfSite


class _Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Page(_Answer):
    """A part of a list."""

    next: str = ""
    "The cursor of the next page; empty: this is the last."


class Queues(_Page):
    """Queues of all sites, by site and name."""

    queues: tuple[QueueOfSite, ...]


class Agents(_Page):
    """Shared agents of all sites, by site and name."""

    agents: tuple[AgentOfSite, ...]


class Reservation(_Answer):
    """An agent or a place that a site holds for a call. Its token is a secret and is not told."""

    request_id: str
    site: str
    "That holds it."
    queue: str
    agent: str
    "Empty: a place is held."
    origin_site: str
    taken: bool
    expires_in_s: float


class Reservations(_Page):
    """Open reservations, as their sites told them."""

    reservations: tuple[Reservation, ...]


class TypedDocument(_Answer):
    """One document, read: of its text only what counts."""

    name: str
    revision: int
    spec: dict[str, Any]
    "As docs/documents.md describes this kind."


class TypedDocuments(_Page):
    """All documents of one kind, by name."""

    items: tuple[TypedDocument, ...]


class ClusterNode(_Answer):
    """One node of the cluster, as the node asked sees it."""

    node: str
    here: bool
    "It is the node asked."
    linked: bool
    "There is a link to it; of the node asked always true."
    url: str = ""
    "Of its HTTP API, for browsers too; empty where it is not known."
    leads: tuple[str, ...] = ()
    "Routing domains."


class Cluster(_Answer):
    """The nodes and who leads."""

    node: str
    "The node asked."
    draining: bool
    nodes: tuple[ClusterNode, ...]
    domains: tuple[DomainLeader, ...]
    etcd: StoreStatus
    redis: StoreStatus


class Statistics(_Answer):
    """What the node asked has counted since it started."""

    node: str
    up_s: float
    counts: dict[str, float]


class AuditRecord(_Answer):
    """One administrative act: who asked this API for what, why, and what it answered."""

    at_unix_s: float
    node: str
    act: str
    "The operation, as the OpenAPI document names it."
    path: str
    author: str = ""
    "As they named themselves; empty: not at all."
    who: str = ""
    "Whose session it was; empty: the node's own token was used."
    subject: str = ""
    "Of a session that was begun or ended its id."
    reason: str = ""
    remote: str = ""
    "Address that it came from."
    status: int
    "HTTP status of the answer."
    problem: str = ""


class Audit(_Page):
    """Acts, newest last: of all nodes while Redis is in reach, else of the node asked."""

    acts: tuple[AuditRecord, ...]
    all_nodes: bool
