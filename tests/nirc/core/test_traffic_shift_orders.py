"""A shift over a router at work: sites are told, callers go where it says, and it is given up."""

from __future__ import annotations

from typing import Any

import pytest
from control_samples import BEGAN_UNIX_S, control
from playbook import Playbook
from router_network import FakeSite, ask, documents, join, leading, policy_text, report

from nirc.core.actions import EndControl, RaiseAlarm
from nirc.core.events import (
    ControlsRead,
    LeadershipLost,
    SiteAlive,
    SiteLinkUp,
    SiteSaid,
    WallTimeRead,
)
from nrcli.wire import messages as msg
from nrcli.wire.shift_models import ShiftParameters

STAYS = "{name: at-home, action: queue_at_origin}"


def shift(kind: str = "shift", **more: Any) -> Any:
    given: dict[str, Any] = {"to_site": "porto"} if kind == "shift" else {}
    parameters = ShiftParameters(**{"after_s": 10.0, "window_s": 60.0} | given | more)
    return control(kind, "site lisbon", for_s=86_400.0, shift=parameters)


def network(*controls: Any) -> tuple[Playbook, dict[str, FakeSite]]:
    """Lisbon's callers are served at home by its policy; porto and faro have agents."""
    sites = {
        name: FakeSite(name, ready={f"{name}-{n}": 50.0 + n for n in range(3)})
        for name in ("lisbon", "porto", "faro")
    }
    more = {"RoutingPolicy/default": policy_text(STAYS)}
    book = leading(*sites.values(), docs=documents(sites, more=more))
    for site in sites.values():
        report(book, site)
    book.event(WallTimeRead(unix_s=BEGAN_UNIX_S))
    book.event(ControlsRead(controls=tuple(controls)))
    return book, sites


def wait(book: Playbook, for_s: float) -> Playbook:
    """Time passes, and every site is heard each second."""
    done, until_s = [], book.now_s + for_s
    while book.now_s < until_s:
        done += book.wait_until(min(book.now_s + 1.0, until_s)).left
        for site in ("lisbon", "porto", "faro"):
            done += book.event(SiteAlive(site=site)).left
    book.left = done
    return book


def orders(book: Playbook) -> list[tuple[str, int]]:
    """What lisbon was told in the last step."""
    told = [message for site, message in book.messages(msg.ShiftOrders) if site == "lisbon"]
    return [(one.queue, one.share_percent) for one in told[-1].orders] if told else []


def told_anything(book: Playbook) -> bool:
    return any(True for _ in book.messages(msg.ShiftOrders))


def asked_at(book: Playbook, name: str) -> str:
    """Which site is asked for a caller of lisbon; empty: none."""
    book.event(SiteSaid(site="lisbon", message=ask(name)))
    return next((site for site, _ in book.messages(msg.Reserve)), "")


def left(book: Playbook, site: FakeSite, callers: int, in_time: int) -> None:
    """So many callers more left the queue."""
    for name, more in (("left_count", callers), ("in_time_count", in_time)):
        site.queue[name] = int(str(site.queue.get(name, 0))) + more
    report(book, site)


def test_the_site_is_told_of_each_step_at_once_and_again_and_again() -> None:
    book, _ = network(shift(steps=(10, 50, 100), step_s=60.0))
    assert orders(wait(book, 0.5)) == [("sales", 10)]
    assert not told_anything(wait(book, 1.0))
    assert orders(wait(book, 5.0)) == [("sales", 10)], "said again, so that it goes on"
    assert orders(wait(book, 50.0)) == [("sales", 10)]
    assert orders(wait(book, 5.0)) == [("sales", 50)]
    assert orders(wait(book, 60.0)) == [("sales", 100)]


def test_the_end_of_the_control_ends_it_at_the_site() -> None:
    book, _ = network(shift())
    assert orders(wait(book, 0.5)) == [("sales", 100)]
    book.event(ControlsRead(controls=()))
    wait(book, 0.5)
    (told,) = [message for _, message in book.messages(msg.ShiftOrders)]
    assert told.orders == ()
    assert not told_anything(wait(book, 30.0))


