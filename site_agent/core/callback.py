"""One caller who is to be called back: what is known of them, and how it is kept on disk.

Rule of this file: data, and what follows from it alone; `callbacks` changes it.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from nrcli.wire.messages import WaitingCallReport

Value = dict[str, Any]


class CallbackState(Enum):
    """Where a callback stands."""

    PLEDGED = "pledged"  # the caller is still on the line; nobody else is told of it
    RESTING = "resting"  # not now: after a call in vain, or people may not be called at this hour
    DUE = "due"  # an agent is looked for, here and in the network
    HOLDING = "holding"  # an own agent was asked for
    DIALING = "dialing"  # somebody calls: this site, or `target` by `token`


class Callback:
    """One promise to call somebody back. It keeps the caller's rank: `since_s` and `priority`."""

    __slots__ = (
        "asked_at_s",
        "attempts_count",
        "call_id",
        "data_digest",
        "data_version",
        "dialed_number",
        "domain",
        "entry_id",
        "from_unix_s",
        "interaction_id",
        "not_before_s",
        "number",
        "priority",
        "queue",
        "request_id",
        "service",
        "since_s",
        "state",
        "target",
        "token",
        "tries",
        "until_unix_s",
        "verified",
    )

    def __init__(self, entry_id: str, number: str, since_s: float) -> None:
        self.entry_id = entry_id
        self.number = number
        self.since_s = since_s
        "Since when they wait, the time on the line counted in."
        self.state = CallbackState.PLEDGED
        self.interaction_id = ""
        self.service = ""
        self.queue = ""
        self.domain = ""
        self.dialed_number = ""
        self.priority = 0
        self.verified = False
        self.data_version = 0
        self.data_digest = b""
        self.attempts_count = 0
        "Calls made in vain."
        self.from_unix_s = 0.0
        self.until_unix_s = 0.0
        self.not_before_s = 0.0
        "CLOCK_BOOTTIME; after a call in vain."
        self.call_id = ""
        "The call they wait in (pledged), or that is made to them by this site."
        self.token = ""
        "What the site that calls them was given."
        self.request_id = ""
        self.target = ""
        self.asked_at_s = 0.0
        "When the call to them began."
        self.tries = 0
        "How often `target` was asked how it goes."

    @property
    def busy(self) -> bool:
        """Is an agent held, or the telephone ringing?"""
        return self.state in (CallbackState.HOLDING, CallbackState.DIALING)

    def report(self) -> tuple[WaitingCallReport, float] | None:
        """What nodes are told, and the instant the wait counts from."""
        if self.state is CallbackState.PLEDGED:
            return None
        busy = CallbackState.DIALING.value if self.busy else self.state.value
        report = WaitingCallReport(
            call_id=self.entry_id,
            interaction_id=self.interaction_id,
            queue=self.queue,
            service=self.service,
            priority=self.priority,
            waited_s=0.0,
            domain=self.domain,
            dialed_number=self.dialed_number,
            ani=self.number,
            verified=self.verified,
            data_version=self.data_version,
            data_digest=self.data_digest,
            callback_state=busy,
            callback_attempts_count=self.attempts_count,
        )
        return report, self.since_s


TEXTS = (
    *("number", "interaction_id", "service", "queue", "domain", "dialed_number"),
    *("call_id", "token", "request_id", "target"),
)
NUMBERS = ("priority", "data_version", "attempts_count")
INSTANTS = ("since_s", "not_before_s", "asked_at_s")
UNIX = ("from_unix_s", "until_unix_s")


def callback_value(callback: Callback | None) -> Value | None:
    """What the journal keeps."""
    if callback is None:
        return None
    value: Value = {name: getattr(callback, name) for name in (*TEXTS, *NUMBERS, *INSTANTS, *UNIX)}
    value["state"] = callback.state.value
    value["verified"] = callback.verified
    value["data_digest"] = callback.data_digest.hex()
    return value


def callback_of(entry_id: str, value: Value, shift_s: float) -> Callback:
    """The callback that was kept. Raises ValueError, KeyError, TypeError."""
    callback = Callback(entry_id, str(value["number"]), 0.0)
    for name in TEXTS:
        setattr(callback, name, str(value[name]))
    for name in NUMBERS:
        setattr(callback, name, int(value[name]))
    for name in INSTANTS:
        setattr(callback, name, float(value[name]) + shift_s)
    for name in UNIX:
        setattr(callback, name, float(value[name]))
    callback.state = CallbackState(value["state"])
    callback.verified = bool(value["verified"])
    callback.data_digest = bytes.fromhex(value["data_digest"])
    return callback
