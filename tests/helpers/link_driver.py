"""Speaks for many sites at once over the real link, and grants every reservation at once.

Rule of this file: one process, one `SiteClient` for each site; half of the sites ask, half lend.
It measures from the instant a request was due, so that a late sender does not flatter anybody.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from nrcli.client import SiteClient
from nrcli.wire import messages as msg
from nrcli.wire.link_stream import boottime_s
from nrcli.wire.tls import TlsFiles

QUEUE = "sales"
DELTA_EVERY_S = 0.1


@dataclass(slots=True)
class Asked:
    """One request under way."""

    due_at_s: float
    answer: msg.RouteAnswer | None = None
    took_s: float = 0.0


@dataclass(slots=True)
class Tally:
    """What one run gave."""

    took_s: list[float] = field(default_factory=list)
    moved_count: int = 0
    other_count: int = 0


class DrivenSite:
    """One site: its state, its links, and its one answer to every reservation."""

    def __init__(
        self, name: str, nodes: Mapping[str, str], tls: TlsFiles | None, agents_count: int
    ) -> None:
        self.name = name
        self.agents_count = agents_count
        self.leader = ""
        self.epoch = msg.NO_EPOCH
        self.up: set[str] = set()
        self.asked: dict[str, Asked] = {}
        self.done: list[Asked] = []
        self.granted_count = 0
        self._version = 1
        self._fixed = self._agents_and_trunks()
        self._fixed_sum = sum(msg.entity_hash(entity) for entity in self._fixed)
        self._client = SiteClient(
            nodes=nodes,
            hello=lambda: msg.Hello(site=name, incarnation=1),
            tls=tls,
            on_up=self._on_up,
            on_down=lambda node, reason: self.up.discard(node),
            on_message=self._on_message,
        )

    async def start(self) -> None:
        await self._client.start()

    async def stop(self) -> None:
        await self._client.stop()

    def ask(self, due_at_s: float) -> None:
        """One route request to the leader."""
        request_id = secrets.token_hex(8)
        self.asked[request_id] = Asked(due_at_s)
        request = msg.RouteRequest(
            request_id=request_id,
            interaction_id=request_id,
            call_id=request_id,
            service=QUEUE,
            queue=QUEUE,
            trunk_group="carrier",
            answered=True,
        )
        self._client.send(self.leader, request)

    def report_change(self) -> None:
        """A delta of the queue to every node, as a live site sends."""
        self._version += 1
        queue = self._queue()
        delta = msg.StateDelta(
            incarnation=1,
            base_version=self._version - 1,
            version=self._version,
            checksum=(self._fixed_sum + msg.entity_hash(queue)) % 2**64,
            entities=(queue,),
        )
        for node in self.up:
            self._client.send(node, delta)

    def _on_up(self, node: str, _welcome: msg.Welcome) -> None:
        self.up.add(node)
        entities = (self._queue(), *self._fixed)
        snapshot = msg.StateSnapshot(
            incarnation=1,
            version=self._version,
            checksum=msg.state_checksum(entities),
            entities=entities,
        )
        self._client.send(node, snapshot)

    def _on_message(self, node: str, message: msg.NodeMessage) -> None:
        match message:
            case msg.Leading():
                if message.epoch >= self.epoch:
                    self.epoch, self.leader = message.epoch, message.node
                    ack = msg.LeadingAck(domain=message.domain, epoch=message.epoch)
                    self._client.send(node, ack)
            case msg.Reserve():
                self.granted_count += 1
                grant = msg.ReserveGranted(
                    domain=message.domain,
                    epoch=message.epoch,
                    request_id=message.request_id,
                    token="nirc-" + secrets.token_hex(13).translate(_TOKEN_LETTERS),
                    queue=message.queue,
                    agent=message.agent,
                    expires_s=message.expires_s,
                )
                self._client.send(node, grant)
            case msg.RouteAnswer():
                self._answered(node, message)
            case msg.StateResync():
                self._on_up(node, msg.Welcome(node=node, version=2, heartbeat_s=1, silence_s_max=3))

    def _answered(self, node: str, answer: msg.RouteAnswer) -> None:
        asked = self.asked.pop(answer.request_id, None)
        if asked is None:
            return
        asked.answer, asked.took_s = answer, boottime_s() - asked.due_at_s
        self.done.append(asked)
        if answer.outcome is msg.RouteOutcome.MOVE:
            outcome = msg.TransferOutcome(
                request_id=answer.request_id,
                token=answer.token,
                target_site=answer.target_site,
                method=msg.TransferMethod.REFER,
                outcome=msg.MoveOutcome.CALLER_GONE,
            )
            self._client.send(node, outcome)

    def _queue(self) -> msg.QueueReport:
        return msg.QueueReport(
            queue=QUEUE,
            staffed_count=max(self.agents_count, 5),
            ready_count=self.agents_count,
            busy_count=0 if self.agents_count else 5,
            waiting_count=0 if self.agents_count else 5,
            aht_s=60.0,
            answered_count=self._version,
            places_max=1_000,
            max_loan=10_000,
        )

    def _agents_and_trunks(self) -> tuple[msg.Entity, ...]:
        agents = (
            msg.AgentReport(
                agent=f"a{number}",
                state=msg.AgentState.READY,
                in_state_s=float(number),
                queues=(msg.AgentQueue(queue=QUEUE),),
            )
            for number in range(self.agents_count)
        )
        trunks = (
            msg.TrunkReport(trunk_group=name, channels_max=10_000)
            for name in ("carrier", "network")
        )
        return (*agents, *trunks)


_TOKEN_LETTERS = str.maketrans("0189", "wxyz")


class Driver:
    """All sites: the first half asks, the second lends."""

    def __init__(
        self, nodes: Mapping[str, str], tls: Mapping[str, TlsFiles | None], agents_count: int = 200
    ) -> None:
        names = list(tls)
        half = len(names) // 2
        self.sites = [
            DrivenSite(name, nodes, tls[name], 0 if index < half else agents_count)
            for index, name in enumerate(names)
        ]
        self.origins, self.targets = self.sites[:half], self.sites[half:]
        self._nodes_count = len(nodes)

    async def start(self, wait_s: float = 30.0) -> None:
        """Until every site is linked with every node and has acknowledged the leader."""
        for site in self.sites:
            await site.start()
        async with asyncio.timeout(wait_s):
            while not all(len(s.up) == self._nodes_count and s.leader for s in self.sites):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)

    async def stop(self) -> None:
        for site in self.sites:
            await site.stop()

    async def run(self, rate_per_s: float, seconds: float) -> Tally:
        """Requests at a steady rate, whatever comes back (open loop)."""
        for site in self.origins:
            site.done.clear()
            site.asked.clear()
        reporting = asyncio.create_task(self._report())
        began_at_s = boottime_s()
        sent_count, total_count = 0, int(rate_per_s * seconds)
        while sent_count < total_count:
            due_count = min(int((boottime_s() - began_at_s) * rate_per_s) + 1, total_count)
            for number in range(sent_count, due_count):
                origin = self.origins[number % len(self.origins)]
                origin.ask(began_at_s + number / rate_per_s)
            sent_count = due_count
            await asyncio.sleep(0.001)
        for _ in range(40):
            if not any(site.asked for site in self.origins):
                break
            await asyncio.sleep(0.05)
        reporting.cancel()
        return self._tally()

    async def _report(self) -> None:
        while True:
            for site in self.targets:
                site.report_change()
                await asyncio.sleep(DELTA_EVERY_S / len(self.targets))

    def _tally(self) -> Tally:
        tally = Tally()
        for site in self.origins:
            for asked in site.done:
                assert asked.answer is not None
                tally.took_s.append(asked.took_s)
                moved = asked.answer.outcome is msg.RouteOutcome.MOVE
                tally.moved_count += moved
                tally.other_count += not moved
            tally.other_count += len(site.asked)
        tally.took_s.sort()
        return tally
