"""Numbers to services and entry sites, from the documents alone."""

from router_network import documents, policy_text

from nirc.core.active_policy import ActivePolicy
from nirc.core.entry_sites import EntrySites
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from nirc.core.site_liveness import SiteLiveness
from routing_policies.call_numbers import CallHeard

PLAN = (
    "kind: DialedNumberPlan\nmetadata: {name: all}\nspec:\n  country: PT\n  entries:\n"
    "  - {number: '+351800100100', service: sales, entry_sites: [porto, faro]}\n"
    "  - {number: '+351800100200', service: sales, calendar: day}\n"
)
LONGEST = "{name: longest, select: longest_available, action: route}"
TABLE = (
    "kind: SiteTable\nmetadata: {name: all}\nspec: {addresses: ["
    "{site: faro, trunk_group: network, host: 192.0.2.1, port: 5061},"
    "{site: porto, trunk_group: network, host: 192.0.2.2, port: 5062, transport: tcp},"
    "{site: porto, trunk_group: other, host: 192.0.2.3, port: 5063}]}\n"
)
DAY = (
    "kind: Calendar\nmetadata: {name: day}\nspec: {time_zone: UTC, hours: "
    "[{days: [mon, tue, wed, thu, fri, sat, sun], from: '08:00', to: '20:00'}]}\n"
)


def entries() -> tuple[EntrySites, ActivePolicy]:
    settings = RouterSettings()
    active = ActivePolicy(settings, QueueTable())
    return EntrySites(active, SiteLiveness(settings)), active


def with_documents() -> tuple[EntrySites, ActivePolicy]:
    found, active = entries()
    more = {"DialedNumberPlan/all": PLAN, "SiteTable/all": TABLE, "Calendar/day": DAY}
    more["RoutingPolicy/default"] = policy_text(LONGEST)
    active.change(documents(["faro", "porto"], more=more), 1.0)
    return found, active


def dialed(number: str) -> CallHeard:
    return CallHeard(trunk_group="network", called={"request_uri": number}, caller="+351912345678")


def test_before_the_first_documents_nothing_is_known() -> None:
    found, _ = entries()
    assert found.read(dialed("+351800100100"), 1.0) is None
    assert found.address("porto", "network") is None


def test_a_number_names_its_service_and_entry_sites_in_order() -> None:
    found, _ = with_documents()
    read = found.read(dialed("sip:800100100@edge"), 1.0)
    assert read is not None
    assert (read.service, read.dialed_number, read.ani) == (
        "sales",
        "+351800100100",
        "+351912345678",
    )
    assert read.entry_sites == ("porto", "faro")


def test_calendars_of_the_plan_hold_here_too() -> None:
    found, active = with_documents()
    for hour, service in ((3, ""), (12, "sales")):
        active.hours.read(hour * 3600.0, 1.0)
        read = found.read(dialed("+351800100200"), 1.0)
        assert read is not None
        assert read.service == service
    assert read.entry_sites == ("faro", "porto"), "every site that serves it, by name"


def test_only_sites_with_an_address_on_the_trunk_group_can_be_used() -> None:
    found, _ = with_documents()
    assert set(found.usable(("porto", "faro", "nowhere"), "network")) == {"porto", "faro"}
    assert found.usable(("porto", "faro"), "other") == ("porto",)
    assert found.address("porto", "network") == ("192.0.2.2", 5062, "tcp")


def test_a_name_of_the_table_is_what_edges_are_told() -> None:
    found, active = entries()
    table = TABLE.replace("port: 5062", "port: 5062, name: sip.porto.example")
    more = {"SiteTable/all": table, "RoutingPolicy/default": policy_text(LONGEST)}
    active.change(documents(["faro", "porto"], more=more), 1.0)
    assert found.usable(["porto", "faro"], "network") == ("porto", "faro")
    assert found.address("porto", "network") == ("sip.porto.example", 0, "tcp")
    assert found.address("faro", "network") == ("192.0.2.1", 5061, "udp")
