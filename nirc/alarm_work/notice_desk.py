"""Sends notices to the receivers that documents name, while it is this node's part.

Rule of this file: it does what the pure part says is due. The leader sends; where nobody leads, the
first of the nodes that reach each other does, so that the loss of etcd is told as well. What a
receiver took is written down for the next leader after it took it: at least once, never lost.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nirc.alarm_work.alarm_desk import AlarmDesk
from nirc.alarms.history import too_many
from nirc.alarms.notice_text import mail_text, subject_of, webhook_body
from nirc.alarms.notices import Grouping, Notice, Receiver, Told
from nirc.errors import NoticeError, StoreError
from nirc.links.mail_sender import MailSender
from nirc.links.webhook_sender import WebhookSender
from nirc.stores.alarm_store import AlarmStore
from nirc.telemetry.alarm_board import AlarmBoard
from nrcli.wire.alarm_rule_models import TestResult
from routing_policies.alarm_kinds import MailReceiver, WebhookReceiver

log = logging.getLogger(__name__)

LOOK_S = 1.0
NO_LEADER_S = 10.0
"So long nobody must have led before a node that does not lead sends."
FAILING_AFTER = 3
"Failures in a row after which that is an alarm itself."
NOT_TAKEN = "notices_not_taken"
Channel = WebhookReceiver | MailReceiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Senders:
    """How notices leave."""

    webhook: WebhookSender
    mail: MailSender


class NoticeDesk:
    """One node's. `look` now and then; `run` does so until cancelled."""

    def __init__(
        self,
        desk: AlarmDesk,
        store: AlarmStore,
        senders: Senders,
        *,
        node: str,
        board: AlarmBoard,
        history_max: int,
        now_s: Callable[[], float],
        wall_unix_s: Callable[[], float],
    ) -> None:
        self._desk = desk
        self._store = store
        self._senders = senders
        self._node = node
        self._board = board
        self._history_max = history_max
        self._now_s = now_s
        self._wall_unix_s = wall_unix_s
        self._led_at_s = now_s()
        "When somebody was last known to lead."
        self._sending: set[asyncio.Task[None]] = set()
        self._was_here = False
        self.receivers: dict[str, Receiver] = {}
        self.channels: dict[str, Channel] = {}

    async def run(self) -> None:
        """Look now and then. What is being sent at its end is broken off: the next leader's."""
        try:
            while True:
                await self._look_safely()
                await asyncio.sleep(LOOK_S)
        finally:
            for task in self._sending:
                task.cancel()

    @property
    def notifies_here(self) -> bool:
        """Is it this node's part to send?"""
        domain, now_s = self._desk.domain, self._now_s()
        if domain.leader:
            self._led_at_s = now_s
            return domain.leading_here
        first = min((self._node, *self._desk.peers)) == self._node
        return first and now_s - self._led_at_s >= NO_LEADER_S

    async def look(self) -> None:
        """Begin to send what is due, and keep the history bounded."""
        self._use()
        here, before = self.notifies_here, self._was_here
        self._was_here = here
        if not here or (self._desk.domain.leading_here and not self._store.is_listed):
            for name in self.receivers:
                self._board.clear(NOT_TAKEN, name)
            return
        rows = self._store.rows()
        if not before:
            await self._take_over()
        in_use, now_s, now_unix_s = self._desk.in_use, self._now_s(), self._wall_unix_s()
        grouping = Grouping(wait_s=in_use.group_wait_s, every_s=in_use.group_every_s)
        for receiver in list(self.receivers.values()):
            due = receiver.due(rows, self._store.silences, grouping, now_s, now_unix_s)
            if due is not None:
                task = asyncio.ensure_future(self._send(receiver, due, grouping))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
        if self._desk.domain.leading_here:
            await self._store.forget(row.event for row in too_many(rows, self._history_max))
            await self._end_silences(now_unix_s)

    async def test(self, channel: str) -> list[TestResult]:
        """Send a notice that says it is a test, to one receiver or to all."""
        self._use()
        names = [name for name in self.receivers if channel in ("", name)]
        return [await self._tested(name) for name in names]

    async def _look_safely(self) -> None:
        try:
            await self.look()
        except StoreError as error:
            log.debug("notices wait for etcd: %s", error)
        except Exception:  # the next look may go well
            log.exception("notices could not be looked at")

    def _use(self) -> None:
        """Receivers as the documents name them; those that stay go on."""
        in_use = self._desk.in_use
        channels: list[Channel] = [*in_use.webhooks, *in_use.mail]
        self.channels = {one.name: one for one in channels}
        for name in [name for name in self.receivers if name not in self.channels]:
            del self.receivers[name]
            self._board.clear(NOT_TAKEN, name)
        for name, channel in self.channels.items():
            known = self.receivers.get(name)
            if known is None:
                known = self.receivers[name] = Receiver(
                    name=name, severity_at_least=channel.severity_at_least
                )
                self._was_here = False
            known.severity_at_least = channel.severity_at_least

    async def _take_over(self) -> None:
        """Go on where the leader before was; who was never told anything is told what stands."""
        revision = max((row.revision or 0 for row in self._store.rows()), default=0)
        for name, receiver in self.receivers.items():
            kept = self._store.told.get(name)
            if kept is not None:
                if kept.revision >= receiver.told.revision:
                    receiver.told = kept
            elif not receiver.told.revision:
                receiver.told = Told(revision=revision)
                await self._keep(receiver)

    async def _send(self, receiver: Receiver, notice: Notice, grouping: Grouping) -> None:
        name = receiver.name
        try:
            await self._deliver(self.channels[name], notice)
        except NoticeError as error:
            receiver.failed(error.problem, self._now_s())
            log.warning("notice %s to %s was not taken: %s", notice.id, name, error.problem)
            if receiver.failures_count >= FAILING_AFTER:
                self._board.raise_alarm("notices_not_taken", name, error.problem)
            return
        except Exception as error:
            receiver.failed(type(error).__name__, self._now_s())
            log.exception("notice %s to %s could not be sent", notice.id, name)
            return
        receiver.sent(notice, grouping, self._now_s(), self._wall_unix_s())
        log.info("notice %s about %d alarms was taken by %s", notice.id, notice.count, name)
        self._board.clear(NOT_TAKEN, name)
        try:
            await self._keep(receiver)
        except StoreError as error:
            log.warning("what %s was told is not written down: %s", name, error)

    async def _keep(self, receiver: Receiver) -> None:
        domain = self._desk.domain
        if domain.leading_here:
            await self._store.keep_told(receiver.name, receiver.told, domain.domain, domain.epoch)

    async def _deliver(self, channel: Channel, notice: Notice) -> None:
        now_unix_s = self._wall_unix_s()
        if isinstance(channel, WebhookReceiver):
            body = webhook_body(notice, self._node, now_unix_s)
            await self._senders.webhook.send(channel.url, notice.id, body, now_unix_s)
        else:
            subject, text = subject_of(notice), mail_text(notice, self._node, now_unix_s)
            await self._senders.mail.send(channel.to, subject, text, notice.id, now_unix_s)

    async def _tested(self, name: str) -> TestResult:
        began_s, problem = self._now_s(), ""
        standing_count = len(self._board.standing())
        notice = Notice(
            id=f"test-{int(self._wall_unix_s() * 1000)}",
            channel=name,
            raised=(),
            cleared=(),
            passed=(),
            left_out_count=0,
            standing_count=standing_count,
            told=Told(),
        )
        try:
            await self._deliver(self.channels[name], notice)
        except NoticeError as error:
            problem = error.problem
        return TestResult(
            channel=name, sent=not problem, problem=problem, took_s=self._now_s() - began_s
        )

    async def _end_silences(self, now_unix_s: float) -> None:
        over: Iterable[str] = [
            one.id for one in self._store.silences if one.until_unix_s <= now_unix_s
        ]
        for name in over:
            await self._store.end_silence(name)
