"""A site daemon that may call people back, in playbooks: settings, callers, promises."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from site_playbook import EPOCH, SETTINGS, SitePlay, led, offered

from nrcli.wire import messages as msg
from site_agent.core.callback_settings import CallbackSettings
from site_agent.core.events import WallTimeRead
from site_agent.core.settings import TrunkRules

NUMBER = "+351911111111"
RULES = CallbackSettings(pause_s=60.0, ring_s=20.0, keep_s=3_600.0, unresolved_s=60.0)
DIALS = TrunkRules(trunk_group="carrier", dials=True)
UNIX_S = 1_767_600_000.0


def settings(**rules: Any) -> Any:
    trunks = dict(SETTINGS.trunks) | {"carrier": DIALS}
    return replace(SETTINGS, trunks=trunks, callbacks=replace(RULES, **rules))


def waiting(call_id: str = "c1", *, play: SitePlay | None = None, **fields: Any) -> SitePlay:
    """A caller who may be called back waits."""
    play = play or led(settings())
    tick(play, 0.0)
    known = {"ani": NUMBER, "verified": True, "waited_s": 5.0}
    return play.event(offered(call_id, **(known | fields)))


def promised(play: SitePlay, call_id: str = "c1", **fields: Any) -> str:
    """The leader has them called back, and they are gone; the entry's id."""
    (request,) = play.sent(msg.RouteRequest, "n1")
    play.said(
        msg.RouteAnswer(
            domain="default",
            epoch=EPOCH,
            request_id=request.request_id,
            outcome=msg.RouteOutcome.STAY,
            callback=True,
            **fields,
        )
    )
    begun = play.lines("callback_begun")
    return str(begun[0]["entry"]) if begun else ""


def tick(play: SitePlay, after_s: float = 1.0) -> SitePlay:
    play.now_s += after_s
    return play.event(WallTimeRead(unix_s=UNIX_S + play.now_s))


def move(entry: str, token: str = "nirc-7") -> msg.RouteAnswer:
    """The leader found somebody at porto."""
    return msg.RouteAnswer(
        domain="default",
        epoch=EPOCH,
        request_id="n1.7",
        outcome=msg.RouteOutcome.MOVE,
        target_site="porto",
        queue="sales",
        agent="rui",
        token=token,
        entry_id=entry,
        expires_s=10.0,
    )
