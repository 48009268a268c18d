"""Figures of a queue's past are measured from the calls a site sees."""

from __future__ import annotations

import json
from heapq import heappop, heappush
from random import Random

import pytest
from site_playbook import SitePlay, agent_of, held, led, offered, queue_of

from nrcli.wire.messages import AgentReport, AgentState, QueueReport, SiteDocuments, StateDelta
from routing_policies.kernel import QUEUE_LENGTH, QUEUE_LENGTH_ABANDONMENT
from site_agent.adapters import base
from site_agent.adapters.in_memory.adapter import InMemoryAcd
from site_agent.adapters.in_memory.state import MemoryCall, MemoryQueue
from site_agent.core.events import NodeLinkUp
from site_agent.core.queue_figures import (
    FIGURES_TIMER,
    Measured,
    QueueFigures,
    patience_s,
    predictions,
)
from site_agent.core.settings import SiteSettings

BUSY = AgentState.BUSY


def site() -> SitePlay:
    """A queue with one agent, who is busy, and nobody connected to listen."""
    play = SitePlay().event(queue_of()).event(agent_of("anna", BUSY))
    play.event(queue_of(waiting_count=1, oldest_offered_at_s=play.now_s - 30.0))
    return play


def figures(play: SitePlay) -> QueueReport:
    found = play.daemon._parts.model.queue_report("sales")
    assert found is not None
    return found[0]


def call(
    play: SitePlay, name: str, *, waits_s: float, ends: str = "anna", **fields: object
) -> None:
    """A call that goes to an agent after its wait, or is released by somebody else."""
    play.event(offered(name, **fields))
    play.now_s += waits_s
    if ends == "anna":
        play.event(base.CallConnected(call_id=name, agent="anna", queue="sales"))
        play.event(base.CallEnded(call_id=name, released_by="agent"))
    else:
        play.event(base.CallEnded(call_id=name, released_by=ends))


def test_the_service_level_counts_what_was_answered_or_given_up() -> None:
    play = site()
    call(play, "in-time", waits_s=19.0)
    call(play, "late", waits_s=21.0)
    call(play, "gave-up", waits_s=6.0, ends="caller")
    call(play, "short", waits_s=4.0, ends="caller")
    call(play, "moved", waits_s=30.0, ends="moved")
    found = figures(play)
    assert (found.window_offered_count, found.window_in_time_count) == (3, 1)


SALES = """
apiVersion: nirc/v1
kind: NetworkService
metadata: {name: sales}
spec:
  queue: sales
  service_level: {target: 0.8, threshold_s: 60}
"""


def test_a_service_has_its_own_threshold() -> None:
    play = site().event(NodeLinkUp(node="n1"))
    documents = json.dumps({"NetworkService/sales": SALES}).encode()
    play.said(SiteDocuments(revision=1, site_table=b"", documents=documents))
    call(play, "in-time", waits_s=59.0)
    call(play, "late", waits_s=61.0)
    call(play, "other", waits_s=21.0, service="help")
    assert figures(play).window_in_time_count == 1


def test_after_a_quarter_of_an_hour_nothing_is_left() -> None:
    play = site()
    call(play, "c1", waits_s=25.0)
    assert (figures(play).last_wait_s, figures(play).window_offered_count) == (25.0, 1)
    play.wait(800.0)
    assert figures(play).window_offered_count == 1
    play.wait(120.0)
    assert (figures(play).last_wait_s, figures(play).window_offered_count) == (0.0, 0)
    play.wait(4000.0)
    assert FIGURES_TIMER not in play.timers


def test_the_last_wait_is_of_who_waited_last() -> None:
    play = site()
    call(play, "c1", waits_s=25.0, waited_s=10.0)
    assert figures(play).last_wait_s == 35.0
    call(play, "c2", waits_s=3.0, agent_ready=True)
    assert figures(play).last_wait_s == 0.0


def test_patience_is_all_waiting_over_all_who_gave_up() -> None:
    play = site()
    for i in range(4):
        call(play, f"gave-up{i}", waits_s=30.0, ends="caller")
    call(play, "answered", waits_s=100.0)
    assert figures(play).patience_s == 0.0
    call(play, "gave-up", waits_s=30.0, ends="caller")
    call(play, "moved", waits_s=50.0, ends="redirected")
    assert figures(play).patience_s == 53.0


