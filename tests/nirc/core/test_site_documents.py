"""A site is sent what concerns it, once."""

from __future__ import annotations

import json

from router_network import documents

from nirc.core.actions import Action, RaiseAlarm, SendToSite
from nirc.core.alarms import Alarms
from nirc.core.settings import RouterSettings
from nirc.core.site_documents import SiteDocumentSender
from nrcli.wire.messages import SiteDocuments

TENANT = "kind: Tenant\nmetadata: {name: %s}\nspec: {lists: [{name: vip, numbers: ['%s']}]}\n"
SERVICE = "kind: NetworkService\nmetadata: {name: %s}\nspec: {queue: sales, tenant: %s}\n"
CALENDAR = "kind: Calendar\nmetadata: {name: office}\nspec: {time_zone: UTC}\n"
PLAN = (
    "kind: DialedNumberPlan\nmetadata: {name: all}\nspec: {country: PT, entries: [{number: "
    "'+351210000001', service: sales}]}\n"
)
MORE = {
    "Tenant/default": TENANT % ("default", "+3519*"),
    "Tenant/acme": TENANT % ("acme", "+44*"),
    "NetworkService/theirs": SERVICE % ("theirs", "acme"),
    "Calendar/office": CALENDAR,
    "DialedNumberPlan/all": PLAN,
}


def sent(out: list[Action]) -> dict[str, dict[str, str]]:
    found = {}
    for action in out:
        if isinstance(action, SendToSite):
            assert isinstance(action.message, SiteDocuments)
            found[action.site] = json.loads(action.message.documents)
    return found


def sender(**settings: int) -> SiteDocumentSender:
    used = RouterSettings(**settings)  # type: ignore[arg-type]
    return SiteDocumentSender(used, Alarms(used))


def test_a_site_gets_its_own_and_its_tenants_documents() -> None:
    out: list[Action] = []
    sender().link_up("porto", documents(["lisbon", "porto"], more=MORE), out)
    assert list(sent(out)["porto"]) == [
        "Site/porto",
        "Calendar/office",
        "NetworkService/sales",
        "DialedNumberPlan/all",
        "Tenant/default",
    ]


def test_a_change_is_sent_to_those_whom_it_concerns() -> None:
    sends, before = sender(), documents(["lisbon", "porto"], more=MORE)
    for site in ("lisbon", "porto"):
        sends.link_up(site, before, [])
    out: list[Action] = []
    sends.changed(("lisbon", "porto"), before, out)
    assert out == []
    theirs = MORE | {"Site/porto": "kind: Site\nmetadata: {name: porto}\nspec: {time_zone: UTC}\n"}
    sends.changed(("lisbon", "porto"), documents(["lisbon"], more=theirs), out)
    assert list(sent(out)) == ["porto"]
    out.clear()
    sends.link_up("lisbon", before, out)
    assert list(sent(out)) == ["lisbon"], "it may have lost what it had"


def test_what_is_too_large_is_left_out_and_told() -> None:
    out: list[Action] = []
    sends = sender(site_documents_bytes_max=500)
    sends.link_up("porto", documents(["porto"], more=MORE), out)
    assert "Tenant/default" not in sent(out)["porto"]
    alarm = next(one for one in out if isinstance(one, RaiseAlarm))
    assert (alarm.code, alarm.place) == ("site_documents_too_large", "porto")


def test_a_site_of_another_network_gets_nothing() -> None:
    out: list[Action] = []
    sender().link_up("nowhere", documents(["porto"]), out)
    sender().link_up("porto", None, out)
    assert out == []


def test_a_number_pool_goes_to_its_owner_alone() -> None:
    pool = (
        "kind: NumberPool\nmetadata: {name: moves}\n"
        "spec: {site: lisbon, numbers: ['+351210000009']}\n"
    )
    network = documents(["lisbon", "porto"], more={"NumberPool/moves": pool})
    out: list[Action] = []
    used = sender()
    used.link_up("porto", network, out)
    used.link_up("lisbon", network, out)
    assert {site: "NumberPool/moves" in told for site, told in sent(out).items()} == {
        "porto": False,
        "lisbon": True,
    }
