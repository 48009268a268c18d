"""Where agents may send callers."""

import pytest

from site_agent.adapters.sip_acd.dial_classes import DialClasses, WantedKind
from site_agent.adapters.sip_acd.settings import TransferClass, TransferSettings

FRONT = TransferClass(
    name="front", agents=("anna",), services=("billing",), numbers=("+351*", "+441234567")
)
BACK = TransferClass(name="back", queues=("sales",), services=("*",))
SETTINGS = TransferSettings(short_numbers={"801": "billing"}, classes=(FRONT, BACK))


def classes(settings: TransferSettings = SETTINGS) -> DialClasses:
    return DialClasses(settings, ("112",), {"billing", "sales"}.__contains__)


@pytest.mark.parametrize(
    ("user", "kind", "name"),
    [
        ("service-sales", WantedKind.SERVICE, "sales"),
        ("sales", WantedKind.SERVICE, "sales"),
        ("801", WantedKind.SERVICE, "billing"),
        ("112", WantedKind.EMERGENCY, "112"),
        ("+351210000001", WantedKind.NUMBER, "+351210000001"),
        ("service-nowhere", WantedKind.UNKNOWN, "service-nowhere"),
        ("nirc-" + "a" * 26, WantedKind.UNKNOWN, "nirc-" + "a" * 26),
        ("", WantedKind.UNKNOWN, ""),
    ],
)
def test_what_an_address_asks_for(user: str, kind: WantedKind, name: str) -> None:
    wanted = classes().wanted(user)
    assert (wanted.kind, wanted.name) == (kind, name)


@pytest.mark.parametrize(
    ("agent", "queues", "user", "allowed"),
    [
        ("anna", (), "billing", True),
        ("anna", (), "sales", False),
        ("anna", ("sales",), "sales", True),
        ("rita", (), "billing", False),
        ("anna", (), "+351210000001", True),
        ("anna", (), "+441234567", True),
        ("anna", (), "+4412345678", False),
        ("rita", ("sales",), "+351210000001", False),
        ("rita", (), "112", True),
        ("anna", ("sales",), "nowhere", False),
    ],
)
def test_who_may_send_where(agent: str, queues: tuple[str, ...], user: str, allowed: bool) -> None:
    found = classes()
    assert found.allows(agent, queues, found.wanted(user)) is allowed


def test_without_classes_services_are_open_and_numbers_closed() -> None:
    found = classes(TransferSettings())
    assert found.allows("anna", (), found.wanted("sales"))
    assert not found.allows("anna", (), found.wanted("+351210000001"))
    assert found.allows("anna", (), found.wanted("112"))


def test_a_short_number_of_a_service_that_nobody_knows_is_unknown() -> None:
    """Where only the site's own services are known, the network may have it."""
    for knows_all, kind in ((True, WantedKind.UNKNOWN), (False, WantedKind.SERVICE)):
        found = DialClasses(SETTINGS, (), {"sales"}.__contains__, lambda it=knows_all: it)
        assert (found.wanted("801").kind, found.wanted("801").name) == (kind, "billing")
