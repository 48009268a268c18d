"""Whatever the order of reports, grants, refusals and leader changes, a request ends once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from router_network import FakeSite, ask, documents, leading, numbered, policy_text

from nirc.core.actions import Action, RecordDecision, SendToSite, StartTimer, StopTimer
from nirc.core.events import (
    CampaignWon,
    DocumentsChanged,
    Event,
    KeepaliveConfirmed,
    LeadershipLost,
    SiteAlive,
    SiteLinkDown,
    SiteLinkUp,
    SiteSaid,
    TimerFired,
)
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg

SITES = ("faro", "lisbon", "porto")
REQUESTS = st.integers(min_value=1, max_value=12)
site_names = st.sampled_from(SITES)
COMMANDS = msg.Reserve | msg.Release | msg.RouteAnswer


def _agents(site: str) -> dict[str, float]:
    """Two ready agents; none at lisbon, whose callers are therefore moved."""
    return {} if site == "lisbon" else {f"{site}-{i}": 10.0 * i for i in range(2)}


class AnyOrder(RuleBasedStateMachine):
    """A router with three sites; messages wait in both directions and are delivered at will."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 100.0
        self.router = Router(node="n1", settings=RouterSettings(), new_id=numbered("d"))
        self.sites = {name: FakeSite(name, _agents(name), waiting_count=3) for name in SITES}
        self.timers: dict[str, float] = {}
        self.to_router: dict[str, list[Any]] = {name: [] for name in SITES}
        self.to_site: dict[str, list[Any]] = {name: [] for name in SITES}
        self.linked: set[str] = set()
        self.lead_until_s = 0.0
        self.epoch = msg.Epoch(generation=1, revision=0)
        self.asked: dict[str, tuple[str, float, float]] = {}
        self.tokens: dict[tuple[str, msg.Epoch], str] = {}
        self.first_asked_at_s: dict[str, float] = {}
        self._do(DocumentsChanged(documents=documents(SITES)))
        for name in SITES:
            self.link_up(name)
        self.win(100.0)
        self.deliver_all()

    # ---- what happens

    @rule(what=st.sampled_from(["link_up", "link_down", "lose", 0.1, 1.0, 100.0]), name=site_names)
    def upset(self, what: str | float, name: str) -> None:
        if isinstance(what, float):
            self.win(what)
        elif what == "lose":
            self.lose()
        elif what == "link_up":
            self.link_up(name)
        else:
            self.link_down(name)

    def link_up(self, name: str) -> None:
        if name in self.linked:
            return
        self.linked.add(name)
        site = self.sites[name]
        known = (msg.KnownEpoch(domain="default", epoch=site.highest),)
        hello = msg.Hello(site=name, incarnation=1, epochs=known)
        self._do(SiteLinkUp(site=name, hello=hello))
        self.to_router[name].append(site.snapshot(self.now_s))

    def link_down(self, name: str) -> None:
        if name in self.linked:
            self.linked.remove(name)
            self.to_router[name].clear()
            self.to_site[name].clear()
            self._do(SiteLinkDown(site=name, reason="cut"))

    @rule()
    def deliver_all(self) -> None:
        """Every message waiting is heard, and what follows from it, for a few rounds."""
        for _ in range(4):
            for name in SITES:
                for _ in range(len(self.to_router[name])):
                    self.hear_site(name)
                for _ in range(len(self.to_site[name])):
                    self.hear_router(name)

    @rule(numbers=st.lists(REQUESTS, min_size=1, max_size=4))
    def ask_at_once(self, numbers: list[int]) -> None:
        name = "lisbon"
        for number in numbers:
            self.ask(name, number, 3.0)
        for _ in range(len(self.to_router[name])):
            self.hear_site(name)

    @rule(name=site_names, number=REQUESTS, deadline_s=st.sampled_from([0.0, 0.2, 1.0, 3.0]))
    def ask(self, name: str, number: int, deadline_s: float) -> None:
        request_id = f"{name}-{number}"
        if self.now_s - self.first_asked_at_s.setdefault(request_id, self.now_s) > 20.0:
            return
        self.to_router[name].append(ask(request_id, deadline_s=deadline_s))

    @rule(name=site_names, number=REQUESTS)
    def cancel(self, name: str, number: int) -> None:
        self.to_router[name].append(msg.RouteRequestCancel(request_id=f"{name}-{number}"))

    @rule(name=site_names)
    def say_state(self, name: str) -> None:
        self.to_router[name].append(self.sites[name].snapshot(self.now_s))

    @rule(name=site_names, index=st.integers(0, 1))
    def agent_changes(self, name: str, index: int) -> None:
        agents, agent = self.sites[name].agents, f"{name}-{index}"
        if agent not in agents:
            return
        if agents[agent][0] is msg.AgentState.READY:
            agents[agent] = (msg.AgentState.BUSY, self.now_s)
        elif agents[agent][0] is msg.AgentState.BUSY:
            agents[agent] = (msg.AgentState.READY, self.now_s)

    @rule(name=site_names)
    def hear_site(self, name: str) -> None:
        if self.to_router[name]:
            message = self.to_router[name].pop(0)
            if isinstance(message, msg.RouteRequest) and message.request_id not in self.asked:
                led = self.now_s < self.lead_until_s
                if led:
                    self.asked[message.request_id] = (name, self.now_s, message.deadline_s)
            self._do(SiteSaid(site=name, message=message))

    @rule(name=site_names)
    def hear_router(self, name: str) -> None:
        if self.to_site[name]:
            message = self.to_site[name].pop(0)
            said = self.sites[name].hear(message, self.now_s)
            self.to_router[name] += said

    @rule(name=site_names)
    def reservation_ends(self, name: str) -> None:
        site = self.sites[name]
        if site.held:
            site.free(next(iter(site.held)), self.now_s)

    def win(self, ttl_s: float) -> None:
        self.epoch = msg.Epoch(generation=1, revision=self.epoch.revision + 1)
        self.asked.clear()
        self.lead_until_s = self.now_s + ttl_s - 0.3
        self._do(CampaignWon(domain="default", epoch=self.epoch, sent_at_s=self.now_s, ttl_s=ttl_s))

    @rule()
    def keep_alive(self) -> None:
        if self.now_s < self.lead_until_s:
            self.lead_until_s = max(self.lead_until_s, self.now_s + 1.7)
        self._do(KeepaliveConfirmed(domain="default", sent_at_s=self.now_s, ttl_s=2.0))

    def lose(self) -> None:
        self.lead_until_s = 0.0
        self.asked.clear()
        self._do(LeadershipLost(domain="default", reason="gone"))

    @rule(wait_s=st.sampled_from([0.01, 0.05, 0.3, 1.0, 4.0]))
    def time_passes(self, wait_s: float) -> None:
        for name in self.linked:
            self._do(SiteAlive(site=name))
        until_s = self.now_s + wait_s
        while self.timers and min(self.timers.values()) <= until_s:
            name = min(self.timers, key=lambda n: (self.timers[n], n))
            self.now_s = max(self.now_s, self.timers.pop(name))
            self._do(TimerFired(name=name))
        self.now_s = until_s

    # ---- what must hold

    def _do(self, event: Event) -> None:
        for action in self.router.handle(event, self.now_s):
            if isinstance(action, StartTimer):
                self.timers[action.name] = action.at_s
            elif isinstance(action, StopTimer):
                self.timers.pop(action.name, None)
            elif isinstance(action, SendToSite):
                self._sent(action)
            elif isinstance(action, RecordDecision):
                self._decided(action)

    def _sent(self, action: SendToSite) -> None:
        message = action.message
        if isinstance(message, COMMANDS):
            assert self.now_s < self.lead_until_s, "a command without leadership"
            assert action.not_after_s is not None
            assert action.not_after_s <= self.lead_until_s
            assert message.epoch == self.epoch
        if isinstance(message, msg.NotLeading):
            self.asked.pop(message.request_id, None)
        if isinstance(message, msg.RouteAnswer) and message.token:
            first = self.tokens.setdefault((message.request_id, message.epoch), message.token)
            assert first == message.token, "one request answered with two tokens"
            assert action.site == message.request_id.split("-")[0]
        if action.site in self.linked:
            self.to_site[action.site].append(message)

    def _decided(self, action: RecordDecision) -> None:
        record = action.record
        asked = self.asked.get(record.request_id)
        if asked is not None:
            _, at_s, deadline_s = asked
            assert self.now_s <= at_s + max(deadline_s - 0.05, 0.0) + 1e-9, "deadline missed"
            del self.asked[record.request_id]

    @invariant()
    def columns_are_never_negative(self) -> None:
        columns = self.router._parts.network.table.columns
        for row in range(len(columns.site)):
            assert min(columns.free_count[row], columns.lendable_count[row]) >= 0
            assert min(self.router._parts.network.table.promised(row)) >= 0

    def teardown(self) -> None:
        """After quiet every table is empty."""
        for queue in (*self.to_router.values(), *self.to_site.values()):
            queue.clear()
        self.time_passes(300.0)
        view = self.router.view(self.now_s)
        assert (view.open_requests_count, view.answers_kept_count) == (0, 0)
        assert (view.promises_count, view.tombstones_count, view.moves) == (0, 0, ())
        assert all(not name.startswith("request:") for name in self.timers)
        table = self.router._parts.network.table
        assert all(table.promised(row) == (0, 0, 0) for row in range(len(table.columns.site)))


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=80,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def leads_and_asks(**fields: object) -> list[Action]:
    """What a leader with one ready agent elsewhere does first."""
    from router_network import leading

    book = leading(FakeSite("lisbon", waiting_count=2), FakeSite("porto", {"diogo": 1.0}))
    book.event(SiteSaid(site="lisbon", message=ask(**fields)))  # type: ignore[arg-type]
    return book.left


