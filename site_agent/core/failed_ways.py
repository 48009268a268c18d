"""Remembers of each call by which ways it could not be moved, so that another is tried.

Rule of this file: only a final word is noted, never silence; and only what says something of the
way. 480 is how a target that was reached says "not now"; on a bridge other words are its own, too.
A caller who comes back by the second Contact of a 302 shows that the way works.
"""

from __future__ import annotations

from nrcli.wire.messages import FailedWay, Rung, TransferMethod
from site_agent.adapters.base import MoveSign
from site_agent.core.calls import Call
from site_agent.core.moves import BRIDGES, Move

WAYS_MAX = 8
"Of one call; the oldest goes."
NOT_NOW = frozenset({480, 491})
OF_TARGETS = frozenset({408, 480, 486, 487, 491, 503, 600, 603})
"On a bridge the target itself speaks, or our own channels do."


def way_of(rung: Rung) -> FailedWay:
    """The way that a rung goes."""
    return FailedWay(path=rung.path, method=rung.method)


def note(move: Move, sign: MoveSign, sip_status: int, until_s: float) -> None:
    """The ACD learnt something of the rung that is being tried; a REFER that is taken after all
    failed nobody yet."""
    rung = move.rung
    if rung is None or move.by_plan or not rung.path:
        return
    ways, way = move.call.failed_ways, way_of(rung)
    if sign is MoveSign.ACCEPTED:
        ways.pop(way, None)
    elif _is_final(rung.method, sign, sip_status):
        ways.pop(way, None)
        ways[way] = until_s
        if len(ways) > WAYS_MAX:
            del ways[next(iter(ways))]


def forget_old(call: Call, now_s: float) -> None:
    """What failed long ago may be tried again: another way may not be there at all."""
    for way in [way for way, until_s in call.failed_ways.items() if until_s <= now_s]:
        del call.failed_ways[way]


def other_way_left(move: Move) -> bool:
    """Did the way fail, not the target, and is there a further way to the same target?"""
    failed = move.call.failed_ways
    if move.rung is None or way_of(move.rung) not in failed:
        return False
    return any(way_of(rung) not in failed for rung in move.answer.rungs[move.next_rung :])


def _is_final(method: TransferMethod, sign: MoveSign, sip_status: int) -> bool:
    if sign not in (MoveSign.REFUSED, MoveSign.NOTIFIED) or method is TransferMethod.REDIRECT_302:
        return False
    return sip_status >= 400 and sip_status not in (OF_TARGETS if method in BRIDGES else NOT_NOW)
