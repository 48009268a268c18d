"""The callers this site has promised to call back, and who may be promised it.

Rule of this file: only a number that somebody vouches for, or that the tenant's own list names, is
ever dialed; none that costs the tenant more than a usual call; one promise per number; no more
promises than the bound. Everything else is said no to, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from routing_policies.numbers import dial_class
from site_agent.core.callback import Callback, CallbackState
from site_agent.core.callback_settings import CallbackSettings
from site_agent.core.calls import Call, Mark
from site_agent.core.site_documents import SiteDocuments

E164 = re.compile(r"\+[1-9][0-9]{6,14}\Z")


class CallbackBook:
    """Callbacks by entry id, by number, by the call that is pledged, by token."""

    __slots__ = ("_callbacks", "_documents", "_keep", "_mark", "_numbers", "_settings")

    def __init__(
        self, settings: CallbackSettings, documents: SiteDocuments, mark: Mark, keep: Mark
    ) -> None:
        """`mark` what nodes may have to know, `keep` what the journal."""
        self._keep = keep
        self._settings = settings
        self._documents = documents
        self._mark = mark
        self._callbacks: dict[str, Callback] = {}
        self._numbers: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._callbacks)

    def __iter__(self) -> Iterator[Callback]:
        return iter(list(self._callbacks.values()))

    def get(self, entry_id: str) -> Callback | None:
        """One callback."""
        return self._callbacks.get(entry_id)

    def of_call(self, call_id: str) -> Callback | None:
        """The callback pledged to the caller of this call, or made by it."""
        return next((one for one in self._callbacks.values() if one.call_id == call_id), None)

    def of_token(self, token: str) -> Callback | None:
        """The callback that a site dials by this token."""
        return next((one for one in self._callbacks.values() if one.token == token), None)

    def refuses(self, call: Call, number: str) -> str:
        """Empty if the caller may be called back at this number, else why not."""
        settings = self._settings
        if settings.entries_max <= 0:
            return "this site calls nobody back"
        if call.withheld and number == call.ani:
            return "the number is withheld"
        if not E164.match(number):
            return "it is no number that can be dialed"
        lists = self._documents.lists
        if any(one.blocked and one.holds(number, verified=True) for one in lists.values()):
            return "the number is on a blocked list"
        listed = lists.get(settings.allowed_list)
        allowed = listed is not None and listed.holds(number, verified=call.verified)
        if not allowed and not (call.verified and number == call.ani):
            return "nobody vouches for the number"
        if number.startswith(settings.denied):
            return "the site dials no such number"
        kind = dial_class(number)
        if kind == "dear" or (kind == "unknown" and not allowed):
            return f"the number is {kind}"
        if number in self._numbers:
            return "this number is to be called back already"
        if len(self._callbacks) >= settings.entries_max:
            return f"{settings.entries_max} callers are to be called back already"
        return ""

    def add(self, callback: Callback) -> None:
        """A new promise, or one of before a restart."""
        self._callbacks[callback.entry_id] = callback
        self._numbers[callback.number] = callback.entry_id
        self.changed(callback)

    def put(self, callback: Callback, state: CallbackState) -> None:
        """Change where a callback stands."""
        callback.state = state
        self.changed(callback)

    def changed(self, callback: Callback) -> None:
        """Something about it changed."""
        self._mark("waiting", callback.entry_id)
        self._keep("callback", callback.entry_id)

    def drop(self, callback: Callback) -> None:
        """It is over."""
        self._callbacks.pop(callback.entry_id, None)
        self._numbers.pop(callback.number, None)
        self.changed(callback)
