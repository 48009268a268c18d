"""Compares the names of a site's file with those of its PBX, and tells those that do not fit.

Rule of this file: it is handed whole lists alone, and only what the site's own file can mend is
told, each once. Nothing about a call is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from routing_policies.errors import nearest
from site_agent.adapters.acd_events import PbxName, PbxNames

NAMES_MAX = 20
"More are not told: nobody reads them at once."
OTHER_QUEUES = "queues of the PBX"
"What the one word on all queues that the site's file does not name is called."


class NameBook:
    """What does not fit, by list; and whom callers came in by that nothing explains."""

    def __init__(self, tell: Callable[[PbxNames], None]) -> None:
        self._tell = tell
        self._wrong: dict[str, tuple[PbxName, ...]] = {}
        self._strange: dict[str, PbxName] = {}
        self._told: tuple[PbxName, ...] = ()

    def listed(self, kind: str, *wrong: PbxName) -> None:
        """A list was read to its end, and compared."""
        self._wrong[kind] = wrong
        self._look()

    def came_by(self, name: str, problem: str) -> None:
        """A caller came in by something that the site's file does not name."""
        if name not in self._strange and len(self._strange) < NAMES_MAX:
            self._strange[name] = PbxName(name=name, problem=problem)
            self._look()

    def _look(self) -> None:
        lists = (one for names in self._wrong.values() for one in names)
        wrong = (*lists, *self._strange.values())[:NAMES_MAX]
        if wrong != self._told:
            self._told = wrong
            self._tell(PbxNames(wrong=wrong))


def missing(kind: str, named: Iterable[str], known: set[str], remedy: str) -> list[PbxName]:
    """Of the names in the site's file those that the PBX does not have."""
    found = []
    for name in named:
        if name not in known:
            near = nearest(name, known)
            meant = f"did you mean {near}?" if near else f"has {_some(known)}"
            problem = f"the PBX knows no {kind} {name} ({meant}): {remedy}"
            found.append(PbxName(name=f"{kind} {name}", problem=problem))
    return found


def unnamed_queues(
    known: Iterable[str], named: Iterable[str], other_queues: Iterable[str]
) -> list[PbxName]:
    """One word on all queues of the PBX that the site's file neither names nor leaves aside.

    `other_queues` may end in `*`: whatever begins so is none of NIRC's.
    """
    left = set(known) - set(named)
    for other in other_queues:
        begin = other.removesuffix("*")
        left -= {
            name for name in left if name == other or (begin != other and name.startswith(begin))
        }
    if not left:
        return []
    problem = (
        f"the PBX has queues that `acd.queues` does not name ({_some(left)}): NIRC knows nothing of"
        " their callers; add them there, or to `acd.other_queues` if they are none of NIRC's"
    )
    return [PbxName(name=OTHER_QUEUES, problem=problem)]


def _some(names: set[str]) -> str:
    some = ", ".join(sorted(names)[:NAMES_MAX]) or "none"
    return some if len(names) <= NAMES_MAX else f"{some} and {len(names) - NAMES_MAX} more"
