"""Which queues serve a service follows from the documents."""

from __future__ import annotations

import sys

from policy_texts import text_of
from router_network import ask, documents

from nirc.core.active_policy import ActivePolicy
from nirc.core.overload import NO_BUDGET, Budget
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from routing_policies import reasons
from routing_policies.compiler import compile_policy
from routing_policies.document import assemble
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.loading import load_document

HEAD = "apiVersion: nirc/v1\n"


def served(active: ActivePolicy, service: str) -> list[int]:
    """Rows of all sites, as ways from nowhere."""
    return active.ways("nowhere", ask(service=service), 1.0).rows


def test_before_documents_a_queue_of_the_same_name_serves() -> None:
    table = QueueTable()
    active = ActivePolicy(RouterSettings(), table)
    row = table.row("porto", "sales")
    assert active.knows("porto")
    assert active.rows("unknown", "sales") == [row]
    assert active.rows("unknown", "other") == []


def test_sites_name_the_queues_that_serve_a_service() -> None:
    site = "kind: Site\nmetadata: {name: %s}\nspec: {queues: [%s]}\n"
    service = "kind: NetworkService\nmetadata: {name: %s}\nspec: {queue: sales, aht_s: 42}\n"
    texts = {
        "Site/porto": site % ("porto", "{name: frontdesk, services: [sales]}"),
        "Site/faro": site % ("faro", "{name: sales, services: [vip]}"),
        "Site/beja": site % ("beja", ""),
        "NetworkService/sales": service % "sales",
        "NetworkService/vip": service % "vip",
    }
    table = QueueTable()
    active = ActivePolicy(RouterSettings(), table)
    front = table.row("porto", "frontdesk")
    faro, beja = table.row("faro", "sales"), table.row("beja", "sales")
    active.change(assemble({k: (HEAD + text, 1) for k, text in texts.items()}, 3), 1.0)
    assert served(active, "sales") == [beja, front]
    assert served(active, "vip") == [beja, faro]
    late = table.row("porto", "sales")
    assert served(active, "sales") == [beja, front, late], "in the order of site, then queue"
    assert not active.knows("nowhere")
    active.change(documents(["porto"]), 2.0)
    assert served(active, "sales") == [late]


def test_ways_are_kept_until_something_changes_and_lead_elsewhere() -> None:
    table = QueueTable()
    active = ActivePolicy(RouterSettings(ways_kept_max=2), table)
    active.change(documents(["lisbon", "porto"]), 1.0)
    rows = [table.row(site, "sales") for site in ("porto", "lisbon")]
    ways = active.ways("lisbon", ask(), 1.0)
    assert (ways.rows, ways.sites, ways.queues, ways.barred) == (
        rows[:1],
        ["porto"],
        ["sales"],
        [0.0],
    )
    assert active.ways("lisbon", ask(), 1.0) is ways
    assert active.ways("lisbon", ask(trunk_group="isdn"), 1.0).barred == [reasons.NO_PATH]
    active.ways("lisbon", ask(answered=True), 1.0)
    assert active.ways("lisbon", ask(), 1.0) is not ways, "their number is bounded"


def test_every_version_in_use_is_known() -> None:
    active = ActivePolicy(RouterSettings(), QueueTable())
    assert [one.name for one in active.policies()] == ["default"]
    active.change(documents(["porto"]), 1.0)
    assert not active.wants_data
    assert active.built_in.version == 0


def test_policies_that_only_dry_runs_knew_are_not_kept() -> None:
    table = QueueTable()
    for site in ("faro", "porto"):
        table.row(site, "sales")
    active = ActivePolicy(RouterSettings(), table)
    text = text_of("RoutingPolicy", "p", "rules: [{name: a, action: redirect, to: {%s}}]")
    document = load_document(text % "site: porto, queue: sales", source="x")
    assert isinstance(document, RoutingPolicyDoc)
    policy = compile_policy(document, 1, source="x")
    held_count = sys.getrefcount(policy)
    assert policy.redirects == (("porto", "sales"),)
    active.ways("faro", ask(), 1.0, policy.redirects)
    assert sys.getrefcount(policy) == held_count


def test_a_tenants_budget_follows_from_the_service_of_a_call() -> None:
    tenant = "kind: Tenant\nmetadata: {name: %s}\nspec: {limits: {%s}}\n"
    service = "kind: NetworkService\nmetadata: {name: %s}\nspec: {queue: sales, tenant: %s}\n"
    more = {
        "Tenant/acme": tenant % ("acme", "requests_open_max: 5, requests_per_s: 2.5"),
        "Tenant/other": tenant % ("other", "calls_max: 5"),
        "NetworkService/acme-sales": service % ("acme-sales", "acme"),
        "NetworkService/other-sales": service % ("other-sales", "other"),
    }
    active = ActivePolicy(RouterSettings(), QueueTable())
    assert active.budget_of("acme-sales") is NO_BUDGET
    active.change(documents(["porto"], more=more), 1.0)
    assert active.budget_of("acme-sales") == Budget("acme", open_max=5, per_s=2.5)
    for other in ("other-sales", "sales", "unknown"):
        assert active.budget_of(other) is NO_BUDGET
