"""Joins all of a node that is about alarms beside the board itself.

Rule of this file: wiring only.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from nirc.alarm_work.alarm_desk import AlarmDesk, DeskSources
from nirc.alarm_work.alarm_report import AlarmReport
from nirc.alarm_work.notice_desk import NoticeDesk, Senders
from nirc.alarms.figure_windows import Figures, Sample
from nirc.config import NodeConfig
from nirc.core.view import RouterView
from nirc.links.alarms_http import AlarmsHttp
from nirc.links.mail_sender import MailSender
from nirc.links.webhook_sender import WebhookSender
from nirc.runtime.clock import now_s, wall_unix_s
from nirc.stores.node_stores import NodeStores
from nirc.telemetry.alarm_board import AlarmBoard
from nirc.telemetry.balance_figure import BalanceFigure
from nirc.telemetry.host_figures import HostFigures


class AlarmWork:
    """One node's. `run` until cancelled."""

    def __init__(
        self,
        config: NodeConfig,
        stores: NodeStores,
        board: AlarmBoard,
        view: Callable[[float], RouterView],
    ) -> None:
        alarms = config.alarms
        self._stores = stores
        self._node = config.node
        self._host = HostFigures(
            config.node,
            folders=_folders(config),
            certificates=_certificates(config),
            now_s=now_s,
            wall_unix_s=wall_unix_s,
        )
        self._store = stores.alarms
        self._balance: BalanceFigure | None = None
        if config.records is not None:
            self._balance = BalanceFigure(
                config.records.folder,
                leads=lambda: self._desk.domain.leading_here,
                wall_unix_s=wall_unix_s,
            )
        sources = DeskSources(
            node=config.node,
            view=view,
            documents=lambda: stores.documents_in_use,
            own_figures=self._own_figures,
            now_s=now_s,
            wall_unix_s=wall_unix_s,
        )
        self._desk = AlarmDesk(sources, board=board, store=self._store, look_s=alarms.look_s)
        self._notices = NoticeDesk(
            self._desk,
            self._store,
            Senders(webhook=WebhookSender(alarms.webhook), mail=MailSender(alarms.smtp)),
            node=config.node,
            board=board,
            history_max=alarms.history_max,
            now_s=now_s,
            wall_unix_s=wall_unix_s,
        )
        report = AlarmReport(
            self._desk, self._notices, self._store, new_id=_new_id, wall_unix_s=wall_unix_s
        )
        self.http = AlarmsHttp(report)
        "What of this the HTTP API serves."

    async def run(self) -> None:
        """Look at rules, and send notices; until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._desk.run())
            group.create_task(self._notices.run())
            if self._balance is not None:
                group.create_task(self._balance.run())

    def _own_figures(self) -> Figures:
        waiting = float(self._stores.records.waiting_count)
        balance = self._balance.value if self._balance else None
        return {
            **self._host.look(),
            "records_waiting": {self._node: Sample(waiting)},
            "out_of_balance": {} if balance is None else {"": balance},
        }


def _new_id() -> str:
    return secrets.token_hex(8)


def _folders(config: NodeConfig) -> Iterable[Path]:
    yield config.data_dir
    if config.records is not None:
        yield config.records.folder


def _certificates(config: NodeConfig) -> Iterable[Path]:
    """Those that this node shows or trusts, of its settings."""
    link, admin, etcd, redis = config.link.tls, config.admin.tls, config.etcd.tls, config.redis
    found: list[Path | None] = [*((link.ca, link.cert) if link else ())]
    found += [admin.cert] if admin else []
    found += [etcd.ca, etcd.cert] if etcd else []
    found += [redis.ca, redis.cert] if redis else []
    return [path for path in found if path is not None]
