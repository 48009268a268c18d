import json
from typing import Any

import pytest

from routing_policies.errors import DocumentError
from routing_policies.loading import load_document
from routing_policies.peer_plan_kinds import PeerPlanDoc

SPEC: dict[str, Any] = {
    "serial": 7,
    "valid_until": "2027-01-31T00:00:00Z",
    "sites": [
        {"site": "porto", "host": "10.0.0.2", "port": 5062},
        {"site": "faro", "host": "10.0.0.3", "port": 5062, "transport": "tcp"},
    ],
    "services": [
        {
            "service": "sales",
            "peers": [
                {"site": "porto", "queue": "sales", "share": 0.7},
                {"site": "faro", "queue": "vendas", "share": 0.3, "calls_max": 5},
            ],
        }
    ],
}


def written(**changed: Any) -> PeerPlanDoc:
    document = {
        "apiVersion": "nirc/v1",
        "kind": "PeerPlan",
        "metadata": {"name": "network"},
        "spec": SPEC | changed,
    }
    read = load_document(json.dumps(document), source="plan.yaml")
    assert isinstance(read, PeerPlanDoc)
    return read


def test_a_plan_is_found_by_service_and_site() -> None:
    plan = written()
    assert plan.valid_until_unix_s == 1801353600.0
    assert plan.spec.methods == ("bridge",)
    peer = plan.peer("sales", "faro")
    assert peer is not None and (peer.queue, peer.calls_max) == ("vendas", 5)
    assert plan.peer("sales", "lisbon") is None and plan.peer("support", "faro") is None
    assert plan.service("support") is None


def test_a_plan_without_services_withdraws_the_one_before() -> None:
    assert written(services=[], sites=[]).spec.services == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"valid_until": "2027-02-31T00:00:00Z"}, "no day of the calendar"),
        ({"valid_until": "next year"}, "moment in UTC"),
        ({"sites": SPEC["sites"][:1]}, "faro has no address"),
        ({"sites": [*SPEC["sites"], SPEC["sites"][0]]}, "porto is given twice"),
        ({"services": SPEC["services"] * 2}, "sales is given twice"),
        ({"methods": ["bridge", "bridge"]}, "bridge is given twice"),
        ({"methods": ["refer"]}, "bridge"),
        ({"serial": 0}, "serial"),
        ({"sites": [{"site": "porto", "host": "porto.example", "port": 1}]}, "IP address"),
    ],
)
def test_what_is_wrong_is_told(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(DocumentError, match=told):
        written(**changed)
