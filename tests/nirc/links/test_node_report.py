"""The router's picture in the API's words."""

import json
from dataclasses import asdict, replace
from typing import Any

from nirc.core.actions import CandidateRecord, DecisionRecord
from nirc.core.hole_places import PlaceView
from nirc.core.view import DomainView, EntryView, MoveView, RouterView, SiteView
from nirc.links.node_report import NodeDecision, NodeReport, ReportSources, decision_from
from nirc.stores.etcd_config import ConfigStatus
from nirc.stores.redis_records import as_text
from nirc.telemetry.alarm_board import AlarmBoard
from nirc.telemetry.decision_log import DecisionLog
from nirc.telemetry.metrics import Registry
from nrcli.wire.api_models import RecordsStatus, StoreStatus
from nrcli.wire.messages import AgentQueue, AgentReport, AgentState, Epoch, QueueReport

EPOCH = Epoch(generation=1, revision=9)


def site_view() -> SiteView:
    agents = [("anna", AgentState.READY), ("bert", AgentState.BUSY), ("cleo", AgentState.BUSY)]
    queues = ("sales", "help")
    return SiteView(
        site="lisbon",
        liveness="alive",
        linked=True,
        synced=True,
        acknowledged=True,
        incarnation=1,
        version=3,
        queues=tuple(
            QueueReport(queue=name, ready_count=1, busy_count=2, waiting_count=4) for name in queues
        ),
        agents=tuple(
            AgentReport(
                agent=name,
                state=state,
                in_state_s=1.0,
                queues=tuple(AgentQueue(queue=queue) for queue in queues),
            )
            for name, state in agents
        ),
        trunks=(),
        reservations=(),
        waiting=(),
        state_age_s=0.7,
    )


def move_view() -> MoveView:
    return MoveView(
        token="nirc-secret",
        request_id="r1",
        interaction_id="i1",
        service="sales",
        origin_site="lisbon",
        target_site="porto",
        queue="sales",
        agent="dora",
        state="moving",
        age_s=0.5,
    )


def router_view(_now_s: float) -> RouterView:
    return RouterView(
        node="n1",
        domains=(DomainView(domain="default", leader="n1", epoch=EPOCH, leading_here=True),),
        documents_revision=7,
        policy="default",
        policy_version=1,
        peers=("n2",),
        sites=(site_view(),),
        moves=(move_view(),),
        decisions=(),
        counters={"requests": 3},
        alarms=(),
        open_requests_count=2,
        answers_kept_count=0,
        promises_count=0,
        tombstones_count=0,
        network_queue=(
            EntryView(
                entry_id="e1",
                interaction_id="i1",
                service="sales",
                site="lisbon",
                queue="sales",
                priority=0,
                waited_s=9.0,
                position=1,
                state="waiting",
            ),
        ),
        outcomes=(
            PlaceView(
                kind="queue",
                site="lisbon",
                name="sales",
                phase="suspended",
                counts={"short": 1},
                reason="bad",
                since_s=3.0,
                next_probe_s=17.0,
                share=0.0,
            ),
            PlaceView(kind="path", site="lisbon", name="x", phase="open", counts={"arrived": 2}),
        ),
    )


def decision() -> DecisionRecord:
    return DecisionRecord(
        decision_id="d1",
        request_id="r1",
        interaction_id="i1",
        origin_site="lisbon",
        service="sales",
        domain="default",
        epoch=EPOCH,
        policy="default",
        policy_version=1,
        rules_tried=("idle-elsewhere",),
        candidates=(
            CandidateRecord(
                site="porto",
                queue="sales",
                agent="dora",
                value=4.0,
                age_s=0.1,
                lost_because="",
                values=(3, None),
            ),
        ),
        outcome="move",
        target_site="porto",
        queue="sales",
        agent="dora",
        took_s=0.003,
        mode="canary",
        rules=(("idle-elsewhere", "decided"),),
        value_names=("waiting_count", "patience_s"),
        origin_values=(7, 9.0),
        call=(("waited_s", "3.0"),),
        memory=(1.0,),
    )


class Made:
    """A report and what it reads."""

    def __init__(self) -> None:
        self.alarms = AlarmBoard(lambda: 5.0)
        self.decisions = DecisionLog()
        self.stored: list[dict[str, Any]] = []
        self.drained = 0
        self.report = NodeReport(
            ReportSources(
                node="n1",
                view=router_view,
                now_s=lambda: 100.0,
                alarms=self.alarms,
                decisions=self.decisions,
                search=self.search,
                documents=ConfigStatus(revision=7, in_reach=True, problem="Site/x:1: wrong"),
                etcd_problem=lambda: "",
                redis=lambda: StoreStatus(in_reach=False, problem="away"),
                records=lambda: RecordsStatus(lost_count=3),
                inbox_count=lambda: 4,
                registry=Registry(),
                drain=self.drain,
                draining=lambda: self.drained > 0,
                started_at_s=40.0,
            )
        )

    async def search(self, words: str, limit: int) -> list[dict[str, Any]]:
        return [one for one in self.stored if words.strip('"') in str(one)][:limit]

    def drain(self) -> None:
        self.drained += 1


