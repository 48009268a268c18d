"""One try of a caller to reach somebody: what chance has decided of it, and what became of it.

Rule of this file: data only, and the line of the outcomes table that it ends as.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.model.instants import NEVER_US
from simulator.world.acd_state import Leg, Rank

if TYPE_CHECKING:
    from simulator.world.carriers import Transit
    from simulator.world.passing_on import Pass


class CalledBack:
    """What a try has to do with being called back."""

    __slots__ = ("answered", "calls_count", "entry", "luck", "number", "site", "state")

    def __init__(self) -> None:
        self.number = ""
        "The caller's, E.164; empty where nobody is called back."
        self.luck = 0.5
        self.state = 0
        "`outcomes.Callback`"
        self.entry = ""
        "Of a site's promise to call back, while it counts."
        self.site = -1
        "That gave the promise."
        self.calls_count = 0
        "How often the telephone rang."
        self.answered = False
        "The caller answered such a call."


class Try:
    """One try: a call of the calls table, or a redial of it."""

    __slots__ = (
        "acw_us",
        "agent",
        "ahead_us",
        "answer",
        "arrival_us",
        "asked",
        "attempt",
        "back",
        "balks",
        "cut",
        "data",
        "ended_us",
        "entry",
        "entry_row",
        "expected_us",
        "held_us",
        "holds",
        "ingress",
        "legs",
        "legs_count",
        "luck",
        "method",
        "moves",
        "number",
        "outcome",
        "passes",
        "patience_us",
        "priority",
        "queued_us",
        "redial_after_us",
        "redials_left",
        "refused",
        "requests",
        "ring_luck",
        "ring_share",
        "rings",
        "row",
        "talk_us",
        "talked_acw_us",
        "talked_us",
        "talking",
        "transit",
        "unresolved",
        "wait_us",
    )

    def __init__(self, number: int, attempt: int, ingress: int, arrival_us: int) -> None:
        self.number = number
        self.attempt = attempt
        self.ingress = ingress
        self.arrival_us = arrival_us
        self.priority = 0
        "The caller's and the service's, added."
        self.ahead_us = 0
        self.patience_us = NEVER_US
        self.balks = False
        self.talk_us = 0
        self.acw_us = 0
        self.redials_left = 0
        self.redial_after_us = 0
        self.ring_luck = self.luck = 0.5
        self.data = b""

        self.entry = 0
        "Index of the ingress' entry that is tried."
        self.legs: dict[str, Leg] = {}
        self.legs_count = 0
        self.transit: Transit | None = None
        "The move that is on its way."
        self.answer: tuple[str, int, int, int] | None = None
        "Of the last answer that moves: token, instant asked, row and agent it leads to."
        self.holds: dict[str, int] = {}
        "Agents held for it now: id of the hold, and since when."
        self.requests: list[str] = []
        "Ids of the route requests made for it."
        self.ring_share = 1.0
        self.talking: Leg | None = None
        self.unresolved = False
        self.cut = False
        "A leg of it ended with a site that was lost, or with a process that was killed."
        self.outcome = 0
        "0 while the try goes on."
        self.entry_row = -1
        self.row = -1
        self.agent = -1
        self.queued_us = -1
        self.wait_us = 0
        self.talked_us = 0
        self.talked_acw_us = 0
        self.ended_us = 0
        self.expected_us = -1
        self.moves = 0
        self.method = 0
        self.asked = self.refused = self.rings = 0
        self.held_us = 0
        self.back = CalledBack()
        self.passes: tuple[Pass, ...] = ()
        "By whom the caller will be passed on, each as soon as an agent has them."

    @property
    def interaction_id(self) -> str:
        """Name of the try in messages and history."""
        return f"{self.number}.{self.attempt}"

    def rank(self, priority: int) -> Rank:
        """Place in a line."""
        return (-priority, self.arrival_us - self.ahead_us, self.number)

    def rings_out(self, no_answer_share: float) -> bool:
        """Does the next ring, at an agent of this share, stay without an answer?"""
        self.ring_share *= no_answer_share
        return self.ring_luck < self.ring_share

    def new_leg(self, site: int, trunk: int) -> Leg:
        """A further leg of the call, at a site."""
        leg = Leg(f"{self.interaction_id}.{self.legs_count}", self, site, trunk)
        self.legs_count += 1
        self.legs[leg.call_id] = leg
        return leg

    def line(self) -> tuple[int, ...]:
        """The outcome as OUTCOME_TYPE has it."""
        return (
            self.number,
            self.attempt,
            self.outcome,
            self.ingress,
            self.entry_row,
            self.row,
            self.agent,
            self.arrival_us,
            self.queued_us,
            self.wait_us,
            self.talked_us,
            self.talked_acw_us,
            self.ended_us,
            self.expected_us,
            self.moves,
            self.method,
            self.asked,
            self.refused,
            self.rings,
            self.held_us,
            self.back.state,
            self.back.calls_count,
        )


class HexTry(Try):
    """One named by 32 hexadecimal digits, which a token of the peer plan says as they are."""

    __slots__ = ()

    @property
    def interaction_id(self) -> str:
        """Name of the try in messages and history."""
        return f"{self.number:030x}{self.attempt:02x}"


def numbers_of(interaction_id: str) -> tuple[int, int]:
    """Number and attempt of a try's name."""
    number, dot, attempt = interaction_id.partition(".")
    if dot:
        return int(number), int(attempt)
    return int(interaction_id[:30], 16), int(interaction_id[30:], 16)
