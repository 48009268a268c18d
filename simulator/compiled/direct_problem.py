"""What the loop for ideal networks does not model.

Rule of this file: each thing is refused by name, so that another engine is chosen. The loop judges
queues by their length and keeps no past of them: a policy that reads that past is not for it.
"""

from __future__ import annotations

import re

from routing_policies import columns as c
from simulator.compiled.direct_ways import DirectWays
from simulator.compiled.networked_problem import problem_of_documents, problem_of_policies
from simulator.compiled.policies import Policies
from simulator.compiled.router_tables import router_tables
from simulator.model.network import NetworkModel

_PAST = {
    c.Q_EWT_LOW: "the range of the expected wait",
    c.Q_EWT_HIGH: "the range of the expected wait",
    c.Q_SERVICE_LEVEL: "the service level of the last minutes",
    c.Q_REPORTED_AT: "the age of what is known",
    c.Q_SITE_REPORTED_AT: "the age of what is known",
}
_NAMED = {
    "patience_s": "measured patience",
    "last_wait_s": "the wait of the last call",
}
"By name: each expected wait has the columns, too, for an estimator that is never chosen here."


def problem_of_ideal(model: NetworkModel, policies: Policies) -> str:
    """Empty if the loop models all of it, else what it does not."""
    if any(site.rules for site in model.sites):
        return "a site's own rules about asking"
    for ingress, one in enumerate(model.ingresses):
        if any(model.home_row(ingress, site) < 0 for site, _ in one.entries):
            return f"calls of ingress {one.name} at a site without a queue for them"
    if found := problem_of_documents(model) or problem_of_policies(policies):
        return found
    if not policies.matters:
        return ""
    if any(fault.kind == "site" for fault in model.faults):
        return "lost sites where policies move calls"
    return _of_policies(policies) or DirectWays(model, policies, router_tables(model)[1]).problem


def _of_policies(policies: Policies) -> str:
    if policies.announces:
        return "announcements in ideal networks"
    for policy in policies.used:
        spec = str(policy.document.spec)
        if any(feature.kind.startswith("calendar") for feature in policy.features):
            return f"calendars in policies of ideal networks ({policy.name})"
        if policies.queues:
            return f"calls that wait in the network queue of ideal networks ({policy.name})"
        if "broadcast" in spec:
            return f"calls that ring all agents of a queue, in ideal networks ({policy.name})"
        found = {what for column, what in _PAST.items() if f"queues[{column}]" in policy.text}
        found |= {
            what
            for name, what in _NAMED.items()
            if re.search(rf"\b(?:queue|origin)\.{name}\b", spec)
        }
        if found:
            return f"{min(found)} in policies of ideal networks ({policy.name})"
    return ""
