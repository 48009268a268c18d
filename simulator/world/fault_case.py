"""One case of the fault search: a small network, its load and its faults, as plain data.

Rule of this file: a case says all there is to say, so that its file alone repeats the run on the
same code; what chance decides within the run comes from the case's seed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from routing_policies.document import NetworkDocuments, assemble
from simulator.errors import StudyError
from simulator.model.calls import CallsTable, calls_table
from simulator.model.instants import NEVER_US, US, to_us
from simulator.model.network import (
    AgentModel,
    CallbackModel,
    FaultModel,
    IngressModel,
    MoveModel,
    NetworkModel,
    PeerPlanModel,
    QueueModel,
    ServiceModel,
    SiteModel,
    TrunkModel,
)
from simulator.model.peer_plan_text import KEY
from simulator.model.streams import stream
from simulator.world.drawn_handlers import handler_texts, rules_with, with_handler
from simulator.world.drawn_transfers import (
    queues_of,
    second_service,
    service_texts,
    transfer_model,
)
from simulator.world.peer_plan import plan_model

HEAD = "apiVersion: nirc/v1\n"
QUEUE = "sales"
GROUPS = ("carrier", "network")
DRAIN_US = 600 * US
MONDAY_0859_UNIX_S = 1_767_603_540.0
KIND = "nirc-sim fault case"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCase:
    """One site of a case."""

    name: str
    agents: int
    per_s: float
    methods: tuple[str, ...]
    set_up_s: float = 0.5
    ring_s: float = 0.0
    no_answer_share: float = 0.0
    answer_after_s: float | None = None
    acw_s: float = 0.0
    places: int = 30
    channels: int = 60
    max_loan: int = 4
    min_reserve: int = 0
    ask_after_s: float = 0.2
    requery_s: float = 2.0
    link_delay_s: float = 0.005
    rules: str = ""
    queue_document: str = ""
    "What the Site document says of its queue, beyond the name."


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCase:
    """One case."""

    seed: int
    for_s: float
    nodes: int
    sites: tuple[SiteCase, ...]
    policy: str
    faults: tuple[Mapping[str, Any], ...]
    "kind, from_s, lasts_s, the site or node it concerns (none: all), way, amount: see `breaking`."
    liveness: bool = False
    "One thing stays broken, and callers must be served all the same."
    failsafe: bool = False
    "Nodes lead on without etcd while all agree."
    talk_s: float = 4.0
    patience_s: float = 12.0
    redials_max: int = 0
    service_document: str = "aht_s: 5"
    calendars: tuple[str, ...] = ()
    "Names of calendars that close in the run's second minute."
    callbacks: Mapping[str, float] | None = None
    "Callers may be called back: `network.CallbackModel`, times in seconds. None: nobody is."
    peer_plan: Mapping[str, Any] | None = None
    "By what sites help one another without NIRC: see `world.peer_plan`."
    handler: Mapping[str, Any] | None = None
    "Where callers may end whom nobody serves: see `world.drawn_handlers`."
    transfers: Mapping[str, Any] | None = None
    "How agents pass callers on: see `world.drawn_transfers`."
    calls: tuple[int, ...] | None = None
    "Numbers of the calls that are kept; None: all."

    # ---- what engines take -----------------------------------------------------------------

    def model(self) -> NetworkModel:
        """The network. Raises DocumentError."""
        return NetworkModel(
            sites=tuple(_site(one, self) for one in self.sites),
            services=(
                ServiceModel(name=QUEUE, queue=QUEUE, aht_s=5.0),
                *second_service(self.transfers),
            ),
            ingresses=tuple(
                IngressModel(
                    name=site.name,
                    service=0,
                    entries=((s, 0), ((s + 1) % len(self.sites), 0)),
                    switch_over_us=3 * US,
                    lost_share=0.5,
                    retry_us=US,
                )
                for s, site in enumerate(self.sites)
            ),
            moves=tuple(
                MoveModel(
                    from_site=a,
                    trunk=group,
                    to_site=b,
                    method=method,  # type: ignore[arg-type]
                    arrives_on=1,
                    set_up_us=to_us(site.set_up_s),
                    channels_us=to_us(site.set_up_s / 2),
                    origin_channels=1 if method == "bridge" else 0,
                )
                for a, site in enumerate(self.sites)
                for group in range(len(GROUPS))
                for b in range(len(self.sites))
                for method in self._methods(site)
                if a != b
            ),
            documents=self.documents(),
            faults=tuple(self._fault(fault) for fault in self.faults),
            start_unix_s=MONDAY_0859_UNIX_S,
            duration_us=to_us(self.for_s),
            drain_us=DRAIN_US,
            nodes_count=self.nodes,
            failsafe=self.failsafe,
            callbacks=callbacks_of(self.callbacks),
            peer_plan=self._peer_plan(),
            transfers=transfer_model(self.transfers, QUEUE),
        )

    def _peer_plan(self) -> PeerPlanModel | None:
        names = [site.name for site in self.sites]
        return plan_model(names, QUEUE, self.peer_plan, MONDAY_0859_UNIX_S)

    def _carried(self) -> dict[str, tuple[str, int]]:
        """The peer plan, where NIRC carries it."""
        plan = self._peer_plan()
        return {} if plan is None or plan.by_hand else {KEY: (plan.text, 1)}

    def _methods(self, site: SiteCase) -> tuple[str, ...]:
        """What a site's carriers can do, with what the plan says."""
        planned = self.peer_plan["methods"] if self.peer_plan is not None else ()
        return tuple(dict.fromkeys((*site.methods, *planned)))

    def documents(self) -> NetworkDocuments:
        """What the routers are given. Raises DocumentError."""
        texts = {
            f"NetworkService/{QUEUE}": f"kind: NetworkService\nmetadata: {{name: {QUEUE}}}\n"
            f"spec: {{queue: {QUEUE}, {self.service_document}}}\n",
            "RoutingPolicy/default": with_handler(self.policy, self.handler),
        }
        texts |= handler_texts(self.handler, GROUPS, next(iter(self.calendars), ""))
        texts |= service_texts(self.transfers)
        for name in self.calendars:
            texts[f"Calendar/{name}"] = _calendar(name)
        for site in self.sites:
            first, *more = queues_of(self.transfers, site.name, QUEUE)
            named = [f"name: {first}, {site.queue_document}", *(f"name: {one}" for one in more)]
            queues = ", ".join(f"{{{one}}}" for one in named)
            spec = f"spec: {{queues: [{queues}]}}\n" if site.queue_document or more else ""
            texts[f"Site/{site.name}"] = f"kind: Site\nmetadata: {{name: {site.name}}}\n{spec}"
            for group in GROUPS:
                texts[f"Path/{site.name}-{group}"] = _path(site, group)
        return assemble({key: (HEAD + text, 1) for key, text in texts.items()} | self._carried(), 1)

    def table(self) -> CallsTable:
        """The callers: the same whatever else of the case is changed."""
        columns: dict[str, list[Any]] = {name: [] for name in ("arrival", "ingress")}
        numbers: list[int] = []
        for s, site in enumerate(self.sites):
            dice = stream(self.seed, "arrivals", site.name)
            at_us, index = 0.0, 0
            while site.per_s > 0:
                at_us += dice.exponential(US / site.per_s)
                if at_us >= to_us(self.for_s):
                    break
                columns["arrival"].append(int(at_us))
                columns["ingress"].append(s)
                numbers.append(index * 100 + _number_of(site.name))
                index += 1
        return self._table(columns, np.array(numbers, dtype=np.int64))

    def _table(self, columns: dict[str, list[Any]], numbers: Any) -> CallsTable:
        kept = np.ones(len(numbers), dtype=bool)
        if self.calls is not None:
            kept = np.isin(numbers, np.array(self.calls, dtype=np.int64))
        numbers = numbers[kept]
        drawn = np.array([stream(self.seed, "caller", int(n)).random(5) for n in numbers])
        drawn = drawn.reshape(len(numbers), 5)
        asked = [stream(self.seed, "called back", int(n)).random() for n in numbers]
        acw_us = max((site.acw_s for site in self.sites), default=0.0) * US
        return calls_table(
            number=numbers,
            arrival_us=np.array(columns["arrival"], dtype=np.int64)[kept],
            ingress=np.array(columns["ingress"], dtype=np.int32)[kept],
            talk_us=-np.log1p(-drawn[:, 0]) * self.talk_s * US + 1,
            patience_us=-np.log1p(-drawn[:, 1]) * self.patience_s * US + 1,
            acw_us=np.full(len(numbers), acw_us),
            ring_luck=drawn[:, 2],
            luck=drawn[:, 3],
            callback_luck=np.array(asked)
            if self.callbacks is not None
            else np.full(len(numbers), 0.5),
            redials_max=np.full(len(numbers), self.redials_max),
            redial_after_us=np.full(len(numbers), 5 * US),
        )

    def _fault(self, fault: Mapping[str, Any]) -> FaultModel:
        names = [site.name for site in self.sites]
        begin_us = to_us(float(fault["from_s"]))
        site = names.index(fault["site"]) if fault.get("site") in names else -1
        return FaultModel(
            kind=fault["kind"],
            window=(begin_us, begin_us + max(to_us(float(fault["lasts_s"])), 1)),
            site=max(site, 0) if fault["kind"] in ("site", "black_hole", "agent") else site,
            node=int(fault.get("node", -1)),
            way=str(fault.get("way", "")),
            amount=float(fault.get("amount", 0.0)),
        )

    # ---- files -----------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    def without_site(self, name: str) -> FaultCase:
        """The same without a site, its callers and its faults."""
        return replace(
            self,
            sites=tuple(site for site in self.sites if site.name != name),
            faults=tuple(fault for fault in self.faults if fault.get("site") != name),
        )


