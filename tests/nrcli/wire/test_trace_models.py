"""A trace goes through JSON and over a link as it is, and says nothing that it does not know."""

import random
import zlib

import pytest

from nrcli.wire import trace_models
from nrcli.wire.trace_models import CallTrace, TracedMessage, by_our_clock, packed, unpacked

ONE = TracedMessage(
    at_unix_s=105.0,
    place="lisbon",
    sent=True,
    transport="udp",
    local="10.0.0.1:5060",
    remote="10.0.0.9:5080",
    message="BYE\r\n\r\n",
)
TOLD = CallTrace(call="story", messages=[ONE])


def test_a_trace_goes_through_json_and_over_a_link() -> None:
    assert CallTrace.model_validate_json(TOLD.model_dump_json()) == TOLD
    assert (TOLD.now_unix_s, TOLD.unmasked, TOLD.notes) == (0, False, [])
    assert unpacked(packed(TOLD)) == TOLD


def test_one_that_is_too_large_loses_its_end_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_models, "PART_BYTES", 100)
    monkeypatch.setattr(trace_models, "PARTS_MAX", 9)
    dice = random.Random(1)
    noise = [ONE.model_copy(update={"message": dice.randbytes(200).hex()}) for _ in range(8)]
    parts = packed(CallTrace(call="story", messages=noise))
    assert len(parts) <= 9
    told = unpacked(parts)
    assert told.messages == noise[: len(told.messages)] and 0 < len(told.messages) < 8
    assert "only the first" in told.notes[-1]


def test_what_was_not_packed_so_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = b"".join(packed(TOLD))
    for odd in (b"", b"x", whole[:-9], zlib.compress(b"{}"), zlib.compress(b"\xff")):
        with pytest.raises(ValueError):
            unpacked([odd])
    monkeypatch.setattr(trace_models, "UNPACKED_BYTES_MAX", 50)
    with pytest.raises(ValueError, match="too large"):
        unpacked([whole])


def test_a_clock_that_is_ahead_is_put_right_as_far_as_can_be_known() -> None:
    def shown(now_unix_s: float) -> float:
        heard = TOLD.model_copy(update={"now_unix_s": now_unix_s})
        return by_our_clock(heard, 100.0, 100.4).messages[0].at_unix_s

    assert shown(110.2) == 95.0
    assert shown(90.2) == 115.0
    assert shown(100.3) == 105.0, "that is the way, not the clock"
    assert shown(0.0) == 105.0, "it does not tell its clock"
