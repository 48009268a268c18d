"""What the loop for networks that are not ideal does not model.

Rule of this file: each thing is refused by name, so that another engine is chosen; nothing is left
out in silence.
"""

from __future__ import annotations

from routing_policies.network_kinds import GuardRails, SiteSpec
from simulator.compiled.networked_layout import SET_BITS, SET_WORDS
from simulator.compiled.networked_tables import ACTIONS, Tables
from simulator.compiled.policies import Policies
from simulator.model.network import NetworkModel

SITES_MAX = SET_WORDS * SET_BITS
"Sites that a call has visited are kept as bits."


def problem_of(model: NetworkModel, policies: Policies) -> str:
    """Empty if the loop models all of it, else what it does not."""
    return (
        _of_network(model)
        or _of_sites(model)
        or problem_of_documents(model, ages=True)
        or problem_of_policies(policies)
        or Tables(model, policies).ways.problem
    )


def _of_network(model: NetworkModel) -> str:
    if model.ideal:
        return "ideal networks"
    if model.faults:
        return "faults in networks that are not ideal"
    if model.nodes_count > 1:
        return "more than one node"
    if len(model.sites) > SITES_MAX:
        return f"more than {SITES_MAX} sites that are not ideal"
    return ""


def _of_sites(model: NetworkModel) -> str:
    for site in model.sites:
        if site.rules:
            return f"own rules about asking ({site.name})"
        if site.requery_us <= 0:
            return f"questions without a pause between ({site.name})"
    return ""


def problem_of_documents(model: NetworkModel, *, ages: bool = False) -> str:
    """Empty if the documents hold nothing that a compiled loop does not model; `ages`: priorities
    may grow."""
    if model.callbacks is not None:
        return "callers who are called back"
    documents = model.documents
    for service in model.services:
        known = documents.services.get(service.name)
        if known is not None and known.spec.ageing is not None and not ages:
            return f"priorities that grow with waiting ({service.name})"
        if documents.policy_of(service.name).rollout is not None:
            return f"policies that are rolled out step by step ({service.name})"
    for site in model.sites:
        found = documents.sites.get(site.name)
        spec = found.spec if found is not None else SiteSpec()
        if spec.guard_rails != GuardRails():
            return f"guard rails ({site.name})"
        if spec.calendar or any(queue.calendar for queue in spec.queues):
            return f"calendars of sites and queues ({site.name})"
        for queue in spec.queues:
            if queue.on_unstaffed or queue.stop_accepting:
                return f"queues that send callers on without staff ({site.name})"
    return ""


def problem_of_policies(policies: Policies) -> str:
    """Empty if the policies say nothing that no compiled loop knows: calling back, and whatever
    actions there will be."""
    for policy in policies.used:
        spec = policy.document.spec
        for action in (spec.otherwise.action, *(rule.action for rule in spec.rules)):
            if action not in ACTIONS:
                return f"the action {action} ({policy.name})"
    return ""