@pytest.mark.parametrize(("waited_s", "count", "mean_s"), [(1.0, 4, 0.0), (1.0, 9, 1.0)])
def test_patience_of_few_is_not_known(waited_s: float, count: int, mean_s: float) -> None:
    assert patience_s(waited_s, count) == mean_s


def test_the_best_estimator_and_its_range_are_told() -> None:
    """The handle time says 60 s a call, yet all who wait behind one other are served in 30."""
    play = site()
    assert (figures(play).estimator, figures(play).ewt_low_percent) == (1, 50)
    for i in range(40):
        play.event(
            queue_of(waiting_count=1, oldest_offered_at_s=play.now_s - 30.0, answered_count=i)
        )
        call(play, f"c{i}", waits_s=30.0)
    found = figures(play)
    assert (found.estimator, found.ewt_low_percent, found.ewt_high_percent) == (3, 100, 100)


@pytest.mark.parametrize(
    "fields", [{"agent_ready": True}, {"emergency": True}, {"waited_s": 40.0}, {"held_back": True}]
)
def test_who_does_not_join_the_end_of_the_line_is_no_proof(fields: dict[str, object]) -> None:
    play = site()
    for i in range(60):
        call(play, f"c{i}", waits_s=300.0, **fields)
    assert figures(play).ewt_high_percent == 200


def test_who_joins_the_line_is_told_place_and_range() -> None:
    play = site().event(offered("c1"))
    told = play.one(base.Announce)
    assert (told.call_id, told.position) == ("c1", 2)
    assert (told.ewt_s_min, told.ewt_s_max) == (60.0, 240.0)


@pytest.mark.parametrize("fields", [{"agent_ready": True}, {"waited_s": 40.0}])
def test_who_does_not_join_it_is_told_nothing(fields: dict[str, object]) -> None:
    assert site().event(offered("c1", **fields)).all(base.Announce) == []


def test_without_staff_nobody_knows() -> None:
    play = site().event(agent_of("anna", AgentState.NOT_READY)).event(offered("c1"))
    assert play.all(base.Announce) == []


def test_where_an_agent_is_free_nothing_is_predicted() -> None:
    play = site().event(agent_of("berta"))
    for i in range(60):
        call(play, f"c{i}", waits_s=300.0)
    assert figures(play).ewt_high_percent == 200


def test_a_call_from_another_site_counts_here_with_its_whole_wait() -> None:
    play = led()
    token = held(play)
    play.event(base.CallArriving(call_id="x1", token=token, invite_key="k", trunk_group="network"))
    play.now_s += 15.0
    play.event(base.CallConnected(call_id="x1", agent="anna", queue="sales"))
    found = figures(play)
    assert (found.window_offered_count, found.window_in_time_count) == (1, 0)
    assert (found.last_wait_s, found.ewt_high_percent) == (0.0, 200)


def test_a_second_agent_for_the_same_call_changes_no_figure() -> None:
    play = site()
    play.event(agent_of("berta", BUSY)).event(offered("c1"))
    for agent in ("anna", "anna", "berta"):
        play.event(base.CallConnected(call_id="c1", agent=agent, queue="sales"))
    assert figures(play).window_offered_count == 1
    reports = [play.daemon._parts.model.agent_report(name) for name in ("anna", "berta")]
    assert [found[0].calls_count for found in reports if found] == [1, 1]


def test_an_unknown_call_and_an_unknown_agent_change_nothing() -> None:
    play = site()
    play.event(base.CallConnected(call_id="never", agent="anna", queue="sales"))
    play.event(offered("c1")).event(base.CallConnected(call_id="c1", agent="new", queue="sales"))
    assert figures(play).window_offered_count == 1


def test_agents_report_how_their_time_was_spent() -> None:
    play = led()
    play.event(agent_of("anna"), at_s=200.0).event(agent_of("anna", BUSY), at_s=210.0)
    play.wait(1.0)
    play.event(agent_of("anna", AgentState.WORKING_AFTER_CALL), at_s=270.0)
    play.wait(1.0)
    (delta,) = play.sent(StateDelta, "n1")
    (told,) = [entity for entity in delta.entities if isinstance(entity, AgentReport)]
    assert (told.ready_s, told.ready_periods_count) == (10.0, 1)
    assert told.occupied_s == pytest.approx(99.0 + 60.0, abs=2.0)


