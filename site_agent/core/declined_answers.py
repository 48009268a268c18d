"""Declines answers of NIRC that are not used, so that no agent stays held for them.

Rule of this file: a token that is not used must never be accepted: its target is asked to forget
it. The token of a move that this site carries out is left alone.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import MoveOutcome, RouteAnswer
from site_agent.core.answer_outcomes import outcome_of
from site_agent.core.cancels import Cancels
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox


class DeclinedAnswers:
    """Answers that came late, twice, or do not fit."""

    __slots__ = ("_cancels", "_leaders", "_out", "is_ours")

    def __init__(self, cancels: Cancels, leaders: Leaders, out: Outbox) -> None:
        self._cancels = cancels
        self._leaders = leaders
        self._out = out
        self.is_ours: Callable[[str], bool] = lambda token: False
        "Knows the tokens of this site's moves."

    def decline(self, answer: RouteAnswer, outcome: MoveOutcome, now_s: float) -> None:
        """An answer that is not used: its token must never be accepted.

        The same answer told twice (by a new leader, say) names a token that is in use: leave it.
        """
        if not answer.token or self.is_ours(answer.token):
            return
        self._out.count("answers_declined")
        self._cancels.ask(answer.token, answer.request_id, answer.target_site, now_s, watched=False)
        self._out.send(
            self._leaders.node_of(answer.domain),
            outcome_of(answer, outcome),
        )
