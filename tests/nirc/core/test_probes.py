"""Test calls from the leader's side: each ends, and proves or disproves its path."""

from __future__ import annotations

from typing import Any

import pytest
from playbook import Playbook
from router_network import EPOCH, FakeSite, documents, leading

from nirc.core.events import ProbePath, SiteSaid
from nirc.core.settings import RouterSettings
from nirc.core.view import RouterView
from nrcli.wire import messages as msg

OUTCOME = msg.MoveOutcome


def network(proven: str = "false", **settings: Any) -> Playbook:
    names = ("lisbon", "porto")
    sites = [FakeSite(name, {f"{name}-1": 90.0}) for name in names]
    return leading(
        *sites, settings=RouterSettings(**settings), docs=documents(names, proven=proven)
    )


def asked(book: Playbook, path: str = "lisbon-out", to_site: str = "") -> msg.Reserve | None:
    book.event(ProbePath(id="1", path=path, to_site=to_site))
    found = [message for _, message in book.messages(msg.Reserve)]
    return found[0] if found else None


def granted(book: Playbook, number: str = "") -> None:
    grant = msg.ReserveGranted(
        domain="default",
        epoch=EPOCH,
        request_id="probe-1",
        token="nirc-t",
        queue="",
        expires_s=5.0,
        number=number,
    )
    book.event(SiteSaid(site="porto", message=grant))


def ended(book: Playbook, outcome: OUTCOME, status: int, site: str = "lisbon") -> None:
    told = msg.TransferOutcome(
        request_id="probe-1",
        token="nirc-t",
        target_site="porto",
        method=msg.TransferMethod.BRIDGE,
        outcome=outcome,
        sip_status=status,
        took_s=0.4,
    )
    book.event(SiteSaid(site=site, message=told))


def seen(book: Playbook) -> RouterView:
    return book.router.view(book.now_s)


def state(book: Playbook) -> tuple[str, bool]:
    one = next(one for one in seen(book).paths if one.path == "lisbon-out")
    return one.state, one.used


def test_a_good_test_call_proves_the_path() -> None:
    book = network()
    assert state(book) == ("unproved", False)
    reserve = asked(book)
    assert reserve is not None and reserve.probe
    assert (reserve.queue, reserve.agent, reserve.origin_site) == ("", "", "lisbon")
    granted(book)
    ((site, order),) = list(book.messages(msg.RouteAnswer))
    assert (site, order.probe_from, order.outcome) == ("lisbon", "carrier", msg.RouteOutcome.STAY)
    assert (order.token, len(order.rungs)) == ("nirc-t", 1)
    ended(book, OUTCOME.ARRIVED, 200, site="porto")  # not its word
    assert seen(book).probes[-1].state == "calling"
    ended(book, OUTCOME.ARRIVED, 200)
    probe = seen(book).probes[-1]
    assert (probe.state, probe.took_s, len(probe.steps)) == ("good", 0.4, 3)
    assert state(book) == ("proved", True)
    assert seen(book).alarms == ()


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        (OUTCOME.UNRESOLVED, 200, "somebody else answered"),
        (OUTCOME.REFUSED, 403, "refused (403)"),
        (OUTCOME.ERROR, 0, "the origin could not place it"),
    ],
)
def test_a_bad_one_is_alarmed_and_twice_takes_a_path_out_but_the_last(
    outcome: OUTCOME, status: int, words: str
) -> None:
    book = network(proven="true")
    for _ in range(2):
        asked(book)
        granted(book)
        ended(book, outcome, status)
    view = seen(book)
    assert words in view.probes[-1].problem
    assert [(one.code, one.place) for one in view.alarms] == [
        ("path_probe_failed", "lisbon-out to porto")
    ]
    assert state(book) == ("failing", True)


def test_a_target_that_refuses_or_is_silent_ends_it() -> None:
    book = network()
    asked(book)
    refusal = msg.ReserveRefused(
        domain="default",
        epoch=EPOCH,
        request_id="probe-1",
        reason=msg.ReserveRefusal.UNKNOWN_TARGET,
        detail="no queue ",
    )
    book.event(SiteSaid(site="porto", message=refusal))
    assert "porto refused: unknown_target" in seen(book).probes[-1].problem
    asked(book)
    book.router._messages.probes.sweep(book.now_s + 60.0, [])
    assert "porto said nothing" in seen(book).probes[-1].problem


@pytest.mark.parametrize(
    ("path", "to_site", "words"),
    [
        ("nowhere", "", "there is no path nowhere"),
        ("lisbon-out", "faro", "there is no Site faro; it leads to porto"),
    ],
)
def test_what_cannot_be_tried_is_told(path: str, to_site: str, words: str) -> None:
    book = network()
    assert asked(book, path, to_site) is None
    probe = seen(book).probes[-1]
    assert (probe.state, probe.id) == ("bad", "probe-1") and words in probe.problem
    assert state(book) == ("unproved", False)


