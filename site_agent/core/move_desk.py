"""What all parts of moving a call work on: the site's other parts, and the moves by token.

Rule of this file: data only; it is built once, in `site_parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nrcli.wire.messages import MoveOutcome, RequeryReason, RouteAnswer
from site_agent.core.addresses import Addresses
from site_agent.core.calls import Call, CallBook, Mark
from site_agent.core.cancels import Cancels
from site_agent.core.handler_moves import HandlerMoves
from site_agent.core.leaders import Leaders
from site_agent.core.moves import Move
from site_agent.core.number_pools import NumberPools
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings

LATE_TIMER = "move-late:"
RETRY_TIMER = "move-retry:"
UNREACHABLE_TIMER = "move-unreachable:"
PLACE_TIMER = "move-place:"
FORGET_TIMER = "forget-moves"
MOVE_TIMERS = (LATE_TIMER, RETRY_TIMER, UNREACHABLE_TIMER, PLACE_TIMER)
HEARD_LATELY_S = 5.0
"A target that spoke this recently is reachable."


@dataclass(slots=True, kw_only=True)
class MoveDesk:
    """Shared by the ladder, the questions and the endings of moves."""

    site: str
    settings: SiteSettings
    addresses: Addresses
    leaders: Leaders
    calls: CallBook
    cancels: Cancels
    out: Outbox
    new_id: Callable[[], str]
    new_token: Callable[[], str]
    free_channels: Callable[[str], int]
    requery: Callable[[Call, float, RequeryReason | None], None]
    decline: Callable[[RouteAnswer, MoveOutcome, float], None]
    plan_ended: Callable[[Move, MoveOutcome, float], None] = lambda move, outcome, now_s: None
    "Told of the end of each move that NIRC knows nothing of."
    handlers: HandlerMoves | None = None
    "None: this site sends nobody to a handler."
    numbers: NumberPools | None = None
    "Of this site: the way home of a caller whose carrier takes numbers alone."
    mark: Mark = lambda kind, token: None
    "Tells the journal that a move changed."
    by_token: dict[str, Move] = field(default_factory=dict)
    by_call: dict[str, Move] = field(default_factory=dict)
    "Open moves only."
    by_return_token: dict[str, Move] = field(default_factory=dict)

    def ask(self, move: Move, now_s: float, *, watched: bool) -> None:
        """Ask the target, by token: taken, or never?"""
        answer = move.answer
        self.cancels.ask(
            answer.token, answer.request_id, answer.target_site, now_s, watched=watched
        )