def test_hop_budget_is_kept() -> None:
    for fields in ({"moves_since_person_count": 2}, {"moves_count": 6}):
        answers = [a.message for a in leads_and_asks(**fields) if isinstance(a, SendToSite)]
        assert [type(a) for a in answers] == [msg.RouteAnswer]
        assert "hop budget" in answers[0].reason  # type: ignore[union-attr]


def test_the_reserve_tells_how_long_its_target_may_think() -> None:
    (reserve,) = [a.message for a in leads_and_asks(deadline_s=0.3) if isinstance(a, SendToSite)]
    assert isinstance(reserve, msg.Reserve)
    assert abs(reserve.answer_within_s - 0.23) < 1e-6


RULES = (
    "select: longest_available, action: route",
    "select: least_occupied, action: route",
    "select: highest_skill, min_level: 3, action: route",
    "select: broadcast, action: route",
    "select: rotary, action: route",
    "select: min_expected_delay, min_gain_s: 5, adjust: 'queue.aht_s *"
    " (queue.waiting_count / queue.staffed_count)', action: route",
    "select: {by: proportional, weight: queue.staffed_count}, action: route",
    "select: service_level_risk, action: route",
    "select: cost, adjust: 1, action: route",
    "select: {agents_wait: longest_available, calls_wait: min_expected_delay}, action: route",
    "when: 'origin.ewt_s > 10', action: announce, announcement: long",
    "when: 'network.free_count == 0', action: retry_after, retry_after_s: 9",
    "when: 'call.share < 0.3', action: reject, reason: busy",
    "hysteresis: {value: network.waiting_count, on_above: 5, off_below: 2},"
    " action: queue_at_origin",
    "action: redirect, to: {site: porto, queue: sales}",
)
FIGURE = st.integers(0, 4)
COUNTS = (
    *("staffed_count", "waiting_count", "places_max", "max_loan", "min_reserve"),
    *("estimator", "window_offered_count", "acw_count", "not_ready_count"),
)
REPORTS = st.fixed_dictionaries(
    {
        **dict.fromkeys(COUNTS, FIGURE),
        **{name: st.booleans() for name in ("open", "shared", "accepting")},
        "aht_s": st.sampled_from([0.0, 1e-300, 60.0, 1e300]),
        "patience_s": st.sampled_from([0.0, 1e-300, 90.0]),
        "oldest_wait_s": st.sampled_from([0.0, 50.0, 1e9]),
    }
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(RULES), max_size=4),
    st.tuples(REPORTS, REPORTS, REPORTS),
    st.lists(st.sampled_from(["grant", "refuse", "silent"]), min_size=6, max_size=6),
)
def test_whatever_is_reported_and_published_a_request_has_one_answer(
    rules: list[str], reports: tuple[dict[str, object], ...], replies: list[str]
) -> None:
    texts = ", ".join(f"{{name: r{i}, {one}}}" for i, one in enumerate(rules))
    docs = documents(SITES, more={"RoutingPolicy/default": policy_text(texts)})
    sites = {n: FakeSite(n, _agents(n), **r) for n, r in zip(SITES, reports, strict=True)}
    book = leading(*sites.values(), docs=docs)
    answers = 0
    book.event(SiteSaid(site="lisbon", message=ask(deadline_s=2.0)))
    for reply in replies:
        answers += sum(site == "lisbon" for site, _ in book.messages(msg.RouteAnswer))
        reserves = list(book.messages(msg.Reserve))
        if not reserves:
            break
        ((name, reserve),) = reserves
        if reply == "silent":
            book.wait_until(book.now_s + 0.7)
        elif reply == "refuse":
            refused = msg.ReserveRefused(
                domain=reserve.domain,
                epoch=reserve.epoch,
                request_id=reserve.request_id,
                reason=msg.ReserveRefusal.NO_AGENT,
            )
            book.event(SiteSaid(site=name, message=refused))
        else:
            (said,) = sites[name].hear(reserve, book.now_s)
            book.event(SiteSaid(site=name, message=said))
    book.wait_until(book.now_s + 5.0)
    answers += sum(site == "lisbon" for site, _ in book.messages(msg.RouteAnswer))
    assert answers == 1
    assert "policy.failed" not in book.router.view(book.now_s).counters