def test_one_at_a_time() -> None:
    book = network()
    asked(book)
    book.event(ProbePath(id="2", path="lisbon-out"))
    probes = {one.id: one for one in seen(book).probes}
    assert "just now" in probes["probe-2"].problem and probes["probe-1"].state == "reserving"


def test_the_schedule_tries_each_in_turn_and_nothing_that_costs() -> None:
    book = network(probe_every_s=60.0)
    probes, out = book.router._messages.probes, []
    tried = []
    for step in range(4):
        now_s = book.now_s + 10.0 * step
        probes.sweep(now_s, out)
        under_way = [one for one in probes.all() if one.state == "reserving"]
        tried += [one.path for one in under_way]
        for one in under_way:
            probes._end(one, "", now_s, out)
    assert tried == ["lisbon-out", "porto-out"]
    quiet = network()
    quiet.router._messages.probes.sweep(quiet.now_s + 1000.0, [])
    assert seen(quiet).probes == ()


def test_what_a_path_cannot_lead_to_is_refused_with_the_sites_it_can() -> None:
    names = ("faro", "lisbon", "porto")
    row = "{site: porto, trunk_group: network, host: 192.0.2.2, port: 5062}"
    table = f"kind: SiteTable\nmetadata: {{name: all}}\nspec: {{addresses: [{row}]}}\n"
    docs = documents(names, more={"SiteTable/all": table})
    book = leading(*(FakeSite(name) for name in names), docs=docs)
    for site, why in (
        ("lisbon", "it begins at lisbon; it leads to porto"),
        ("nosite", "there is no Site nosite; it leads to porto"),
        ("faro", "the SiteTable has no address of faro for trunk group network; it leads to porto"),
    ):
        assert asked(book, to_site=site) is None
        assert seen(book).probes[-1].problem == why and not seen(book).alarms
    assert asked(book, to_site="porto") is not None


def test_a_bad_target_of_a_path_to_many_spoils_no_other() -> None:
    book = network("true")
    for _ in range(2):
        asked(book, to_site="porto")
        granted(book)
        ended(book, OUTCOME.BUSY, 486)
    proofs = book.router._parts.active.proofs
    assert proofs.failing("lisbon-out", "porto") and not proofs.failing("lisbon-out", "faro")
    assert state(book)[0] == "failing", "there is no other site"
    asked(book, to_site="porto")
    granted(book)
    ended(book, OUTCOME.ARRIVED, 200)
    assert not proofs.failing("lisbon-out", "porto") and state(book)[0] == "vouched"
    assert not seen(book).alarms


def test_what_a_site_could_not_try_says_nothing_of_the_path() -> None:
    book = network("true")
    for _ in range(2):
        asked(book)
        granted(book)
        ended(book, OUTCOME.SERVED_AT_HOME, 0)
        (released,) = book.messages(msg.Release)
        assert released[0] == "porto", "it waits for the test call no longer"
        asked(book)
        refusal = msg.ReserveRefused(
            domain="default",
            epoch=EPOCH,
            request_id="probe-1",
            reason=msg.ReserveRefusal.NO_NUMBER,
        )
        book.event(SiteSaid(site="porto", message=refusal))
        assert not seen(book).probes[-1].tried
    assert not seen(book).alarms and state(book) == ("vouched", True)


def test_the_schedule_goes_on_where_a_site_can_try_nothing() -> None:
    book = network(probe_every_s=60.0)
    probes, tried = book.router._messages.probes, []
    for step in range(3):
        now_s = book.now_s + 10.0 * step
        probes.sweep(now_s, [])
        under_way = [one for one in probes.all() if one.state == "reserving"]
        tried += [one.path for one in under_way]
        for one in under_way:
            probes._end(one, "places no test calls", now_s, [], tried=False)
    assert tried == ["lisbon-out", "porto-out"]


def test_the_schedule_goes_through_all_targets_of_a_path_to_many() -> None:
    names = ("faro", "lisbon", "porto")
    docs = documents(names)
    book = leading(
        *[FakeSite(name) for name in names], docs=docs, settings=RouterSettings(probe_every_s=60.0)
    )
    probes, tried = book.router._messages.probes, []
    for step in range(40):
        probes.sweep(book.now_s + 10.0 * step, [])
        for one in [one for one in probes.all() if one.state == "reserving"]:
            tried += [one.target] if one.path == "lisbon-out" else []
            problem = "busy" if one.target == "porto" else ""
            probes._end(one, problem, book.now_s + 10.0 * step, [])
    assert tried[:6] == ["faro", "porto", "porto", "faro", "porto", "faro"]
    assert book.router._parts.active.proofs.failing("lisbon-out", "porto")
