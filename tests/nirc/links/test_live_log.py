"""Which events are kept, as which bytes, and who may go on from where."""

from nirc.links.live_changes import LiveEvent
from nirc.links.live_log import LiveLog
from nrcli.wire.live_models import KINDS, Gone, Kind

ALL = frozenset(KINDS)


def log(events_max: int = 100, bytes_max: int = 1_000_000) -> LiveLog:
    return LiveLog(run="ab-12", events_max=events_max, bytes_max=bytes_max)


def event(kind: Kind, key: str) -> LiveEvent:
    return LiveEvent(kind, "gone", Gone(kind=kind, key=key))


def test_an_event_on_the_wire() -> None:
    kept = log()
    kept.add([event("call", "r\n1 é")])
    assert kept.after(0, ALL) == (
        b'id: ab-12-1\nevent: gone\ndata: {"kind":"call","key":"r\\n1 \xc3\xa9"}\n\n'
    )
    assert kept.after(1, ALL) == b""
    assert kept.reset([b'"a":1', b'"b":[]']) == (
        b'id: ab-12-1\nevent: reset\ndata: {"a":1,"b":[]}\n\n'
    )


def test_readers_get_what_they_chose_and_only_what_is_new() -> None:
    kept = log()
    kept.add([event("call", "1"), event("site", "2"), event("call", "3")])
    calls = kept.after(0, frozenset({"call"}))
    assert calls is not None
    assert [line for line in calls.splitlines() if b"id:" in line] == [
        b"id: ab-12-1",
        b"id: ab-12-3",
    ]
    kept.add([event("site", "4")])
    assert kept.after(3, frozenset({"call"})) == b""
    assert kept.after(3, ALL) == kept.after(0, ALL)[-len(kept.after(3, ALL) or b"") :]  # type: ignore[index]


def test_all_readers_share_the_same_bytes() -> None:
    kept = log()
    kept.add([event("call", "1")])
    assert kept.after(0, ALL) is kept.after(0, ALL)


def test_what_is_no_longer_kept_is_not_made_up() -> None:
    kept = log(events_max=2)
    kept.add([event("call", str(number)) for number in range(1, 5)])
    assert kept.after(1, ALL) is None
    assert kept.after(2, ALL) is not None


def test_the_ring_is_bounded_by_bytes_too() -> None:
    kept = log(bytes_max=500)
    kept.add([event("call", "x" * 100) for _ in range(9)])
    told = kept.after(9 - 3, ALL)
    assert told is not None and len(told) <= 500
    assert kept.after(9 - 4, ALL) is None


def test_only_ids_of_this_run_go_on() -> None:
    kept = log()
    kept.add([event("call", "1")])
    assert (kept.number_of("ab-12-1"), kept.number_of("ab-12-0")) == (1, 0)
    for other in (
        "",
        "1",
        "ab-12-2",
        "ab-13-1",
        "ab-12-",
        "ab-12--1",
        "ab-12-²",
        "ab-12-" + "9" * 99,
    ):
        assert kept.number_of(other) is None, other