@pytest.mark.parametrize("rule_text", RULES)
def test_every_rule_of_the_test_before_is_one(rule_text: str) -> None:
    assert documents(
        SITES, more={"RoutingPolicy/default": policy_text(f"{{name: a, {rule_text}}}")}
    )


def test_a_tenant_over_its_budget_is_shed_with_a_reason_and_counted() -> None:
    limits = "spec: {limits: {requests_open_max: 1}}\n"
    more = {"Tenant/default": f"kind: Tenant\nmetadata: {{name: default}}\n{limits}"}
    lisbon, porto = FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"diogo": 1.0})
    book = leading(lisbon, porto, docs=documents(["lisbon", "porto"], more=more))
    book.event(SiteSaid(site="lisbon", message=ask("r1")))
    book.event(SiteSaid(site="lisbon", message=ask("r2")))
    answer = book.sent("lisbon", msg.RouteAnswer)
    assert answer.outcome is msg.RouteOutcome.ACT_LOCALLY
    assert answer.reason == "overload: this tenant (default) has too many open requests"
    assert book.router.view(book.now_s).counters["overload.tenant"] == 1
    book.wait_until(book.now_s + 40.0)
    book.event(SiteSaid(site="lisbon", message=ask("r3")))
    assert book.router.view(book.now_s).counters["overload.tenant"] == 1