def test_a_site_that_comes_back_is_told_and_one_that_does_not_understand_is_not() -> None:
    book, sites = network(shift())
    wait(book, 0.5)
    sites["lisbon"].incarnation += 1
    join(book, sites["lisbon"])
    assert orders(wait(book, 0.5)) == [("sales", 100)]
    sites["lisbon"].incarnation += 1
    older = msg.Hello(site="lisbon", incarnation=sites["lisbon"].incarnation)
    book.event(SiteLinkUp(site="lisbon", hello=older))
    assert not told_anything(wait(book, 30.0))


def test_callers_go_where_the_shift_says_and_their_policy_says_stay() -> None:
    book, _ = network()
    assert asked_at(book, "r0") == ""
    book.event(ControlsRead(controls=(shift(),)))
    assert asked_at(book, "r1") == "porto"


def test_only_the_share_of_the_callers_goes() -> None:
    book, sites = network(shift(steps=(30,)))
    sites["porto"].queue["max_loan"] = 1000
    went = 0
    for number in range(100):
        went += bool(asked_at(book, f"r{number}"))
        for site in sites.values():
            site.held.clear()
            report(book, site)
        wait(book, 10.0)
    assert 15 <= went <= 45


def test_where_a_shift_leads_nowhere_the_policy_decides() -> None:
    book, sites = network(shift())
    sites["porto"].queue["open"] = False
    report(book, sites["porto"])
    assert asked_at(book, "r1") == ""


def test_a_drained_site_gets_no_calls_and_its_own_go_to_all_others() -> None:
    book, sites = network(shift("drain_site"))
    assert asked_at(book, "r1") in {"porto", "faro"}
    anywhere = "{name: anywhere, select: longest_available, action: route}"
    docs = documents(sites, more={"RoutingPolicy/default": policy_text(anywhere)})
    other = leading(*sites.values(), docs=docs)
    for site in sites.values():
        report(other, site)
    other.event(WallTimeRead(unix_s=BEGAN_UNIX_S))
    other.event(ControlsRead(controls=(shift("drain_site"),)))
    for number in range(3):
        other.event(SiteSaid(site="porto", message=ask(f"p{number}")))
        assert [site for site, _ in other.messages(msg.Reserve)] != ["lisbon"]


def test_it_is_given_up_when_its_callers_are_answered_too_late() -> None:
    book, sites = network(shift(floor=0.7))
    assert asked_at(book, "r1") == "porto"
    wait(book, 1.0)
    left(book, sites["faro"], 100, 0)
    wait(book, 20.0)
    assert not [one for one in book.left if isinstance(one, EndControl)], "faro is not its target"
    left(book, sites["porto"], 20, 8)
    wait(book, 5.0)
    assert not [one for one in book.left if isinstance(one, EndControl)]
    wait(book, 7.0)
    ended = book.take(EndControl, control_id="c1")
    assert ended.reason.startswith("given up: 40% of the last 20 callers there were answered")
    assert "calls go from lisbon as before" in book.take(RaiseAlarm, code="shift_given_up").text
    assert asked_at(book, "r2") == "", "at once, though etcd has not heard of it"
    other = control("freeze", "site faro", name="c2")
    book.event(ControlsRead(controls=(shift(floor=0.7), other)))
    wait(book, 0.5)
    assert asked_at(book, "r3") == "", "also while another control begins"


def test_a_node_that_leads_no_more_orders_and_ends_nothing() -> None:
    book, sites = network(shift())
    wait(book, 0.5)
    book.event(LeadershipLost(domain="default", reason="lease"))
    left(book, sites["porto"], 50, 0)
    wait(book, 60.0)
    assert not told_anything(book)
    assert not [one for one in book.left if isinstance(one, EndControl)]


@pytest.mark.parametrize("back", [0, 5])
def test_counts_that_went_back_are_a_new_beginning(back: int) -> None:
    book, sites = network(shift())
    wait(book, 0.5)
    left(book, sites["porto"], 30, 30)
    sites["porto"].queue |= {"left_count": back, "in_time_count": 0}
    report(book, sites["porto"])
    wait(book, 30.0)
    assert not [one for one in book.left if isinstance(one, EndControl)]
