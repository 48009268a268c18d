"""What the loop for ideal networks does not model.

Rule of this file: each thing is refused by name, so that another engine is chosen. The loop judges
queues by their length and keeps no past of them: a policy that reads that past is not for it.
"""

from __future__ import annotations

import re

from routing_policies import columns as c
from simulator.compiled.networked_problem import problem_of_documents
from simulator.compiled.policies import Policies
from simulator.model.network import NetworkModel

_PAST = {
    c.Q_EWT_LOW: "the range of the expected wait",
    c.Q_EWT_HIGH: "the range of the expected wait",
    c.Q_SERVICE_LEVEL: "the service level of the last minutes",
}
_PATIENCE = re.compile(r"\b(?:queue|origin)\.patience_s\b")
"By name: each expected wait has the column, too, for an estimator that is never chosen here."


def problem_of_ideal(model: NetworkModel, policies: Policies) -> str:
    """Empty if the loop models all of it, else what it does not; where policies move calls."""
    if any(site.rules for site in model.sites):
        return "a site's own rules about asking"
    if policies.announces:
        return "announcements in ideal networks"
    for policy in policies.used:
        found = {what for column, what in _PAST.items() if f"queues[{column}]" in policy.text}
        if _PATIENCE.search(str(policy.document.spec)):
            found.add("measured patience")
        if found:
            return f"{min(found)} in policies of ideal networks ({policy.name})"
    return problem_of_documents(model)
