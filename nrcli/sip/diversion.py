"""Says to a voicemail for whom a call was meant and why it comes: Diversion and History-Info.

Rule of this file: only a number that looks like one is said, and nothing else of the caller's own
making: what a caller dialed never becomes a header's syntax.
"""

from __future__ import annotations

import re

from nrcli.sip.errors import MessageError
from nrcli.sip.uri import SipUri

_NUMBER = re.compile(r"\+?[0-9*#]{1,32}")
NO_ANSWER = "no_answer"
"They waited, and nobody answered."
REASONS = {
    "closed": ("time-of-day", 480),
    "busy": ("user-busy", 486),
    NO_ANSWER: ("no-answer", 408),
    "try_later": ("unavailable", 503),
    "blocked": ("do-not-disturb", 603),
    "not_in_service": ("out-of-service", 404),
}
"By what a rule says: the word of RFC 5806, the status of RFC 7044 (as of RFC 4458)."
UNKNOWN = ("unconditional", 302)


def diverted(number: str, reason: str, target: str) -> tuple[tuple[str, str], ...]:
    """Diversion (RFC 5806) and History-Info (RFC 7044) for a call to `number` that goes to the SIP
    URI `target`; none where the number is none."""
    if not _NUMBER.fullmatch(number):
        return ()
    try:
        uri = SipUri.parse(target).bare()
    except MessageError:
        return ()
    word, status = REASONS.get(reason, UNKNOWN)
    dialed = SipUri("sip", number, uri.host, None, (("user", "phone"),))
    because = SipUri(
        "sip",
        number,
        uri.host,
        None,
        (("user", "phone"),),
        (("Reason", f"SIP;cause={status}"),),
    )
    return (
        ("Diversion", f"<{dialed}>;reason={word};counter=1"),
        ("History-Info", f"<{because}>;index=1, <{uri}>;index=1.1;mp=1"),
    )
