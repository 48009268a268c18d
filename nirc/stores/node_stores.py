"""What one node keeps outside itself: elections and documents in etcd, data and records in Redis.

Rule of this file: it makes the stores, names their work, and ends them in order; a store that is
away is waited for, and said as an alarm.
"""

import asyncio
from collections import ChainMap
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from nirc.config import EtcdConfig, NodeConfig, RedisConfig
from nirc.core.actions import HoldCampaign
from nirc.core.events import CampaignHeld, DocumentsChanged, Event
from nirc.records.spool import Spool, SpoolSettings
from nirc.runtime.clock import now_s, wall_unix_s
from nirc.runtime.ports import AttachedDataStore
from nirc.stores.alarm_store import AlarmStore
from nirc.stores.document_cache import DocumentCache
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_config import DocumentStore
from nirc.stores.etcd_lease import Election, ElectionSettings
from nirc.stores.etcd_policies import PolicyStore, policy_guard
from nirc.stores.etcd_probe import EtcdProbe
from nirc.stores.etcd_values import EtcdSettings, EtcdTls
from nirc.stores.in_memory import InMemoryAttachedData
from nirc.stores.kept_controls import KeptControls
from nirc.stores.kept_proofs import KeptProofs
from nirc.stores.kept_watch import KeptWatch
from nirc.stores.member_list import MemberList
from nirc.stores.node_recorder import NodeRecorder
from nirc.stores.policy_schedule import PolicySchedule
from nirc.stores.publish_checks import PublishChecks, SeenSites
from nirc.stores.redis_attached_data import RedisAttachedData
from nirc.stores.redis_connection import RedisConnection, RedisSettings
from nirc.stores.redis_records import RecordSettings, RedisRecords
from nirc.stores.session_keys import SessionKeys
from nirc.telemetry.alarm_board import AlarmBoard
from nrcli.wire.api_models import StoreStatus
from nrcli.wire.messages import Epoch
from routing_policies.network_documents import NetworkDocuments
from routing_policies.read_texts import ReadTexts

REDIS_AWAY, DOCUMENTS_WRONG = "redis_away", "documents_wrong"
NOT_CONFIGURED = "not configured"


class NodeStores:
    """The stores of one node."""

    documents_in_use: NetworkDocuments | None = None

    def __init__(
        self,
        config: NodeConfig,
        *,
        post: Callable[[Event], object],
        alarms: AlarmBoard,
        sees: Callable[[], SeenSites] = dict,
        leads: Callable[[], bool] = lambda: False,
    ) -> None:
        self._post = post
        self._alarms = alarms
        self._have_documents = asyncio.Event()
        self._config = config
        self.etcd = EtcdClient(_etcd_settings(config.etcd))
        self._documents_etcd = EtcdClient(_etcd_settings(config.etcd))
        checks = PublishChecks(sees)
        read = ReadTexts()
        self.documents = DocumentStore(
            client=self._documents_etcd,
            cache=DocumentCache(config.data_dir / "documents.json"),
            post=self._documents_changed,
            on_alarm=lambda place, text: alarms.raise_alarm(DOCUMENTS_WRONG, place, text),
            on_clear=lambda: alarms.clear_code(DOCUMENTS_WRONG),
            relist_s=config.etcd.relist_s,
            versions_kept_max=config.policies.versions_kept_max,
            guard=policy_guard(checks, read, wall_unix_s),
            doubts=checks.trunk_groups,
            read=read,
        )
        self.policies = PolicyStore(
            client=self._documents_etcd,
            documents=self.documents,
            checks=checks,
            wall_unix_s=wall_unix_s,
        )
        self._schedule = PolicySchedule(
            self.policies, leads=leads, look_s=config.policies.schedule_look_s
        )
        self._etcd_probe = EtcdProbe(
            self._documents_etcd,
            every_s=_probe_every_s(config),
            post=post,
            now_s=now_s,
            leads=lambda: any(one.leader == config.node for one in self.elections.values()),
        )
        self.elections = {domain: self._election(domain) for domain in config.domains}
        kept = _kept_in_etcd(config, self._documents_etcd, post)
        self.members, self.proofs, self.controls = kept
        self.node_urls = _node_urls(config, self.members)
        self.sessions = SessionKeys(
            client=self._documents_etcd, ended_max=config.admin.sessions.ended_max
        )
        self._redis = RedisConnection(redis_settings(config.redis), self._redis_reached)
        self.data: AttachedDataStore = self._data()
        self._join_records(config, alarms)

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """What must run for as long as the node does, besides `campaigns`."""
        work = [self.documents.run(), self._etcd_probe.run(), self._schedule.run()]
        work += [self.members.run(), self._etcd_probe.run_writes(), self.proofs.run()]
        work += [self.sessions.run(), self.controls.run(), self.alarms.run()]
        if self._config.redis is not None:
            work += [self._redis.run(), self.records.run(), self.kept.run()]
        return work

    def campaigns(self) -> list[Coroutine[Any, Any, None]]:
        """The elections: to be begun once the node listens, as the others take a leader that
        nothing listens for to be dead."""
        return [one.run() for one in self.elections.values()]

    async def wait_for_documents(self, wait_s: float) -> None:
        """Wait until documents are in use and controls are known, at most `wait_s`."""
        try:
            async with asyncio.timeout(wait_s):
                await self._have_documents.wait()
                await self.controls.heard.wait()
        except TimeoutError:
            return

    async def resign(self, reason: str) -> None:
        """Give every leadership back and campaign no more."""
        await asyncio.gather(*(one.resign(reason) for one in self.elections.values()))

    def stand_aside(self, aside: bool = True) -> None:
        """Campaign no more, or campaign again."""
        for election in self.elections.values():
            election.stand_aside(aside)

    def step_down(self, domain: str, reason: str) -> None:
        """Give a domain's leader key back."""
        self.elections[domain].step_down(reason)

    def raise_generation(self, domain: str, above: Epoch) -> None:
        """Raise a domain's generation above an epoch and elect again."""
        self.elections[domain].raise_generation(above)

    def prolong_office(self, domain: str, until_s: float) -> None:
        """Stay in a domain's office without etcd until then."""
        self.elections[domain].promises.prolong(until_s)

    def hold_campaign(self, action: HoldCampaign) -> None:
        """Campaign for nothing in a domain for a while, and say whether that could be promised."""
        election = self.elections.get(action.domain)
        self._post(
            CampaignHeld(
                domain=action.domain,
                node=action.node,
                epoch=action.epoch,
                round=action.round,
                held=election is None or election.promises.hold(action.until_s),
            )
        )

    async def search_decisions(self, words: str, limit: int) -> list[dict[str, Any]]:
        """Decisions of all nodes, from the records."""
        return await self.records.find("decisions", words, limit)

    def etcd_problem(self) -> str:
        """What went wrong with etcd last, empty after an answer."""
        return self._etcd_probe.problem

    def redis_status(self) -> StoreStatus:
        """Whether attached data can be kept now."""
        if self._config.redis is None:
            return StoreStatus(in_reach=False, problem=NOT_CONFIGURED)
        return StoreStatus(in_reach=self._redis.in_reach, problem=self._redis.why)

    async def flush(self) -> None:
        """Write what waits, within a second; what then still waits goes to the disk."""
        if self._config.redis is not None:
            await self.records.flush(1.0)

    async def close(self) -> None:
        """End every connection."""
        if isinstance(self.data, RedisAttachedData):
            await self.data.close()
        await self.etcd.close()
        await self._documents_etcd.close()

    def _join_records(self, config: NodeConfig, alarms: AlarmBoard) -> None:
        self.alarms = AlarmStore(client=self._documents_etcd, waiting_max=config.alarms.waiting_max)
        self.records = RedisRecords(self._redis, _record_settings(config.redis), _spool(config))
        has_redis = config.redis is not None
        self.recorder = NodeRecorder(
            config.node, int(wall_unix_s()), self.records if has_redis else None
        )
        self.kept = KeptWatch(
            self._redis,
            self.records,
            alarms,
            alarm_after_s=config.records.alarm_after_s if config.records else None,
            unix_s=wall_unix_s,
        )

    def _data(self) -> AttachedDataStore:
        if self._config.redis is not None:
            return RedisAttachedData(self._redis, self._post)
        absent = InMemoryAttachedData(self._post)
        absent.in_reach = False
        return absent

    def _election(self, domain: str) -> Election:
        config = self._config
        return Election(
            client=self.etcd,
            node=config.node,
            domain=domain,
            settings=ElectionSettings(ttl_s=config.etcd.ttl_s, wait_first_ttl=config.failsafe),
            post=self._post,
            now_s=now_s,
        )

    def _documents_changed(self, event: Event) -> None:
        assert isinstance(event, DocumentsChanged)
        self.documents_in_use = event.documents
        self._have_documents.set()
        self._post(event)

    def _redis_reached(self, reachable: bool, why: str) -> None:
        if reachable:
            self._alarms.clear(REDIS_AWAY, "redis")
        else:
            text = f"attached data cannot be kept or read, calls move without it: {why}"
            self._alarms.raise_alarm(REDIS_AWAY, "redis", text)


