"""What goes wrong in the SIP core, told apart by whose mistake it is.

Rule of this file: `MessageError` is theirs and carries the status to answer with;
`LocalProtocolError` is ours: a command that the state does not allow, and nothing was changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrcli import errors as base

if TYPE_CHECKING:
    from nrcli.sip.message import Request


class LocalProtocolError(base.LocalProtocolError):
    """Our own program asked for what RFC 3261 or the leg's state does not allow."""


class MessageError(base.RemoteProtocolError):
    """Bytes that are no proper SIP message, or one over a limit.

    `status` and `reason` are what a request is answered with; `request` is what could be read of
    it, None if too little for an answer.
    """

    def __init__(self, status: int, reason: str, request: Request | None = None) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason
        self.request = request
