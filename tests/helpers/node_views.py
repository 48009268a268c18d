"""What a router shows, as a test would have it, and a report made of it."""

from typing import Any

from nirc.core.actions import CandidateRecord, DecisionRecord
from nirc.core.hole_places import PlaceView
from nirc.core.view import DomainView, EntryView, MoveView, RouterView, SiteView
from nirc.links.node_report import NodeReport, ReportSources
from nirc.stores.etcd_config import ConfigStatus
from nirc.telemetry.alarm_board import AlarmBoard
from nirc.telemetry.decision_log import DecisionLog
from nirc.telemetry.metrics import Registry
from nrcli.wire.api_models import StoreStatus
from nrcli.wire.messages import AgentQueue, AgentReport, AgentState, Epoch, QueueReport
from nrcli.wire.records_models import RecordsStatus

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


class MadeReport:
    """A report and what it reads."""

    def __init__(self) -> None:
        self.alarms = AlarmBoard(lambda: 5.0)
        self.decisions = DecisionLog()
        self.stored: list[dict[str, Any]] = []
        self.drained = 0
        self.now_s = 100.0
        self.view = router_view(100.0)
        self.report = NodeReport(
            ReportSources(
                node="n1",
                view=lambda _now_s: self.view,
                now_s=lambda: self.now_s,
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

    def drain(self, draining: bool = True) -> None:
        self.drained += 1 if draining else -1
