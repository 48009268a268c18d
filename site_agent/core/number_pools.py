"""The numbers that this site lends to calls on their way here: free, lent, or resting.

Rule of this file: a number is lent to one hold at a time; afterwards it rests, and of those that
may be lent the one that was idle longest goes first, so that a late caller of one call never meets
the data of another. When the numbers will run out at the present rate is told before they do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from nrcli.wire.messages import PooledNumberReport, PoolReport
from routing_policies.kinds import NumberPoolDoc
from routing_policies.path_problems import serves
from site_agent.core.calls import Mark
from site_agent.core.outbox import Outbox

EXHAUSTED, LOW = "number_pool_exhausted", "number_pool_low"
RATE_OVER_S = 60.0
"The present rate is that of the last minute."
LENT_MIN = 2
"Fewer in a minute are no rate."
FORECAST_S = 600.0
"An exhaustion that is further away than this is not told."
RETURN = "return "
"Begins the id of what lent a number for a caller's way home."
SHOWN_MAX = 50
"Numbers of one pool that are told one by one."
REMEDY = "add numbers to the pool; nrcli pool size tells how many are needed"


@dataclass(slots=True, eq=False)
class PooledNumber:
    """One number of a pool."""

    number: str
    pool: str
    hold_id: str = ""
    "Who has it, or had it last."
    lent: bool = False
    until_s: float = 0.0
    "Lent or resting until then."
    lent_to: str = ""
    "The site that has it, or had it last."
    interaction_id: str = ""


class _Pool:
    """One pool with its numbers, those that may be lent oldest first."""

    __slots__ = ("away", "doc", "idle", "lent_at_s", "refused_at_s", "refused_count", "refused_to")

    def __init__(self, doc: NumberPoolDoc) -> None:
        self.doc = doc
        self.idle: deque[PooledNumber] = deque()
        self.away: dict[str, PooledNumber] = {}
        "Lent or resting, by number."
        self.lent_at_s: deque[float] = deque()
        "When numbers were lent in the last minute."
        self.refused_count = 0
        self.refused_at_s = 0.0
        self.refused_to = ""


class NumberPools:
    """All numbers of this site that may be lent."""

    __slots__ = ("_changed", "_keep", "_numbers", "_out", "_pools", "_site", "still_refused")

    def __init__(self, site: str, out: Outbox, mark: Mark = lambda kind, key: None) -> None:
        self._site = site
        self._out = out
        self._keep = mark
        self._changed = False
        "Since `look` was last asked."
        self._pools: dict[str, _Pool] = {}
        self._numbers: dict[str, PooledNumber] = {}
        self.still_refused: Callable[[str, float], bool] = lambda hold_id, now_s: False
        "Must a late caller of this hold still be refused? Then its number is not lent again."

    def use(self, documents: Iterable[NumberPoolDoc]) -> None:
        """These pools are in use now; a number that stays keeps its state."""
        before = set(self._numbers)
        pools: dict[str, _Pool] = {}
        numbers: dict[str, PooledNumber] = {}
        for doc in documents:
            if doc.spec.site != self._site:
                continue
            pool = pools[doc.name] = _Pool(doc)
            old = self._pools.get(doc.name)
            if old is not None:
                pool.lent_at_s, pool.refused_count = old.lent_at_s, old.refused_count
                pool.refused_at_s, pool.refused_to = old.refused_at_s, old.refused_to
            for text in doc.spec.numbers:
                one = self._numbers.get(text) or PooledNumber(text, doc.name)
                one.pool = doc.name
                numbers[text] = one
                if one.until_s:
                    pool.away[text] = one
                else:
                    pool.idle.append(one)
        for gone in set(self._pools) - set(pools):
            self._out.clear(EXHAUSTED, gone)
            self._out.clear(LOW, gone)
        self._pools, self._numbers, self._changed = pools, numbers, True
        for text in before - set(numbers):
            self._mark("number", text)

    def __len__(self) -> int:
        return len(self._numbers)

    # ---- lending -----------------------------------------------------------------------------

    def lend(
        self, trunk_group: str, hold_id: str, now_s: float, *, to: str = "", interaction: str = ""
    ) -> str:
        """A number whose calls come in on this trunk group, for a call of the site `to`; empty if
        there is none."""
        for pool in self._at(trunk_group):
            self._bring_back(pool, now_s)
            if not pool.idle:
                continue
            one = pool.idle.popleft()
            one.hold_id, one.lent = hold_id, True
            one.lent_to, one.interaction_id = to, interaction
            one.until_s = now_s + pool.doc.spec.hold_s
            pool.away[one.number] = one
            pool.lent_at_s.append(now_s)
            self._mark("number", one.number)
            self._out.count("numbers_lent")
            return one.number
        for pool in self._at(trunk_group):
            pool.refused_count += 1
            pool.refused_at_s, pool.refused_to = now_s, to
        self._changed = True
        self._out.count("numbers_exhausted")
        return ""

    def lends(self, trunk_group: str) -> bool:
        """Has this site numbers whose calls come in on this trunk group?"""
        return bool(self._at(trunk_group))

    def why_none(self, trunk_group: str) -> str:
        """Why no number could be lent; the pools that are empty are alarmed."""
        pools = self._at(trunk_group)
        if not pools:
            return f"no NumberPool of {self._site} comes in on trunk group {trunk_group}"
        for pool in pools:
            self._alarm_exhausted(pool)
        names = ", ".join(pool.doc.name for pool in pools)
        return f"all numbers of {names} are lent or rest"

    def unused(self, number: str, now_s: float) -> None:
        """Nobody was told of this number: it may be lent at once."""
        one = self._numbers.get(number)
        if one is None or not one.lent:
            return
        pool = self._pools[one.pool]
        one.lent, one.hold_id, one.until_s = False, "", now_s
        del pool.away[number]
        pool.idle.appendleft(one)
        self._mark("number", number)

    def rest(self, number: str, hold_id: str, now_s: float) -> None:
        """It was used, or its time is over: it rests, and is not lent meanwhile."""
        one = self._numbers.get(number)
        if one is None or not one.lent or one.hold_id != hold_id:
            return
        one.lent = False
        one.until_s = now_s + self._pools[one.pool].doc.spec.quarantine_s
        self._mark("number", number)

    # ---- arriving ----------------------------------------------------------------------------

    def owner(self, number: str, trunk_group: str) -> PooledNumber | None:
        """The number as it stands, if calls to it come in on this trunk group."""
        one = self._numbers.get(number)
        if one is None:
            return None
        return one if serves(self._pools[one.pool].doc, self._site, trunk_group) else None

    def straggler_service(self, number: str) -> str:
        """What a caller wants who comes by a number that is lent to nobody."""
        one = self._numbers.get(number)
        return (self._pools[one.pool].doc.spec.straggler_service or "") if one else ""

    # ---- time --------------------------------------------------------------------------------

    def look(self, now_s: float) -> bool:
        """Each second: what was lent too long rests; what will run out is told. True if something
        has changed since the last look."""
        for pool in self._pools.values():
            for one in [one for one in pool.away.values() if one.lent and one.until_s <= now_s]:
                self.rest(one.number, one.hold_id, now_s)
            self._bring_back(pool, now_s)
            if pool.idle:
                self._out.clear(EXHAUSTED, pool.doc.name)
            in_s = self._exhausted_in_s(pool, now_s)
            if in_s is None:
                self._out.clear(LOW, pool.doc.name)
            elif pool.idle and (LOW, pool.doc.name) not in self._out.alarms:
                text = (
                    f"{len(pool.lent_at_s)} numbers were lent in the last minute: at this rate the"
                    f" {len(pool.doc.spec.numbers)} of pool {pool.doc.name} are used up in"
                    f" {in_s:.0f} s; {REMEDY}"
                )
                self._out.alarm(LOW, pool.doc.name, text)
        changed, self._changed = self._changed, False
        return changed

    def shown(self, now_s: float) -> tuple[PoolReport, ...]:
        """How each pool stands."""
        return tuple(
            _report(pool, self._exhausted_in_s(pool, now_s), now_s) for pool in self._pools.values()
        )

    # ---- journal -----------------------------------------------------------------------------

    def value(self, number: str) -> dict[str, Any] | None:
        """What is kept of a number: nothing of one that was never lent."""
        one = self._numbers.get(number)
        if one is None or not one.until_s:
            return None
        kept = {"hold": one.hold_id, "lent": one.lent, "until_s": one.until_s}
        return kept | {"to": one.lent_to, "interaction": one.interaction_id}

    def restore(self, number: str, value: dict[str, Any], shift_s: float) -> None:
        """A number as it stood before a restart. Raises ValueError, KeyError, TypeError."""
        one = self._numbers.get(number)
        if one is None:
            return
        hold_id, lent = str(value["hold"]), bool(value["lent"])
        until_s = float(value["until_s"]) + shift_s
        one.hold_id, one.lent, one.until_s = hold_id, lent, until_s
        one.lent_to, one.interaction_id = (
            str(value.get("to", "")),
            str(value.get("interaction", "")),
        )
        self._pools[one.pool].away[number] = one

    def restored(self, live: Callable[[str], bool], now_s: float, *, sure: bool) -> None:
        """All were restored: those whose hold did not live on rest. Where the journal is not sure
        to be whole, any number may have been lent: all rest."""
        for pool in self._pools.values():
            pool.idle = deque(one for one in pool.idle if one.number not in pool.away)
            if not sure:
                for one in pool.idle:
                    pool.away[one.number] = one
                    one.until_s = now_s + pool.doc.spec.quarantine_s
                pool.idle.clear()
            for one in list(pool.away.values()):
                if one.lent and not one.hold_id.startswith(RETURN) and not live(one.hold_id):
                    self.rest(one.number, one.hold_id, now_s)

    # ---- inner -------------------------------------------------------------------------------

    def _mark(self, kind: str, number: str) -> None:
        self._changed = True
        self._keep(kind, number)

    def _at(self, trunk_group: str) -> list[_Pool]:
        return [one for one in self._pools.values() if serves(one.doc, self._site, trunk_group)]

    def _bring_back(self, pool: _Pool, now_s: float) -> None:
        """Numbers that rested long enough may be lent again, the first to rest first."""
        while pool.lent_at_s and pool.lent_at_s[0] <= now_s - RATE_OVER_S:
            pool.lent_at_s.popleft()
        rested = [
            one
            for one in pool.away.values()
            if not one.lent and one.until_s <= now_s and not self.still_refused(one.hold_id, now_s)
        ]
        for one in sorted(rested, key=lambda one: one.until_s):
            self._changed = True
            del pool.away[one.number]
            pool.idle.append(one)

    def _exhausted_in_s(self, pool: _Pool, now_s: float) -> float | None:
        """When the numbers are used up if they go on being lent as in the last minute.

        Each number comes back at a time that is known: its rest is over, or its hold at the latest.
        """
        per_s = len(pool.lent_at_s) / RATE_OVER_S
        if len(pool.lent_at_s) < LENT_MIN:
            return None
        quarantine_s = pool.doc.spec.quarantine_s
        back_in_s = sorted(
            max(0.0, one.until_s - now_s) + (quarantine_s if one.lent else 0.0)
            for one in pool.away.values()
        )
        free, at_s = float(len(pool.idle)), 0.0
        for back_s in [*back_in_s, FORECAST_S]:
            if free - per_s * (back_s - at_s) < 0:
                in_s = at_s + free / per_s
                return in_s if in_s <= FORECAST_S else None
            free -= per_s * (back_s - at_s)
            free, at_s = free + 1.0, back_s
            if at_s > FORECAST_S:
                break
        return None

    def _alarm_exhausted(self, pool: _Pool) -> None:
        name, many = pool.doc.name, len(pool.doc.spec.numbers)
        text = f"all {many} numbers of pool {name} are lent or rest: calls are refused; {REMEDY}"
        self._out.alarm(EXHAUSTED, name, text)


def _report(pool: _Pool, runs_out_in_s: float | None, now_s: float) -> PoolReport:
    lent = [one for one in pool.away.values() if one.lent]
    resting = [one for one in pool.away.values() if not one.lent]
    quarantine_s = pool.doc.spec.quarantine_s
    return PoolReport(
        pool=pool.doc.name,
        trunk_group=pool.doc.spec.trunk_group or "",
        numbers_count=len(pool.doc.spec.numbers),
        lent_count=len(lent),
        resting_count=len(resting),
        lent_per_minute=len(pool.lent_at_s),
        runs_out=runs_out_in_s is not None,
        runs_out_in_s=runs_out_in_s or 0.0,
        refused_count=pool.refused_count,
        refused_for_s=now_s - pool.refused_at_s if pool.refused_count else 0.0,
        refused_to=pool.refused_to,
        numbers=tuple(
            PooledNumberReport(
                number=one.number,
                resting=not one.lent,
                lent_to=one.lent_to,
                interaction_id=one.interaction_id,
                back_in_s=max(0.0, one.until_s - now_s) + (quarantine_s if one.lent else 0.0),
            )
            for one in (*lent, *resting)[:SHOWN_MAX]
        ),
    )
