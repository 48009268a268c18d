"""When a policy may not be changed."""

from math import inf

from policy_texts import network_texts, policy_text, text_of

from routing_policies.document import NetworkDocuments, assemble
from routing_policies.freeze import Freeze, open_freeze, tenants_of

NOON_UNIX_S = 1_800_014_400.0  # 2027-01-15 12:00 UTC, a Friday
NIGHT = 'time_zone: UTC, hours: [{days: [fri], from: "20:00", to: "06:00"}]'


def documents(**more: str) -> NetworkDocuments:
    texts = {
        **network_texts("lisbon"),
        "RoutingPolicy/default": policy_text(),
        "RoutingPolicy/special": policy_text("special"),
        "Calendar/night": text_of("Calendar", "night", NIGHT),
        "Tenant/default": text_of("Tenant", "default", "change_freeze: night"),
        **{key.replace("_", "/"): text for key, text in more.items()},
    }
    return assemble({key: (text, 1) for key, text in texts.items()}, 1)


def test_a_freeze_stands_while_its_calendar_is_open() -> None:
    found = documents()
    assert open_freeze(found, "default", NOON_UNIX_S) is None
    freeze = open_freeze(found, "default", NOON_UNIX_S + 9 * 3600)
    assert freeze is not None and freeze.ends_in_s == 9 * 3600
    assert "frozen for 9 h 0 min more (Calendar night)" in freeze.told


def test_it_holds_for_the_policies_of_the_tenant_alone() -> None:
    found = documents()
    assert open_freeze(found, "special", NOON_UNIX_S + 9 * 3600) is None
    tenant = text_of("Tenant", "default", "change_freeze: night, policy: special")
    named = documents(Tenant_default=tenant)
    assert tenants_of(named, "special") == {"default"} and not tenants_of(named, "default")


def test_a_freeze_without_an_end() -> None:
    freeze = Freeze(tenant="a", calendar="always", ends_in_s=inf)
    assert "without an end" in freeze.told
