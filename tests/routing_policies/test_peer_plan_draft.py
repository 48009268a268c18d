from typing import Any

import yaml

from routing_policies.kinds import Document
from routing_policies.loading import load_document
from routing_policies.peer_plan_draft import draft
from routing_policies.peer_plan_kinds import PeerPlanDoc
from routing_policies.peer_plan_shares import Capacity

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
    "proven": True,
}
BACK = PATH | {"from_site": "porto"}


def test_every_site_that_serves_a_service_is_a_peer_for_it() -> None:
    found = [TABLE, SALES, LISBON, PORTO, written("Path", "p", PATH), written("Path", "b", BACK)]
    drafted = draft(found, serial=3, valid_until=UNTIL, trunk_group="network")
    text, problems = drafted.text, drafted.problems
    plan = load_document(text, source="draft")
    assert isinstance(plan, PeerPlanDoc) and problems == []
    assert (plan.spec.serial, plan.spec.set_up_p99_s) == (3, 2.0)
    peers = [(peer.site, peer.queue) for peer in plan.spec.services[0].peers]
    assert peers == [("lisbon", "vendas"), ("porto", "sales")]


def test_what_is_left_out_is_told() -> None:
    faro = written("Site", "faro", {})
    support = written("NetworkService", "support", {"queue": "support"})
    found = [TABLE, SALES, support, LISBON, PORTO, faro]
    drafted = draft(found, serial=1, valid_until=UNTIL, trunk_group="network")
    text, problems = drafted.text, drafted.problems
    assert "faro" not in text
    assert [problem.partition(":")[0] for problem in problems] == [
        "Site/faro",
        "NetworkService/support",
    ]


def test_nothing_to_draft_from_is_no_plan() -> None:
    drafted = draft([LISBON], serial=1, valid_until=UNTIL, trunk_group="network")
    assert drafted.text == "" and drafted.problems
    assert draft([], serial=1, valid_until=UNTIL, trunk_group="network").problems


def test_shares_follow_from_who_is_at_work_and_the_reason_stands_above() -> None:
    known = {("lisbon", "vendas"): Capacity(agents=6.0), ("porto", "sales"): Capacity(agents=2.0)}
    drafted = draft(
        [TABLE, SALES, LISBON, PORTO],
        serial=1,
        valid_until=UNTIL,
        trunk_group="network",
        capacities=known,
    )
    assert drafted.text.startswith("# sales: shares by agents at work now")
    plan = load_document(drafted.text, source="draft")
    assert isinstance(plan, PeerPlanDoc)
    peers = plan.spec.services[0].peers
    assert [(peer.share, peer.calls_max) for peer in peers] == [(0.75, 6), (0.25, 2)]


def test_a_site_that_no_path_leads_to_is_no_peer() -> None:
    found = [TABLE, SALES, LISBON, PORTO, written("Path", "p", PATH)]
    drafted = draft(found, serial=1, valid_until=UNTIL, trunk_group="network")
    assert drafted.text == ""
    assert "NetworkService/sales: lisbon: no proven path for bridges leads there" in (
        drafted.problems
    )
