"""Why a candidate is not among the best, as numbers that a decision writes and words for people.

Rule of this file: a number never changes its meaning, for records are kept; new ones go at the end.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite

CHOSEN = 0
CLOSED = 1
NOT_SHARED = 2
NOT_ADMITTED = 3
NO_AGENT = 4
NO_PLACE = 5
NO_STAFF = 6
GAINS_TOO_LITTLE = 7
NOT_LISTED = 8
LOAN_LIMIT = 9
RESERVE = 10
DONOR_GUARD = 11
NOT_ACCEPTING = 12
NO_SHARE = 13
NOT_LAST_AGENT = 14
SKILL_TOO_LOW = 15
VALUE_MISSING = 16
NIGHT_SERVICE = 17
OUTRANKED = 18
PLACE_ONLY = 19
NAMED_ONLY = 20
"Also in ways[W_BARRED]: only a rule that names the queue outright may choose it."
# From 64 on: what no policy may overrule; the router writes these into ways[W_BARRED].
BARRED_FROM = 64
VISITED = 64
FAILED_JUST_NOW = 65
SITE_NOT_ALIVE = 66
NOT_ACKNOWLEDGED = 67
NOT_SYNCED = 68
NO_PATH = 69
NO_CHANNEL = 70
WAY_TOO_LONG = 71
SUSPENDED = 72
NO_CHANNEL_AT_HOME = 73
CONTROLLED = 74

WORDS: dict[int, str] = {
    CLOSED: "closed",
    NOT_SHARED: "not shared",
    NOT_ADMITTED: "not admitted by the rule",
    NO_AGENT: "no agent to lend",
    NO_PLACE: "no free place",
    NO_STAFF: "nobody staffs the queue",
    GAINS_TOO_LITTLE: "gains too little: {value:.0f} s",
    NOT_LISTED: "not listed by the rule",
    LOAN_LIMIT: "the rule's loan limit is reached ({value:.0f} lent)",
    RESERVE: "its last {value:.0f} ready agents stay for its own callers",
    DONOR_GUARD: "its own service level is {value:.2f}",
    NOT_ACCEPTING: "would not be served before closing time",
    NO_SHARE: "has no share",
    NOT_LAST_AGENT: "the caller's last agent is not ready there",
    SKILL_TOO_LOW: "best ready agent has skill level {value:.0f}",
    VALUE_MISSING: "a value the rule needs is missing",
    NIGHT_SERVICE: "site is closed by its calendar",
    OUTRANKED: "others were better ({value:.1f})",
    PLACE_ONLY: "the way is too long to hold an agent",
    NAMED_ONLY: "serves another service, and is only named outright by a redirect",
    VISITED: "visited before",
    FAILED_JUST_NOW: "failed this call just now",
    SITE_NOT_ALIVE: "site is not alive",
    NOT_ACKNOWLEDGED: "site has not acknowledged this leader",
    NOT_SYNCED: "site's state is not known yet",
    NO_PATH: "no path leads there",
    NO_CHANNEL: "no free channel",
    WAY_TOO_LONG: "no free place, and the way is too long to hold an agent",
    SUSPENDED: "suspended: its outcomes harm callers",
    NO_CHANNEL_AT_HOME: "no free channel where the call is",
    CONTROLLED: "kept out by an emergency control",
}


TOLD_WITH_VALUE = frozenset(reason for reason, words in WORDS.items() if "{value" in words)
_WITHOUT_VALUE = {reason: words for reason, words in WORDS.items() if "{value" not in words}


@lru_cache(maxsize=16_384)
def told(reason: int, value: float = 0.0) -> str:
    """The reason in words; kept, for many candidates lose in the same way call after call.

    >>> told(DONOR_GUARD, 0.712)
    'its own service level is 0.71'
    """
    words = _WITHOUT_VALUE.get(reason)
    if words is not None:
        return words
    words = WORDS.get(reason, f"reason {reason}")
    return words.format(value=value) if isfinite(value) else words.partition("{")[0].rstrip(" (:")
