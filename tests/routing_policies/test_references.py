"""Names that lead nowhere, and things that two documents claim."""

from __future__ import annotations

import pytest
from network_texts import GOOD, PATH, texts

from routing_policies import references
from routing_policies.assembly import assemble
from routing_policies.errors import DocumentError

PEERS = "serial: 1, valid_until: '2027-01-31T00:00:00Z', {}"
HERE = "sites: [{{site: {}, host: 127.0.0.1, port: 1}}]"
OFFERED = "services: [{service: x, peers: [{site: porto, queue: front}]}]"
WAYS = (
    PEERS.format(HERE.format("porto")) + ", services: [{service: sales, peers: [{site: porto, "
    "queue: front, ways: [{trunk_group: carrier, %s}]}]}]"
)
PLAN = "country: PT, entries: [{{number: '1', {}}}]"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"Site__a": "tenant: acme"}, "spec.tenant there is no Tenant acme"),
        ({"Site__a": "calendar: c"}, "spec.calendar there is no Calendar c"),
        ({"Site__a": "queues: [{name: q, calendar: c}]"}, "spec.queues[0].calendar there is no"),
        ({"NetworkService__b": "queue: front, tenant: x"}, "there is no Tenant x"),
        ({"NetworkService__b": "queue: sales, policy: mina"}, "(did you mean mine?)"),
        ({"Tenant__t": "policy: x"}, "there is no RoutingPolicy x"),
        ({"Tenant__t": "change_freeze: x"}, "there is no Calendar x"),
        ({"DialedNumberPlan__d": PLAN.format("service: x")}, "there is no NetworkService x"),
        ({"DialedNumberPlan__d": PLAN.format("service: sales, site: x")}, "there is no Site x"),
        ({"DialedNumberPlan__d": PLAN.format("service: sales, calendar: x")}, "no Calendar x"),
        ({"NumberPool__p": "site: x, numbers: ['1']"}, "there is no Site x"),
        ({"PeerPlan__p": PEERS.format(HERE.format("x"))}, "spec.sites[0].site there is no Site x"),
        (
            {"PeerPlan__p": PEERS.format(f"{HERE.format('porto')}, {OFFERED}")},
            "spec.services[0].service there is no NetworkService x",
        ),
        ({"PeerPlan__p": WAYS % "from_site: x"}, "ways[0].from_site there is no Site x"),
        (
            {"PeerPlan__p": WAYS % "from_site: lisbon"},
            "no Path from lisbon/carrier to porto does bridge",
        ),
        (
            {
                "PeerPlan__p": WAYS % "from_site: lisbon, number: '+351220'",
                "Path__out": PATH.format("lisbon", "*").replace("refer", "bridge"),
                "NumberPool__b": "site: porto, numbers: ['+351220']",
            },
            "+351220 is lent by NumberPool/b",
        ),
        ({"Plan__p": "lasts_s: 1, closed_sites: [x]"}, "spec.closed_sites[0] there is no Site x"),
        ({"Plan__p": "lasts_s: 1, paths_off: [x]"}, "there is no Path x"),
        (
            {"Plan__p": "lasts_s: 1, service_policies: [{service: x, policy: mine}]"},
            "there is no NetworkService x",
        ),
        (
            {"Plan__p": "lasts_s: 1, service_policies: [{service: sales, policy: x}]"},
            "there is no RoutingPolicy x",
        ),
        (
            {
                "NetworkService__a": "queue: sales, numbers: ['+1']",
                "NetworkService__b": "queue: sales, numbers: ['+1']",
            },
            "+1 belongs to NetworkService/a already",
        ),
        (
            {
                "NetworkService__a": "queue: sales, numbers: ['+1']",
                "NumberPool__b": "site: porto, numbers: ['+1']",
            },
            "+1 belongs to NetworkService/a already",
        ),
        ({"Path__x": PATH.format("lisbon", "prto")}, "(did you mean porto?)"),
    ],
)
def test_what_is_told(changes: dict[str, str], told: str) -> None:
    with pytest.raises(DocumentError) as caught:
        assemble(GOOD | texts(**changes), 1)
    assert told in str(caught.value)
    assert all(fault.line and fault.remedy for fault in caught.value.faults)


def test_two_names_with_one_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "name_id", lambda name: float(len(name)))
    with pytest.raises(DocumentError, match="are the same to a policy"):
        assemble(GOOD, 1)
