"""Says how a call was moved: methods, SIP status, and how a move ended.

Rule of this file: words for what RFC 3261, RFC 3515 and the link define; nothing is joined here.
"""

from __future__ import annotations

from collections.abc import Mapping

from nrcli.wire.messages import MoveOutcome, TransferMethod

METHODS: Mapping[str, str] = {
    TransferMethod.REDIRECT_302.value: "by a 302 redirect",
    TransferMethod.REFER.value: "by REFER",
    TransferMethod.REFER_REPLACES.value: "by REFER with Replaces",
    TransferMethod.BRIDGE.value: "by a bridge",
    TransferMethod.TRANSLATION_ROUTE.value: "by dialing a number that was lent to the call",
}
MEANS: Mapping[str, str] = {
    TransferMethod.REDIRECT_302.value: "before the call was answered",
    TransferMethod.REFER.value: "in the answered call",
    TransferMethod.REFER_REPLACES.value: "in the answered call",
    TransferMethod.BRIDGE.value: "in whose path it stays",
}
STATUSES: Mapping[int, str] = {
    302: "Moved Temporarily",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    420: "Bad Extension",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    491: "Request Pending",
    500: "Server Internal Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Server Time-out",
    600: "Busy Everywhere",
    603: "Decline",
}
"Those that moves meet (RFC 3261 section 21)."
ENDINGS: Mapping[str, str] = {
    MoveOutcome.ARRIVED.value: "arrived there",
    MoveOutcome.REFUSED.value: "was refused",
    MoveOutcome.BUSY.value: "found the other side busy",
    MoveOutcome.NO_ANSWER.value: "was not answered",
    MoveOutcome.ERROR.value: "went wrong",
    MoveOutcome.TIMEOUT.value: "did not end in time",
    MoveOutcome.CALLER_GONE.value: "ended because the caller hung up",
    MoveOutcome.SERVED_AT_HOME.value: "was called off, for an agent of their own site took the"
    " caller first",
    MoveOutcome.UNRESOLVED.value: "ended without any word of the other side: nobody knows"
    " whether the caller was there",
}


def by_method(method: str) -> str:
    """How, behind a verb; empty where no method was tried."""
    return METHODS.get(method, f"by {method}") if method else ""


def by_method_fully(method: str) -> str:
    """How, and what it means for the call.

    >>> by_method_fully("bridge")
    'by a bridge, in whose path it stays'
    """
    means = MEANS.get(method)
    return by_method(method) + (f", {means}" if means else "")


def status_told(status: int) -> str:
    """A SIP final status.

    >>> status_told(486)
    'SIP 486 Busy Here'
    """
    return f"SIP {status} {STATUSES.get(status, '')}".rstrip()
