"""Rules of voicemails and of agents' transfers, taken out one at a time."""

from __future__ import annotations

from typing import Any

from mutants import Mutant, Patch, instead

from site_agent.core.calls import Call, CallBook
from site_agent.core.handler_table import HANDLER_TABLE
from site_agent.core.transfer_table import TABLE, Effect, MoveState, Sign


def _leaves_the_loan(original: Any) -> Any:
    """The caller is here for something else, and still counts where they came."""

    def serve(self: CallBook, call: Call, service: str, queue: str) -> None:
        call.service, call.queue = service, queue

    return serve


BY_SERVICE = (
    Mutant(
        name="mail_guessed",
        without="a caller whom a voicemail may have is put back only by their own device's word",
        found_by="talks twice",
        patches=tuple(
            Patch(
                owner=HANDLER_TABLE[MoveState.TRANSFERRING],
                name=sign,
                make=instead((MoveState.ENDED, Effect.PUT_BACK)),
            )
            for sign in (Sign.LATE, Sign.SILENT, Sign.UNREACHABLE)
        ),
        cases="mail",
    ),
    Mutant(
        name="taken_back_blindly",
        without="an agent takes a caller back only when the target never will take them",
        found_by="talks twice",
        patches=tuple(
            Patch(
                owner=TABLE[state],
                name=Sign.RECALLED,
                make=instead((MoveState.ENDED, Effect.PUT_BACK)),
            )
            for state in (MoveState.REFERRING, MoveState.TRANSFERRING)
        ),
        cases="transfers",
    ),
    Mutant(
        name="loan_left_behind",
        without="whom an agent passes on is lent where they wait now",
        found_by="crash",
        patches=(Patch(owner=CallBook, name="serve", make=_leaves_the_loan),),
        cases="transfers",
    ),
)
