"""Names the places whose outcomes are kept: paths, queues, agents; and shows them to people.

Rule of this file: data and words. Who is suspended is decided in `black_holes`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass

from nirc.core.choice import Target
from nirc.core.outcome_window import (
    ARRIVED,
    FAILED,
    GRANTED,
    LASTED,
    REFUSED,
    SHORT,
    UNANSWERED,
    OutcomeWindow,
)
from nirc.core.settings import RouterSettings
from nirc.core.suspension import CAUSES, REFUSAL, TALK, TRANSFER, Phase, Suspension

AGENT = "agent"
PATH = "path"
QUEUE = "queue"
BY = " by "
Key = tuple[str, str, str]
"(kind, site the calls go to, name)"
CAUSE_OF = {
    LASTED: TALK,
    SHORT: TALK,
    UNANSWERED: TALK,
    ARRIVED: TRANSFER,
    FAILED: TRANSFER,
    GRANTED: REFUSAL,
    REFUSED: REFUSAL,
}
WORDS = {
    TALK: "{bad} of the last {count} calls moved there ended at once or were not answered",
    TRANSFER: "{bad} of the last {count} transfers by it failed",
    REFUSAL: "it refused, or did not answer, {bad} of the last {count} reservations",
}


class Place:
    """One path, queue or agent."""

    __slots__ = ("group", "suspension", "windows")

    def __init__(self, settings: RouterSettings, group: str) -> None:
        self.group = group
        "With whom it is compared: the queue's name; all paths."
        self.suspension = Suspension(settings)
        self.windows = {cause: OutcomeWindow(settings) for cause in CAUSES}

    def clear(self) -> None:
        """What was seen is dealt with."""
        for window in self.windows.values():
            window.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """A place with outcomes, for people."""

    kind: str
    "queue | agent | path"
    site: str
    "Where the calls go to."
    name: str
    phase: str
    "open | suspended | returning"
    counts: dict[str, int]
    "lasted, short, unanswered, arrived, failed, granted, refused: of the newest."
    reason: str = ""
    since_s: float = 0.0
    "How long ago the phase began; 0 while it is open."
    next_probe_s: float = 0.0
    share: float = 1.0
    "Of its calls that it gets; 0 while it is suspended, probes apart."


def way_key(site: str, path: str, method: str) -> Key:
    """A path to a site by one method: a carrier that fails at REFER may bridge well.

    >>> way_key("porto", "lisbon-out", "refer")
    ('path', 'porto', 'lisbon-out by refer')
    """
    return (PATH, site, f"{path}{BY}{method}")


def path_told(key: Key) -> str:
    """The path of a way, by whatever method: what its others are compared with is other paths.

    >>> path_told(way_key("porto", "lisbon-out", "refer"))
    'lisbon-out to porto'
    """
    return f"{key[2].rpartition(BY)[0]} to {key[1]}"


def paths_gone(places: Iterable[Key], standing: Container[Key], key: Key) -> tuple[int, int]:
    """How many paths have no open method besides the path of `key`, and how many there are. If that
    path keeps an open one, nothing of it goes: -1.

    >>> refer, bridge = way_key("porto", "out", "refer"), way_key("porto", "out", "bridge")
    >>> paths_gone([refer, bridge], [], refer), paths_gone([refer, bridge], [bridge], refer)
    ((-1, 1), (0, 1))
    """
    ways: dict[str, list[bool]] = {}
    for one in places:
        if one[0] == PATH:
            ways.setdefault(path_told(one), []).append(one != key and one not in standing)
    own = path_told(key)
    if any(ways.get(own, ())):
        return -1, len(ways)
    return sum(not any(found) for path, found in ways.items() if path != own), len(ways)


def place_told(key: Key) -> str:
    """A place, for a person.

    >>> place_told(("queue", "porto", "sales")), place_told(("path", "porto", "lisbon-out"))
    ('porto/sales', 'path lisbon-out to porto')
    """
    kind, site, name = key
    if kind == PATH:
        return f"path {name} to {site}"
    return f"{site}/{name}" if kind == QUEUE else f"agent {site}/{name}"


def keys_of(target: Target) -> list[Key]:
    """Every place that a call to this target goes to, or by."""
    keys = [(QUEUE, target.site, target.queue)]
    if target.agent:
        keys.append((AGENT, target.site, target.agent))
    rungs = target.ladder.rungs
    return keys + [way_key(target.site, rung.path, rung.method.value) for rung in rungs]


def view_of(key: Key, place: Place, now_s: float) -> PlaceView:
    """A place as it stands."""
    suspension, counts = place.suspension, Counter[str]()
    for window in place.windows.values():
        window.forget(now_s)
        counts.update(window.counts())
    is_open = suspension.phase is Phase.OPEN
    return PlaceView(
        kind=key[0],
        site=key[1],
        name=key[2],
        phase=suspension.phase.value,
        counts=dict(counts),
        reason=suspension.reason,
        since_s=0.0 if is_open else now_s - suspension.since_s,
        next_probe_s=suspension.next_probe_s(now_s),
        share=suspension.share(now_s),
    )
