"""Ids of spans are worked out alike everywhere, and so is who is traced."""

from uuid import UUID, uuid5

from nrcli.telemetry.call_traces import (
    Sampler,
    call_span,
    decide_span,
    hold_span,
    move_span,
    route_span,
    span_of,
    trace_of,
)

SESSION = "0123456789abcdef0123456789abcdef"


def test_a_session_id_is_the_id_of_its_trace() -> None:
    assert f"{trace_of(SESSION):032x}" == SESSION


def test_any_other_id_is_hashed() -> None:
    for other in ("ivr-7", SESSION.upper(), SESSION + "0", "0" * 32, ""):
        assert 0 < trace_of(other) < 2**128
    assert len({trace_of(one) for one in ("ivr-7", "ivr-8", SESSION.upper(), "0" * 32)}) == 4


def test_ids_never_change() -> None:
    """Other versions of the daemons work them out too."""
    assert trace_of("ivr-7") == 0xBF31A919AA50A035B8DB6CFF6EE1B697
    assert span_of("call", "lisbon", "c1") == 0x2B084C335DD790E4


def test_kinds_and_keys_are_told_apart() -> None:
    found = [route_span("x"), hold_span("x"), move_span("x"), call_span("x", ""), span_of("x")]
    found += [call_span("a", "bc"), call_span("ab", "c")]
    found += [decide_span("x", 1, 2), decide_span("x", 1, 3), decide_span("x", 2, 2)]
    assert len(set(found)) == len(found)
    assert all(0 < one < 2**64 for one in found)


def callers(count: int) -> list[str]:
    return [uuid5(UUID(int=7), str(number)).hex for number in range(count)]


def test_the_share_is_kept_and_who_traces_less_traces_some_of_them() -> None:
    tenth, half = Sampler(0.1), Sampler(0.5)
    taken = [one for one in callers(20_000) if tenth.takes(one)]
    assert 1_850 < len(taken) < 2_150, "four standard deviations of a fair draw are 170"
    assert all(half.takes(one) for one in taken)


def test_none_and_all() -> None:
    assert not any(Sampler(0.0).takes(one) for one in callers(100))
    assert all(Sampler(1.0).takes(one) for one in callers(100))
    assert not Sampler(1.0).takes(""), "what belongs to no call is not traced"
