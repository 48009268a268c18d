"""The words of SIP: header names in all their spellings, and reason phrases.

Rule of this file: tables and the look-ups in them.
"""

from __future__ import annotations

REASONS = {
    100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued",
    183: "Session Progress", 200: "OK", 202: "Accepted", 300: "Multiple Choices",
    301: "Moved Permanently", 302: "Moved Temporarily", 305: "Use Proxy", 400: "Bad Request",
    401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout",
    410: "Gone", 413: "Request Entity Too Large", 415: "Unsupported Media Type",
    416: "Unsupported URI Scheme", 420: "Bad Extension", 422: "Session Interval Too Small",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops",
    486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 489: "Bad Event",
    491: "Request Pending", 500: "Server Internal Error", 501: "Not Implemented",
    503: "Service Unavailable", 504: "Server Time-out", 505: "Version Not Supported",
    513: "Message Too Large", 600: "Busy Everywhere", 603: "Decline",
    604: "Does Not Exist Anywhere",
}  # fmt: skip

_LONG_NAMES = """
    Accept Allow Allow-Events Alert-Info Authentication-Info Authorization Call-ID Call-Info
    Contact Content-Disposition Content-Encoding Content-Language Content-Length
    Content-Type CSeq Date Event Expires From In-Reply-To Max-Forwards MIME-Version
    Min-Expires Min-SE Organization P-Asserted-Identity Priority Privacy Proxy-Authenticate
    Proxy-Authorization Proxy-Require RAck Reason Record-Route Refer-Sub Refer-To Referred-By
    Replaces Require Retry-After Route RSeq Server Session-Expires Session-ID Subject
    Subscription-State Supported Timestamp To Unsupported User-Agent User-to-User Via
    Warning WWW-Authenticate X-NIRC-Data X-NIRC-Interaction
"""
_COMPACT = {
    "a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "d": "Request-Disposition",
    "e": "Content-Encoding", "f": "From", "i": "Call-ID", "j": "Reject-Contact", "k": "Supported",
    "l": "Content-Length", "m": "Contact", "o": "Event", "r": "Refer-To", "s": "Subject", "t": "To",
    "u": "Allow-Events", "v": "Via", "x": "Session-Expires", "y": "Identity",
}  # fmt: skip
_BY_LOWER = {name.lower(): name for name in _LONG_NAMES.split()} | _COMPACT
# Every usual spelling of a name leads to (long name, key) with one look-up.
SPELLINGS = {
    spelling: (name, name.lower())
    for lower, name in _BY_LOWER.items()
    for spelling in (lower, name if len(lower) > 1 else lower.upper(), lower.upper())
}


def name_and_key(name: str) -> tuple[str, str]:
    """The long name and the key of a header, whatever its spelling."""
    known = SPELLINGS.get(name)
    if known is None:
        lowered = name.lower()
        known = SPELLINGS.get(lowered) or (name, lowered)
    return known


def reason_of(status: int) -> str:
    """The usual reason phrase of a status."""
    return REASONS.get(status) or REASONS.get(status // 100 * 100) or "Unknown"
