"""Decides when a person is told of what still works, and too slowly: etcd's writes, this node.

Rule of this file: one slow moment is nothing. What is slow for its time without a good moment
between is one alarm; it ends when nothing was slow for long, or nobody measured for as long. It
changes nothing else: whoever leads goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nirc.core.actions import Action
from nirc.core.alarms import Alarms
from nirc.core.events import EtcdWrote, LoopWoke
from nirc.core.settings import RouterSettings


@dataclass(frozen=True, slots=True)
class SlowKind:
    """An alarm of what is slow: its code and its place."""

    code: str
    place: str


ETCD = SlowKind("etcd_slow", "etcd")
NODE = SlowKind("node_slow", "")
FAILED = 2.0
"What a failure counts, as a multiple of the limit."
GOOD = 0.5
"A moment is good up to this share of the limit."


class _Slow:
    """What was slow lately."""

    __slots__ = ("last_s", "raised", "since_s")

    def __init__(self, since_s: float, last_s: float) -> None:
        self.since_s = since_s
        self.last_s = last_s
        self.raised = False


class GreyFailures:
    """What is slow."""

    __slots__ = ("_alarms", "_etcd_answers", "_settings", "_slow")

    def __init__(
        self, settings: RouterSettings, alarms: Alarms, etcd_answers: Callable[[float], bool]
    ) -> None:
        self._settings = settings
        self._alarms = alarms
        self._etcd_answers = etcd_answers
        "Whether it did lately, now: one that does not has an alarm of its own."
        self._slow: dict[SlowKind, _Slow] = {}

    def etcd_wrote(self, event: EtcdWrote, now_s: float, out: list[Action]) -> None:
        """A write to etcd took so long, or failed while etcd's answers to reads still come."""
        if not self._etcd_answers(now_s):
            return
        took_s, problem = event.took_s, event.problem
        said = f"it failed: {problem}" if problem else f"one took {took_s:.1f} s"
        text = (
            f"writes are slow ({said}) while the leader stands: calls do not wait for etcd, but a "
            "leader change will, and no policy can be published; look at the disks of its members"
        )
        slowness = max(_of(took_s, self._settings.etcd_slow_s), FAILED if problem else 0.0)
        self._seen(ETCD, slowness, now_s - took_s, text, now_s, out)

    def loop_woke(self, event: LoopWoke, now_s: float, out: list[Action]) -> None:
        """This node's loop came so much later than it had planned to, or waited so much."""
        late_s, share = event.late_s, event.waited_share
        text = (
            f"this node's loop runs late ({late_s:.1f} s; it waits for a processor {share:.0%} of"
            " the time): it gets too little of the processor, or its host stands still now and"
            " then; look at what else runs there"
        )
        settings = self._settings
        slowness = max(_of(late_s, settings.node_slow_s), _of(share, settings.node_starved_share))
        self._seen(NODE, slowness, now_s - late_s, text, now_s, out)

    def sweep(self, now_s: float, out: list[Action]) -> None:
        """Ends what was slow long enough ago."""
        over_s = self._settings.slow_over_s
        for kind in [kind for kind, one in self._slow.items() if now_s - one.last_s >= over_s]:
            del self._slow[kind]
            self._alarms.clear(kind.code, kind.place, out)

    def _seen(  # noqa: PLR0917
        self,
        kind: SlowKind,
        slowness: float,
        since_s: float,
        text: str,
        now_s: float,
        out: list[Action],
    ) -> None:
        one = self._slow.get(kind)
        if one is None:
            if slowness <= 1.0:
                return
            one = self._slow[kind] = _Slow(since_s, now_s)
        elif slowness > GOOD:
            one.last_s = now_s
        elif not one.raised:
            del self._slow[kind]
            return
        if not one.raised and now_s - one.since_s >= self._settings.slow_after_s:
            one.raised = True
            self._alarms.raise_(kind.code, kind.place, text, out)


def _of(found: float, limit: float) -> float:
    """As a multiple of its limit."""
    return found / limit if limit else FAILED * bool(found)