def case_of(read: Any, source: str) -> FaultCase:
    """A case from plain data. Raises StudyError."""
    try:
        found = dict(read)
        found["sites"] = tuple(
            SiteCase(**(dict(site) | {"methods": tuple(site["methods"])}))
            for site in found["sites"]
        )
        found["faults"] = tuple(dict(fault) for fault in found["faults"])
        found["calendars"] = tuple(found.get("calendars", ()))
        if found.get("callbacks") is not None:
            found["callbacks"] = dict(found["callbacks"])
        if found.get("calls") is not None:
            found["calls"] = tuple(int(number) for number in found["calls"])
        return FaultCase(**found)
    except (KeyError, TypeError, ValueError) as error:
        problem = f"{source}: is no fault case ({error})"
        raise StudyError(
            problem, "give a file that `nirc-sim faults --save` has written"
        ) from error


def callbacks_of(given: Mapping[str, float] | None) -> CallbackModel | None:
    """As engines take it; `after_s` becomes `after_us`."""
    if given is None:
        return None
    times = {name: to_us(value) for name, value in given.items() if name.endswith("_s")}
    rest: dict[str, Any] = {k: v for k, v in given.items() if k not in times}
    return CallbackModel(**{f"{name[:-2]}_us": us for name, us in times.items()}, **rest)