def test_a_queue_is_told_once_for_all_that_a_call_changed() -> None:
    play = led()
    play.event(offered("c1")).event(queue_of(waiting_count=1))
    play.wait(30.0)
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    play.event(queue_of(answered_count=1))
    play.wait(1.0)
    assert len(play.sent(StateDelta, "n1")) == 1
    play.wait(40.0)
    assert [delta for delta in play.sent(StateDelta, "n1") if delta.entities] == []


def test_predictions_are_those_of_a_policy() -> None:
    report = QueueReport(
        queue="sales",
        staffed_count=5,
        not_ready_count=3,
        waiting_count=1,
        places_held_count=1,
        aht_s=60.0,
        patience_s=30.0,
        last_wait_s=12.0,
    )
    assert predictions(report, 100.0, 125.0) == pytest.approx((90.0, 55.0, 25.0, 12.0))


def test_a_queue_nobody_called_has_no_past() -> None:
    empty = QueueFigures(SiteSettings(), lambda kind, name: None, SitePlay().daemon._parts.out)
    assert empty.measured("sales") == Measured()


# ---- hours of calls on a whole ACD -------------------------------------------------------------


class Hours:
    """A daemon on the in-memory ACD, with callers who come, give up, and talk at random."""

    def __init__(self, seed: int) -> None:
        agents = {f"a{i}": {"sales": 5} for i in range(8)}
        queue = MemoryQueue("sales", places_max=200, aht_s=120.0)
        self.acd = InMemoryAcd(queues=[queue], agents=agents, trunks={"carrier": 500})
        self.play = SitePlay()
        self.random = Random(seed)
        self.due: list[tuple[float, str, str]] = []
        self.give(self.acd.snapshot(0.0), 0.0)
        for agent in agents:
            self.give(self.acd.set_ready(agent, True, 0.0), 0.0)

    def give(self, events: list[base.AcdEvent], now_s: float) -> None:
        for event in events:
            self.play.event(event, at_s=now_s)
            if isinstance(event, base.CallConnected):
                ends_s = now_s + self.random.expovariate(1 / 120.0)
                heappush(self.due, (ends_s, "end", event.call_id))

    def run(self, calls_count: int) -> None:
        next_s, count = 0.0, 0
        while count < calls_count:
            if self.due and self.due[0][0] <= next_s:
                now_s, what, name = heappop(self.due)
                call = self.acd.calls.get(name)
                if call is not None and what == "end":
                    self.give(self.acd.agent_hangs_up(name, now_s), now_s)
                elif call is not None and not call.agent:
                    self.give(self.acd.caller_left(name, now_s), now_s)
                continue
            count += 1
            call = MemoryCall(f"c{count}", f"i{count}", "sales", "sales", "carrier")
            patience_end_s = next_s + self.random.expovariate(1 / 150.0)
            heappush(self.due, (patience_end_s, "give up", call.call_id))
            self.give(self.acd.offer(call, next_s), next_s)
            next_s += self.random.expovariate(11 / 120.0)


def test_hours_of_calls_on_an_acd() -> None:
    hours = Hours(seed=5)
    hours.run(3000)
    found = figures(hours.play)
    assert found.patience_s == pytest.approx(150.0, rel=0.25)
    assert found.estimator == QUEUE_LENGTH_ABANDONMENT
    assert 10 < found.ewt_low_percent < 90
    assert 110 < found.ewt_high_percent < 300
    past = hours.play.daemon._parts.figures._queues["sales"].choice
    assert past.error_s(QUEUE_LENGTH_ABANDONMENT) < 0.9 * past.error_s(QUEUE_LENGTH)
    agent = hours.play.daemon._parts.model.agents["a0"].times
    talked_s = agent.occupied_s / agent.calls_count
    assert talked_s == pytest.approx(120.0, rel=0.2)
    assert len(hours.play.daemon._parts.figures._waiting) == len(
        [call for call in hours.acd.calls.values() if not call.agent]
    )
