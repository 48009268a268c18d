"""Priority first, then the share of the threshold waited, then the way."""

from __future__ import annotations

import pytest
from router_network import documents

from nirc.core.active_policy import ActivePolicy
from nirc.core.network_queue import Group, NetworkQueue
from nirc.core.queue_order import QueueOrder
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from nirc.core.site_state import Change
from nrcli.wire.messages import WaitingCallReport

SERVICE = "kind: NetworkService\nmetadata: {{name: {name}}}\nspec: {{queue: sales, {more}}}\n"
MORE = {
    "NetworkService/sales": SERVICE.format(name="sales", more="service_level: {threshold_s: 20}"),
    "NetworkService/slow": SERVICE.format(name="slow", more="service_level: {threshold_s: 60}"),
    "NetworkService/dear": SERVICE.format(name="dear", more="priority: 4"),
    "NetworkService/aged": SERVICE.format(name="aged", more="ageing: {every_s: 10, most: 5}"),
}


@pytest.fixture(scope="module")
def order() -> QueueOrder:
    settings = RouterSettings()
    active = ActivePolicy(settings, QueueTable())
    active.change(documents(["lisbon"], more=MORE), 0.0)
    return QueueOrder(active, settings)


def group(service: str = "sales", priority: int = 0) -> Group:
    return Group("default", "lisbon", service, "sales", "carrier", False, priority)


def test_priority_comes_first(order: QueueOrder) -> None:
    old, dear = group(), group(priority=1)
    assert order.merit(dear, (99.0, "b"), 100.0) < order.merit(old, (0.0, "a"), 100.0)
    assert order.merit(group("dear"), (99.0, "b"), 100.0) < order.merit(old, (0.0, "a"), 100.0)


def test_priority_grows_with_waiting(order: QueueOrder) -> None:
    aged, dear = group("aged"), group("aged", priority=3)
    assert order.merit(aged, (60.0, "a"), 100.0) < order.merit(dear, (95.0, "b"), 100.0)


def test_who_is_at_risk_comes_before_who_has_time(order: QueueOrder) -> None:
    fast, slow = (
        order.merit(group(), (85.0, "a"), 100.0),
        order.merit(group("slow"), (70.0, "b"), 100.0),
    )
    assert fast < slow, "15 of 20 s before 30 of 60 s"
    assert order.merit(group("slow"), (20.0, "b"), 100.0) < fast


def test_a_dear_way_counts_as_less_waiting_and_never_for_ever(order: QueueOrder) -> None:
    dear_s = order.way_s(cost=0.1, set_up_s=0.5)
    assert dear_s == 6.5
    near, far = order.merit(group(), (95.0, "a"), 100.0), (90.0, "b")
    assert near < order.merit(group(), far, 100.0, way_s=dear_s)
    assert order.merit(group(), (80.0, "b"), 100.0, way_s=dear_s) < near


def test_all_of_a_service_in_one_order(order: QueueOrder) -> None:
    queue = NetworkQueue(RouterSettings())
    for name, site, waited_s, priority in (
        ("a", "porto", 5.0, 0),
        ("b", "lisbon", 9.0, 0),
        ("c", "porto", 1.0, 2),
        ("d", "porto", 7.0, 0),
    ):
        report = WaitingCallReport(
            call_id=name, interaction_id=name, queue="sales", service="sales", priority=priority,
            waited_s=waited_s, entry_id=name,
        )  # fmt: skip
        queue.changed(site, [Change(("waiting", name), None, report)], 100.0)
    found = [entry.id for entry in order.of_service(queue, "sales", 100.0)]
    assert found == ["c", "b", "d", "a"]
    assert order.of_service(queue, "slow", 100.0) == []
