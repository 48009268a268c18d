"""Rules of what callers get beside a move to a site, taken out one at a time: voicemails."""

from __future__ import annotations

from mutants import Mutant, Patch, instead

from site_agent.core.handler_table import HANDLER_TABLE
from site_agent.core.transfer_table import Effect, MoveState, Sign

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
)