def test_status() -> None:
    made = Made()
    made.alarms.raise_alarm("c", "p", "t")
    made.report.drain()
    status = made.report.status()
    assert (status.node, status.up_s, status.draining, status.inbox_count) == ("n1", 60.0, True, 4)
    assert status.domains[0].leads_here and status.domains[0].acknowledged_sites == ("lisbon",)
    assert status.sites_linked == ("lisbon",) and status.peers_linked == ("n2",)
    assert status.documents_problem == "Site/x:1: wrong" and not status.redis.in_reach
    assert (status.alarms_count, status.calls_in_motion_count) == (1, 3)
    assert status.counts == {"requests": 3.0}
    assert made.report.alarms().alarms[0].since_unix_s == 5.0


def test_who_is_suspended_stands_in_the_status_and_all_outcomes_at_the_site() -> None:
    report = Made().report
    (one,) = report.status().suspended
    assert (one.kind, one.name, one.reason, one.next_probe_s) == ("queue", "sales", "bad", 17.0)
    site = report.site("lisbon")
    assert site is not None
    assert [place.counts for place in site.outcomes] == [{"short": 1}, {"arrived": 2}]


def test_agents_in_several_queues_count_once() -> None:
    site = Made().report.sites().sites[0]
    assert site.state_age_s == 0.7
    assert (site.ready_count, site.busy_count, site.waiting_count) == (1, 2, 8)
    whole = Made().report.site("lisbon")
    assert whole is not None and whole.agents[0].queues == ("sales", "help")
    assert [queue.queue for queue in whole.queues] == ["sales", "help"]
    assert Made().report.site("porto") is None


def test_calls_without_their_tokens() -> None:
    calls = Made().report.calls()
    assert calls.calls[0].target_site == "porto"
    assert "secret" not in calls.model_dump_json()


def test_the_network_queue() -> None:
    queue = Made().report.queue()
    assert queue.entries_count == 1
    assert (queue.entries[0].site, queue.entries[0].position) == ("lisbon", 1)


async def test_decisions_of_this_node_else_of_the_records() -> None:
    made = Made()
    logged = made.decisions.add(decision(), 12.0)
    own = await made.report.decisions("i1", 10)
    assert own.decisions[0].at_unix_s == 12.0 and own.decisions[0].candidates[0].agent == "dora"
    there = replace(logged, record=replace(logged.record, interaction_id="i2"))
    near = replace(logged, record=replace(logged.record, interaction_id="i3", service="i2"))
    made.stored = [
        json.loads(as_text(NodeDecision(node="n2", logged=one))) for one in (there, near)
    ]
    other = await made.report.decisions("i2", 10)
    assert [(one.node, one.interaction_id) for one in other.decisions] == [("n2", "i2")]
    assert other.decisions[0].revision == 9 and other.decisions[0].candidates[0].site == "porto"
    for one in (own.decisions[0], other.decisions[0]):
        assert one.value_names == ("waiting_count", "patience_s")
        assert one.candidates[0].values == (3, None)
        assert (one.mode, one.rules) == ("canary", (("idle-elsewhere", "decided"),))
        assert one.origin_values == (7, 9.0)
        assert (one.call, one.memory) == ((("waited_s", "3.0"),), (1.0,))
    assert (await made.report.decisions("", 10)).decisions == own.decisions
    assert (await made.report.decisions("unknown", 10)).decisions == ()
    assert logged.record.outcome == "move"
    assert made.report.metrics_text() == "\n"


async def test_the_beginning_of_an_id_is_enough() -> None:
    made = Made()
    made.decisions.add(replace(decision(), request_id="abcdef0123"), 12.0)
    assert len((await made.report.decisions("abcdef", 10)).decisions) == 1
    assert not (await made.report.decisions("abcde", 10)).decisions


def test_records_of_before_are_readable() -> None:
    logged = {"at_unix_s": 1.0, "record": asdict(decision())}
    for name in ("mode", "rules", "value_names", "origin_values", "call", "memory"):
        del logged["record"][name]  # type: ignore[attr-defined]
    for name in ("rule", "values", "means"):
        del logged["record"]["candidates"][0][name]  # type: ignore[index]
    told = decision_from({"node": "n1", "logged": logged})
    assert (told.mode, told.rules, told.candidates[0].values) == ("live", (), ())
