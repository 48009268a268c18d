"""Who sends, to whom, what is written down, and what becomes of a receiver that takes nothing."""

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest
from alarm_desks import RULES, Desk
from node_views import EPOCH

from nirc.alarm_work.notice_desk import NO_LEADER_S, NoticeDesk, Senders
from nirc.alarms.notices import Told
from nirc.core.view import DomainView
from nirc.errors import NoticeError, StoreUnavailableError
from nirc.links.mail_sender import MailSender
from nirc.links.webhook_sender import WebhookSender

TEXT = (
    RULES
    + """  notify:
    group_wait_s: 0
    group_every_s: 0
    webhooks: [{name: hook, url: "https://hooks.example/secret"}]
    mail: [{name: people, to: [noc@noc.example], severity_at_least: critical}]
"""
)


class Posts:
    """Instead of both senders."""

    def __init__(self) -> None:
        self.hooks: list[bytes] = []
        self.mails: list[str] = []
        self.problem = ""

    async def send(self, *args: Any) -> None:
        if self.problem:
            raise NoticeError(self.problem)
        if isinstance(args[0], str):
            self.hooks.append(args[2])
        else:
            self.mails.append(args[1])


class Notices(Desk):
    """A desk and what sends its notices."""

    def __init__(self, node: str = "n1") -> None:
        super().__init__(node, TEXT)
        self.posts = Posts()
        self.kept: list[tuple[str, Told]] = []
        self.forgotten: list[str] = []
        self.etcd = True
        self.store.keep_told = self.keep_told  # type: ignore[method-assign]
        self.store.forget = self.forget  # type: ignore[method-assign]
        both = cast(Any, self.posts)
        self.notices = NoticeDesk(
            self.desk,
            self.store,
            Senders(webhook=cast(WebhookSender, both), mail=cast(MailSender, both)),
            node=node,
            board=self.board,
            history_max=100,
            now_s=lambda: self.now_s,
            wall_unix_s=lambda: self.now_s,
        )

    async def keep_told(self, channel: str, told: Told, *_: Any) -> bool:
        if not self.etcd:
            raise StoreUnavailableError("etcd", "away")
        self.kept.append((channel, told))
        self.store.told[channel] = told
        return True

    async def forget(self, events: Any) -> None:
        self.forgotten += [one.id for one in events]

    async def turn(self, after_s: float = 5.0) -> None:
        self.look(after_s)
        await self.notices.look()
        for _ in range(5):
            await asyncio.sleep(0)

    def domain(self, leader: str, here: bool) -> None:
        view = self.view
        domain = DomainView(domain="default", leader=leader, epoch=EPOCH, leading_here=here)
        self.view = lambda: replace(view(), domains=(domain,))  # type: ignore[method-assign]


async def test_the_leader_sends_and_writes_down_what_was_taken() -> None:
    made = Notices()
    await made.turn()
    assert len(made.posts.hooks) == 1 and made.posts.mails == []
    assert made.kept[-1] == ("hook", Told(standing=(("waiting", "lisbon/sales"),), revision=0))
    made.board.raise_alarm("no_leader", "default", "x")
    await made.turn()
    assert len(made.posts.hooks) == 2 and made.posts.mails == [
        "NIRC: critical: no_leader at default"
    ]
    await made.turn()
    assert len(made.posts.hooks) == 2


async def test_another_node_that_leads_is_left_to_send() -> None:
    made = Notices()
    made.leads = False
    made.board.raise_alarm("redis_away", "redis", "x")
    for _ in range(5):
        await made.turn()
    assert made.posts.hooks == [] and not made.notices.notifies_here


async def test_the_next_leader_goes_on_where_the_last_one_was() -> None:
    made = Notices("n2")
    made.store.told["hook"] = Told(standing=(("waiting", "lisbon/sales"),), revision=0)
    await made.turn()
    assert made.posts.hooks == []
    made.waiting = 0
    await made.turn()
    assert b'"cleared": [{' in made.posts.hooks[0]


@pytest.mark.parametrize(("node", "sends"), [("n1", True), ("n3", False)])
async def test_where_nobody_leads_the_first_that_is_reached_sends(node: str, sends: bool) -> None:
    made = Notices(node)
    await made.turn()
    made.posts.hooks.clear()
    kept = list(made.kept)
    made.domain("", here=False)
    made.store.is_listed = False
    made.board.raise_alarm("etcd_unreachable", "etcd", "x")
    await made.turn(NO_LEADER_S - 1)
    assert made.posts.hooks == []
    for _ in range(3):
        await made.turn()
    assert bool(made.posts.hooks) is sends
    assert made.kept == kept  # nothing is written down by who does not lead


async def test_a_receiver_that_takes_nothing_is_an_alarm_until_it_does() -> None:
    made = Notices()
    made.posts.problem = "answered 503"
    await made.turn()
    assert ("notices_not_taken", "hook") not in made.standing()
    for _ in range(3):
        await made.turn(400.0)
    found = made.board.find("notices_not_taken", "hook")
    assert found is not None and found.text == "answered 503"
    made.posts.problem = ""
    await made.turn(400.0)
    await made.turn(400.0)
    assert made.board.find("notices_not_taken", "hook") is None
    assert made.notices.receivers["hook"].failures_count == 0


async def test_what_was_taken_and_could_not_be_written_down_is_not_sent_again_here() -> None:
    made = Notices()
    await made.turn()
    made.etcd = False
    made.board.raise_alarm("redis_away", "redis", "x")
    await made.turn()
    await made.turn()
    assert len(made.posts.hooks) == 2


async def test_a_test_goes_to_whom_it_is_for() -> None:
    made = Notices()
    made.look()
    assert [one.channel for one in await made.notices.test("")] == ["hook", "people"]
    assert made.posts.mails == ["NIRC: a test"] and b'"test": true' in made.posts.hooks[0]
    made.posts.problem = "refused"
    (result,) = await made.notices.test("people")
    assert (result.sent, result.problem) == (False, "refused")
    assert await made.notices.test("nobody") == []


async def test_the_history_is_kept_bounded_by_the_leader() -> None:
    made = Notices()
    for number in range(150):
        made.heard(code=str(number), place="p", happened="acknowledged")
    await made.turn()
    assert len(made.forgotten) == 51
