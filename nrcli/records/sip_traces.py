"""Makes of the SIP messages that a process keeps the trace of one call.

Rule of this file: pure; nothing leaves it that `trace_masking` has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence

from nrcli.sip.trace_masking import masked_sip
from nrcli.sip.trace_ring import Traced, about
from nrcli.wire.trace_models import MESSAGES_MAX, CallTrace, TracedMessage


def trace_of(
    place: str,
    kept: Sequence[Traced],
    call: str,
    *,
    whole: bool,
    now_s: float,
    unix_s: float,
    messages_max: int = MESSAGES_MAX,
) -> CallTrace:
    """What `place` heard and said of `call`; `whole`: numbers and attached data, too.

    It may look through many megabytes: call it beside the loop.
    """
    found = about(kept, call, messages_max + 1)
    messages = [
        TracedMessage(
            at_unix_s=round(one.at_s + unix_s - now_s, 6),
            place=place,
            sent=one.sent,
            transport=one.peer.transport,
            local=_text(one.peer.local),
            remote=_text(one.peer.remote),
            message=masked_sip(one.data, numbers=not whole).decode("utf-8", "replace"),
        )
        for one in found[:messages_max]
        if one.peer is not None
    ]
    cut = f"{place}: only the first {messages_max} messages of this call"
    return CallTrace(
        call=call,
        messages=messages,
        now_unix_s=unix_s,
        unmasked=whole,
        notes=[cut] if len(found) > messages_max else [],
    )


def _text(address: tuple[str, int]) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
