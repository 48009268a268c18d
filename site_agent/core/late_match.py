"""Finds the open move that a call without its token belongs to: by Session-ID, else by number.

Rule of this file: a match by number only where it is switched on, for a number shown in full, on no
list of shared ones, that dialed the same number, and if exactly one open move has it: two are none.
Keys that are sensitive are never given on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from site_agent.adapters.base import CallOffered
from site_agent.core.attached_data import AttachedData, canonical, merged
from site_agent.core.hold import Hold, HoldState
from site_agent.core.late_match_settings import LateMatchSettings
from site_agent.core.outbox import Outbox

DIGITS_MIN = 9
"A national number has so many digits at least; shorter ones are extensions."


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The move that a call belongs to."""

    hold: Hold
    method: str
    "session_id | ani"


class LateMatch:
    """Looks for the open move of a call that came by an ordinary number."""

    __slots__ = ("_holds", "_is_shared", "_out", "_settings")

    def __init__(
        self,
        settings: LateMatchSettings,
        holds: Callable[[], Iterable[Hold]],
        is_shared: Callable[[str, str], bool],
        out: Outbox,
    ) -> None:
        """`is_shared(list, number)`: is the number on that list?"""
        self._settings = settings
        self._holds = holds
        self._is_shared = is_shared
        self._out = out

    def find(self, event: CallOffered) -> Found | None:
        """The move of this call, if there is exactly one; counted by method."""
        if event.emergency or event.consult_of:
            return None
        found = self._by(event, "session_id") if self._settings.by_session_id else []
        method = "session_id"
        if not found and self._may_match_by_ani(event):
            method, found = "ani", self._by(event, "ani")
        if len(found) > 1:
            self._out.count("late_match_ambiguous")
            return None
        if not found:
            return None
        self._out.count(f"late_match_{method}")
        return Found(hold=found[0], method=method)

    def data_of(self, found: Found, limit: int) -> AttachedData | None:
        """What may be given of the data on this match."""
        hold = found.hold
        if not hold.data:
            return None
        data = hold.data
        if found.method == "ani" and self._settings.sensitive_keys:
            value = json.loads(data)
            for key in self._settings.sensitive_keys:
                value.pop(key, None)
            data = canonical(json.dumps(value).encode(), limit)
        return merged(None, data, limit)

    def _by(self, event: CallOffered, method: str) -> list[Hold]:
        return [
            hold
            for hold in self._holds()
            if hold.state is HoldState.LIVE and _same(hold, event, method)
        ]

    def _may_match_by_ani(self, event: CallOffered) -> bool:
        settings = self._settings
        digits = sum(letter.isdigit() for letter in event.ani)
        if not settings.by_ani or event.withheld or digits < DIGITS_MIN:
            return False
        return not (settings.shared_list and self._is_shared(settings.shared_list, event.ani))


def _same(hold: Hold, event: CallOffered, method: str) -> bool:
    message = hold.message
    if message.callback:
        return False
    if method == "session_id":
        return bool(event.interaction_id) and message.interaction_id == event.interaction_id
    dialed_alike = bool(event.dialed_number) and message.dialed_number == event.dialed_number
    return message.ani == event.ani and dialed_alike
