"""Asks a target, by token, whether it took a caller or never will, until there is an answer.

Rule of this file: a `Cancel` goes from site to site by any live node, without an epoch, in growing
steps; as long as somebody watches it never gives up, otherwise it ends with a `never` or in time.
"""

from __future__ import annotations

from typing import Any

from nrcli.wire.messages import Cancel, CancelVerdict
from site_agent.core.calls import Mark
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings

TIMER = "cancel:"


class _Asked:
    """One token that is being asked about."""

    __slots__ = ("began_at_s", "message", "tries", "watched")

    def __init__(self, message: Cancel, began_at_s: float, watched: bool) -> None:
        self.message = message
        self.began_at_s = began_at_s
        self.watched = watched
        self.tries = 0


class Cancels:
    """Tokens that are being asked about."""

    __slots__ = ("_asked", "_leaders", "_mark", "_out", "_settings", "_site")

    def __init__(
        self,
        site: str,
        settings: SiteSettings,
        leaders: Leaders,
        out: Outbox,
        mark: Mark = lambda kind, token: None,
    ) -> None:
        self._mark = mark
        self._asked: dict[str, _Asked] = {}
        self._site = site
        self._settings = settings
        self._leaders = leaders
        self._out = out

    def __len__(self) -> int:
        return len(self._asked)

    def ask(
        self, token: str, request_id: str, to_site: str, now_s: float, *, watched: bool
    ) -> None:
        """Begin to ask, or go on asking; a watched one is never given up."""
        asked = self._asked.get(token)
        if asked is not None:
            asked.watched = watched
            asked.began_at_s = now_s
            return
        message = Cancel(token=token, request_id=request_id, from_site=self._site, to_site=to_site)
        self._asked[token] = _Asked(message, now_s, watched)
        self._mark("cancel", token)
        self._out.count("cancels")
        self._send(token, now_s)

    def due(self, token: str, now_s: float) -> None:
        """It is time to repeat."""
        asked = self._asked.get(token)
        if asked is None:
            return
        if not asked.watched and now_s - asked.began_at_s >= self._settings.cancel_give_up_s:
            self._out.count("cancels_given_up")
            self.stop(token)
            return
        self._send(token, now_s)

    def answered(self, token: str, verdict: CancelVerdict) -> None:
        """The target answered; only a watched token is asked about again after `taken`."""
        asked = self._asked.get(token)
        if asked is not None and (verdict is CancelVerdict.NEVER or not asked.watched):
            self.stop(token)

    def stop(self, token: str) -> None:
        """Nobody needs the answer any more."""
        if self._asked.pop(token, None) is not None:
            self._out.stop(TIMER + token)
            self._mark("cancel", token)

    def kept(self, token: str) -> dict[str, Any] | None:
        """What the journal keeps of a token that is asked about."""
        asked = self._asked.get(token)
        if asked is None:
            return None
        return {"request_id": asked.message.request_id, "to_site": asked.message.to_site}

    def _send(self, token: str, now_s: float) -> None:
        asked = self._asked[token]
        self._out.send(self._leaders.relay(asked.tries), asked.message)
        step_s = self._settings.cancel_first_s * 2 ** min(asked.tries, 10)
        asked.tries += 1
        self._out.start(TIMER + token, now_s + min(step_s, self._settings.cancel_s_max))