def file_text(case: FaultCase, problems: tuple[str, ...], commit: str) -> str:
    """A case as a file: read by people first."""
    head = {"kind": KIND, "commit": commit, "problems": list(problems), "case": case.to_json()}
    return json.dumps(head, indent=2) + "\n"


def read_case(text: str, source: str) -> FaultCase:
    """The case in a file. Raises StudyError."""
    try:
        read = json.loads(text)
    except ValueError as error:
        remedy = "give a file that `nirc-sim faults --save` has written"
        raise StudyError(f"{source}: is not JSON ({error})", remedy) from error
    if not isinstance(read, dict) or read.get("kind") != KIND:
        remedy = "give a file that `nirc-sim faults --save` has written"
        raise StudyError(f"{source}: is no fault case", remedy)
    return case_of(read["case"], source)


def _number_of(name: str) -> int:
    """A number below 100 for a site: callers keep theirs when other sites are left out."""
    return sum(name.encode("ascii", "replace")) % 100


def _site(case: SiteCase, whole: FaultCase) -> SiteModel:
    queues = queues_of(whole.transfers, case.name, QUEUE)
    answer_us = NEVER_US if case.answer_after_s is None else to_us(case.answer_after_s)
    return SiteModel(
        name=case.name,
        queues=tuple(
            QueueModel(
                name=queue,
                places_max=case.places,
                max_loan=case.max_loan,
                min_reserve=case.min_reserve,
                aht_s=5.0,
                answer_after_us=answer_us,
            )
            for queue in queues
        ),
        agents=tuple(
            AgentModel(
                name=f"{case.name}-a{number}",
                levels=tuple((q, 1 + number % 10) for q in range(len(queues))),
                shifts=((0, NEVER_US),),
                ring_us=to_us(case.ring_s),
                no_answer_share=case.no_answer_share,
                no_answer_us=4 * US,
                pause_us=5 * US,
            )
            for number in range(case.agents)
        ),
        trunks=(
            TrunkModel(name="carrier", channels_max=case.channels),
            TrunkModel(name="network", channels_max=case.channels, kind="network"),
        ),
        foreign_aht_factor=1.1,
        link_delay_us=to_us(case.link_delay_s),
        ask_after_us=to_us(case.ask_after_s),
        requery_us=to_us(case.requery_s),
        rules=rules_with(case.rules, case.name, QUEUE, whole.handler),
    )


def _path(site: SiteCase, group: str) -> str:
    return (
        f"kind: Path\nmetadata: {{name: {site.name}-{group}}}\n"
        f"spec: {{from_site: {site.name}, trunk_group: {group}, to_site: '*', "
        f"methods: [{', '.join(site.methods)}], arrives_on: network, "
        f"set_up_p99_s: {site.set_up_s}, proven: true, follows_contacts: true}}\n"
    )


def _calendar(name: str) -> str:
    """Closed before nine, and from a minute after nine for a minute."""
    return (
        f"kind: Calendar\nmetadata: {{name: {name}}}\nspec:\n  time_zone: UTC\n  hours:\n"
        '    - {days: [mon], from: "07:00", to: "09:00"}\n'
        '    - {days: [mon], from: "09:01", to: "20:00"}\n'
    )
