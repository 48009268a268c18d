"""All kinds of documents: the import point for their models.

Rule of this file: names only. The models, and an example of each kind, stand in `network_kinds`
(what the network is), `calendar_kinds` (time and numbers), `policy_kinds` (where calls go),
`handler_kinds` (who takes callers whom nobody serves), `peer_plan_kinds` (what sites do without
NIRC) and `alarm_kinds` (who is told what).
"""

from __future__ import annotations

from routing_policies.alarm_kinds import AlarmRulesDoc
from routing_policies.calendar_kinds import CalendarDoc, DialedNumberPlanDoc
from routing_policies.handler_kinds import HandlerDoc
from routing_policies.kinds_base import ANY_SITE, API_VERSION, AnyDocument, Strict
from routing_policies.network_kinds import (
    NumberPoolDoc,
    PathDoc,
    PathSpec,
    PlanDoc,
    ServiceDoc,
    SiteAddress,
    SiteDoc,
    SiteTableDoc,
    TenantDoc,
)
from routing_policies.peer_plan_kinds import PeerPlanDoc
from routing_policies.policy_kinds import (
    NamedTarget,
    Otherwise,
    OverflowRulesDoc,
    RoutingPolicyDoc,
    Rule,
    Select,
)

__all__ = [
    "ANY_SITE",
    "API_VERSION",
    "KINDS",
    "AlarmRulesDoc",
    "AnyDocument",
    "CalendarDoc",
    "DialedNumberPlanDoc",
    "Document",
    "HandlerDoc",
    "NamedTarget",
    "NumberPoolDoc",
    "Otherwise",
    "OverflowRulesDoc",
    "PathDoc",
    "PathSpec",
    "PeerPlanDoc",
    "PlanDoc",
    "RoutingPolicyDoc",
    "Rule",
    "Select",
    "ServiceDoc",
    "SiteAddress",
    "SiteDoc",
    "SiteTableDoc",
    "Strict",
    "TenantDoc",
]

Document = (
    SiteDoc
    | ServiceDoc
    | PathDoc
    | SiteTableDoc
    | RoutingPolicyDoc
    | OverflowRulesDoc
    | DialedNumberPlanDoc
    | CalendarDoc
    | NumberPoolDoc
    | PlanDoc
    | TenantDoc
    | PeerPlanDoc
    | HandlerDoc
    | AlarmRulesDoc
)

KINDS: dict[str, type[Document]] = {
    "Site": SiteDoc,
    "NetworkService": ServiceDoc,
    "Path": PathDoc,
    "SiteTable": SiteTableDoc,
    "RoutingPolicy": RoutingPolicyDoc,
    "OverflowRules": OverflowRulesDoc,
    "DialedNumberPlan": DialedNumberPlanDoc,
    "Calendar": CalendarDoc,
    "NumberPool": NumberPoolDoc,
    "Plan": PlanDoc,
    "Tenant": TenantDoc,
    "PeerPlan": PeerPlanDoc,
    "Handler": HandlerDoc,
    "AlarmRules": AlarmRulesDoc,
}
