from typing import Any

import yaml

from routing_policies.kinds import Document
from routing_policies.loading import load_document
from routing_policies.peer_plan_draft import draft
from routing_policies.peer_plan_kinds import PeerPlanDoc

UNTIL = "2027-01-31T00:00:00Z"


def written(kind: str, name: str, spec: dict[str, Any]) -> Document:
    document = {"apiVersion": "nirc/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
    return load_document(yaml.safe_dump(document), source=name)


def address(site: str, trunk_group: str = "network") -> dict[str, Any]:
    return {"site": site, "trunk_group": trunk_group, "host": "10.0.0.1", "port": 5062}


TABLE = written("SiteTable", "t", {"addresses": [address("lisbon"), address("porto")]})
SALES = written("NetworkService", "sales", {"queue": "sales"})
LISBON = written("Site", "lisbon", {"queues": [{"name": "vendas", "services": ["sales"]}]})
PORTO = written("Site", "porto", {"queues": [{"name": "sales"}]})
PATH = {
    "from_site": "lisbon",
    "trunk_group": "carrier",
    "to_site": "*",
    "methods": ["bridge"],
    "arrives_on": "network",
    "set_up_p99_s": 2.0,
}


def test_every_site_that_serves_a_service_is_a_peer_for_it() -> None:
    found = [TABLE, SALES, LISBON, PORTO, written("Path", "p", PATH)]
    text, problems = draft(found, serial=3, valid_until=UNTIL, trunk_group="network")
    plan = load_document(text, source="draft")
    assert isinstance(plan, PeerPlanDoc) and problems == []
    assert (plan.spec.serial, plan.spec.set_up_p99_s) == (3, 2.0)
    peers = [(peer.site, peer.queue) for peer in plan.spec.services[0].peers]
    assert peers == [("lisbon", "vendas"), ("porto", "sales")]


def test_what_is_left_out_is_told() -> None:
    faro = written("Site", "faro", {})
    support = written("NetworkService", "support", {"queue": "support"})
    found = [TABLE, SALES, support, LISBON, PORTO, faro]
    text, problems = draft(found, serial=1, valid_until=UNTIL, trunk_group="network")
    assert "faro" not in text
    assert [problem.partition(":")[0] for problem in problems] == [
        "Site/faro",
        "NetworkService/support",
    ]


def test_nothing_to_draft_from_is_no_plan() -> None:
    text, problems = draft([LISBON], serial=1, valid_until=UNTIL, trunk_group="network")
    assert text == "" and problems
    assert draft([], serial=1, valid_until=UNTIL, trunk_group="network")[1]
