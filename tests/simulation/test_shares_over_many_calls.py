"""Shares, turns and thresholds over thousands of calls through a real router, with refusals."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from playbook import Playbook
from router_network import FakeSite, ask, documents, leading, policy_text, report

from nirc.core.actions import SendToSite
from nirc.core.events import SiteSaid
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg

SHARES = {"porto": 0.5, "faro": 0.3, "braga": 0.2}
FIXED = (
    "{name: shared, action: route, select: {by: proportional,"
    " shares: {porto: 0.5, faro: 0.3, braga: 0.2}}}"
)
WEIGHED = "{name: w, action: route, select: {by: proportional, weight: queue.staffed_count}}"
ROTARY = "{name: turn, action: route, select: rotary}"


class Calls:
    """An origin that never serves itself, three sites that always can, and who refused or took."""

    def __init__(self, rule: str, **refuse_share: float) -> None:
        self.refuse_share = refuse_share
        self.dice = random.Random(7)
        self.origin = FakeSite("lisbon", waiting_count=3)
        self.sites = {
            name: FakeSite(name, {f"{name}-a{i}": 1.0 for i in range(staffed)})
            for name, staffed in (("porto", 5), ("faro", 3), ("braga", 2))
        }
        names = ["lisbon", *self.sites]
        self.book: Playbook = leading(
            self.origin,
            *self.sites.values(),
            docs=documents(names, more={"RoutingPolicy/default": policy_text(rule)}),
            settings=RouterSettings(
                requests_per_site_per_s=1e9,
                requests_per_site_burst=1e9,
                hole_outcomes_min=10**9,
            ),
        )
        self.asked: Counter[str] = Counter()
        self.took: Counter[str] = Counter()
        self.turns: list[str] = []

    def run(self, count: int) -> Calls:
        for number in range(count):
            self._call(f"r{number}", 101.0 + number * 0.01)
        return self

    def _call(self, request_id: str, now_s: float) -> None:
        self.book.event(SiteSaid(site="lisbon", message=ask(request_id, answered=True)), now_s)
        first = True
        while reserves := [
            action
            for action in self.book.left
            if isinstance(action, SendToSite) and isinstance(action.message, msg.Reserve)
        ]:
            name = reserves[0].site
            self.asked[name] += first
            first = False
            reserve = reserves[0].message
            if self.dice.random() < self.refuse_share.get(name, 0.0):
                refused = msg.ReserveRefused(
                    domain="default",
                    epoch=reserve.epoch,
                    request_id=request_id,
                    reason=msg.ReserveRefusal.NO_AGENT,
                )
                self.book.event(SiteSaid(site=name, message=refused), now_s)
            else:
                self._take(self.sites[name], reserve, now_s)
                return

    def _take(self, site: FakeSite, reserve: msg.Reserve, now_s: float) -> None:
        (grant,) = site.hear(reserve, now_s)
        assert isinstance(grant, msg.ReserveGranted)
        self.took[site.name] += 1
        self.turns.append(site.name)
        self.book.event(SiteSaid(site=site.name, message=grant), now_s)
        outcome = msg.TransferOutcome(
            request_id=reserve.request_id,
            token=grant.token,
            target_site=site.name,
            method=msg.TransferMethod.REFER,
            outcome=msg.MoveOutcome.ARRIVED,
        )
        self.book.event(SiteSaid(site="lisbon", message=outcome), now_s)
        site.free(reserve.request_id, now_s)
        report(self.book, site)

    def shares(self) -> dict[str, float]:
        total = self.took.total()
        return {name: self.took[name] / total for name in self.sites}


@pytest.mark.parametrize("rule", [FIXED, WEIGHED])
def test_shares_are_exact_where_nobody_refuses(rule: str) -> None:
    took = Calls(rule).run(1000).took
    assert took == {"porto": 500, "faro": 300, "braga": 200}


def test_what_is_asked_first_is_exact_and_refusals_go_to_the_others() -> None:
    calls = Calls(FIXED, porto=0.1).run(2000)
    for name, share in SHARES.items():
        assert abs(calls.asked[name] - 2000 * share) <= 1
    assert calls.took.total() == 2000
    shares = calls.shares()
    assert shares["porto"] == pytest.approx(0.45, abs=0.01)
    assert shares["faro"] + shares["braga"] == pytest.approx(0.55, abs=0.01)


def test_a_site_that_refuses_everything_owes_and_gets_nothing_afterwards() -> None:
    calls = Calls(FIXED, porto=1.0).run(500)
    assert calls.took["porto"] == 0
    calls.refuse_share.clear()
    calls.took.clear()
    for number in range(100):
        calls._call(f"later{number}", 110.0 + number * 0.01)
    assert abs(calls.took["porto"] - 50) <= 1


def test_rotary_takes_strict_turns_and_a_refusal_costs_one_turn() -> None:
    turns = Calls(ROTARY).run(900).turns
    assert turns[:300] * 3 == turns and set(turns[:3]) == set(SHARES)
    shares = Calls(ROTARY, faro=0.1).run(1500).shares()
    assert shares["faro"] == pytest.approx(0.3, abs=0.01)


def test_hysteresis_changes_only_at_its_two_thresholds() -> None:
    rule = (
        "{name: long, action: route, select: min_expected_delay,"
        " hysteresis: {value: origin.oldest_wait_s, on_above: 30, off_below: 10}}"
    ).replace("origin.oldest_wait_s", "origin.waiting_count")
    calls, awake, moved = Calls(rule), False, 0
    for number in range(1500):
        waiting = int(20 + 20 * calls.dice.random() * (1 if number // 50 % 2 else -1))
        calls.origin.queue["waiting_count"] = waiting
        report(calls.book, calls.origin)
        awake = waiting > 30 or (awake and waiting >= 10)
        before = calls.took.total()
        calls._call(f"r{number}", 101.0 + number * 0.01)
        assert (calls.took.total() > before) == awake, (number, waiting)
        moved += awake
    assert 300 < moved < 1200
