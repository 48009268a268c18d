"""A desk of alarms whose surroundings are the test's."""

from dataclasses import replace
from typing import Any, cast

from node_views import router_view

from nirc.alarm_work.alarm_desk import AlarmDesk, DeskSources
from nirc.alarms.figure_windows import Sample
from nirc.alarms.history import Row
from nirc.core.view import RouterView
from nirc.stores.alarm_store import AlarmStore
from nirc.stores.etcd_client import EtcdClient
from nirc.telemetry.alarm_board import AlarmBoard
from nrcli.wire.alarm_models import AlarmEvent
from routing_policies.document import assemble

RULES = """apiVersion: nirc/v1
kind: AlarmRules
metadata: {name: network}
spec:
  rules:
    - {name: waiting, figure: queue_waiting, above: 3, text: too many, advice: help them,
       places: [{place: lisbon/help, off: true}]}
    - {name: disk_low, figure: disk_free, below: 0.1, text: full}
  severities: [{alarm: node_down, severity: critical}]
"""


class Desk:
    """A desk whose surroundings are the test's."""

    def __init__(self, node: str = "n1", rules: str = RULES) -> None:
        self.now_s = 1_000.0
        self.waiting = 4
        self.leads = True
        self.peers: tuple[str, ...] = ("n2",)
        self.free = 0.5
        self.documents = assemble({"AlarmRules/network": (rules, 1)}, 1) if rules else None
        self.board = AlarmBoard(lambda: self.now_s)
        self.store = AlarmStore(client=cast(EtcdClient, None), waiting_max=100)
        self.store.is_listed = True
        sources = DeskSources(
            node=node,
            view=lambda now_s: self.view(),
            documents=lambda: self.documents,
            own_figures=lambda: {"disk_free": {f"{node}:/x": Sample(self.free)}},
            now_s=lambda: self.now_s,
            wall_unix_s=lambda: self.now_s,
        )
        self.desk = AlarmDesk(sources, board=self.board, store=self.store, look_s=5.0)

    def view(self) -> RouterView:
        seen = router_view(0.0)
        (site,), (domain,) = seen.sites, seen.domains
        queues = tuple(replace(one, waiting_count=self.waiting) for one in site.queues)
        return replace(
            seen,
            sites=(replace(site, queues=queues),),
            domains=(replace(domain, leading_here=self.leads),),
            peers=self.peers,
        )

    def look(self, after_s: float = 5.0) -> None:
        self.now_s += after_s
        self.desk.look()

    def standing(self) -> list[tuple[str, str]]:
        return [(one.code, one.place) for one in self.board.standing()]

    def happened(self) -> list[tuple[str, str, str]]:
        return [(row.event.happened, row.event.code, row.event.place) for row in self.store.rows()]

    def heard(self, **said: Any) -> None:
        """Another node's event comes from etcd."""
        rows = self.store._rows
        base = {"id": f"x{len(rows)}", "at_unix_s": self.now_s, "severity": "major", "node": "n2"}
        event = AlarmEvent.model_validate(base | {"happened": "raised"} | said)
        rows.append(Row(event, len(rows) + 1))