def _node_urls(config: NodeConfig, members: MemberList) -> Mapping[str, str]:
    """Of all nodes' HTTP APIs, as the settings say and else as the nodes themselves do."""
    configured = {peer.name: peer.admin for peer in config.peers if peer.admin}
    return ChainMap(configured, members.urls, {peer.name: "" for peer in config.peers})


def _kept_in_etcd(
    config: NodeConfig, client: EtcdClient, post: Callable[[Event], object]
) -> tuple[MemberList, KeptProofs, KeptControls]:
    """What all nodes write and read in etcd, besides documents."""
    folder = config.data_dir
    return (
        MemberList(client=client, node=config.node, path=folder / "members.json", post=post),
        KeptProofs(client=client, post=post, wall_unix_s=wall_unix_s),
        KeptControls(
            client=client, path=folder / "controls.json", post=post, wall_unix_s=wall_unix_s
        ),
    )


def _probe_every_s(config: NodeConfig) -> float:
    """For failsafe what etcd answered must be known sooner than a leader's time is over."""
    return config.etcd.ttl_s / (8 if config.failsafe else 2)


def _etcd_settings(config: EtcdConfig) -> EtcdSettings:
    tls = config.tls
    return EtcdSettings(
        members=config.members,
        timeout_s=config.timeout_s,
        tls=None
        if tls is None
        else EtcdTls(ca=str(tls.ca), cert=str(tls.cert or ""), key=str(tls.key or "")),
    )


def redis_settings(config: RedisConfig | None) -> RedisSettings:
    if config is None:
        return RedisSettings(url="unix:///dev/null")
    return RedisSettings(
        url=config.url,
        budget_s=config.budget_s,
        ca=str(config.ca or ""),
        cert=str(config.cert or ""),
        key=str(config.key or ""),
    )


def _spool(config: NodeConfig) -> Spool | None:
    if config.redis is None or not config.redis.records_spool_bytes_max:
        return None
    settings = SpoolSettings(bytes_max=config.redis.records_spool_bytes_max)
    return Spool(config.data_dir / "records", settings)


def _record_settings(config: RedisConfig | None) -> RecordSettings:
    if config is None:
        return RecordSettings(queue_max=1)
    return RecordSettings(
        queue_max=config.records_waiting_max, stream_length_max=config.records_kept_max
    )
