"""A site daemon that is killed in the middle of a play, and the one that comes after it."""

from __future__ import annotations

import json
from typing import Any

from site_playbook import EPOCH, SETTINGS, SitePlay, agent_of, queue_of, trunk_of

from nrcli.wire import messages as msg
from site_agent.adapters.base import CallResumed
from site_agent.core.actions import JournalDrop, JournalPut
from site_agent.core.events import EpochSaved, JournalRead, NodeLinkUp


class KeptPlay(SitePlay):
    """A play with a journal."""

    def __init__(self, start_s: float = 100.0, documents: bytes = b"") -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.documents = documents
        super().__init__(SETTINGS, start_s, documents)

    def _do(self, event: Any) -> None:
        super()._do(event)
        for action in self.left:
            if isinstance(action, JournalPut):
                self.kept[(action.kind, action.key)] = json.dumps(action.value)
            elif isinstance(action, JournalDrop):
                self.kept.pop((action.kind, action.key), None)

    def kinds(self) -> list[str]:
        return sorted(kind for kind, _ in self.kept)


def begun(documents: bytes = b"", **read: Any) -> KeptPlay:
    """A site as `site_playbook.led` makes it, which keeps a journal."""
    play = KeptPlay(documents=documents)
    set_up(play)
    play.event(JournalRead(**read))
    link(play)
    return play


def set_up(play: KeptPlay) -> None:
    play.event(queue_of())
    play.event(trunk_of("carrier")).event(trunk_of("network"))
    play.event(agent_of("anna", msg.AgentState.BUSY))


def link(play: KeptPlay) -> None:
    for node in ("n1", "n2"):
        play.event(NodeLinkUp(node=node))
    play.said(msg.Leading(domain="default", epoch=EPOCH, node="n1"))
    play.event(EpochSaved(domain="default", epoch=EPOCH, node="n1"))
    play.wait(1.0)


def restarted(old: KeptPlay, *resumed: CallResumed, dead_s: float = 1.0, **read: Any) -> KeptPlay:
    """The next process, right after it has read what the last one kept."""
    play = KeptPlay(old.now_s + dead_s, old.documents)
    play.kept = dict(old.kept)
    set_up(play)
    entries = tuple((kind, key, json.loads(text)) for (kind, key), text in old.kept.items())
    play.event(JournalRead(entries=entries, resumed=resumed, **read))
    return play


def stands(call_id: str = "c1", **fields: Any) -> CallResumed:
    known: dict[str, Any] = {
        "call_id": call_id,
        "interaction_id": f"i-{call_id}",
        "service": "sales",
        "queue": "sales",
        "trunk_group": "carrier",
    }
    return CallResumed(**(known | fields))
