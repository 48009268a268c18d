"""Silence is measured from the last change that was seen, by our own clock."""

import pytest

from site_agent.core.lease_watch import LeaseWatch, StandbyEar, Verdict
from site_agent.core.pair_words import Holder, LeaseRead, LeaseRecord, PairSettings

ME = Holder(name="b", life="b1", boot="boot", space="pid:[1]", pid=2, started=20)
BESIDE = Holder(name="a", life="a1", boot="boot", space="pid:[1]", pid=1, started=10)
ELSEWHERE = Holder(name="a", life="a1", boot="other", space="pid:[1]", pid=1, started=10)
CONTAINER = Holder(name="a", life="a1", boot="boot", space="pid:[2]", pid=1, started=10)
TWO, ONE = PairSettings(lease_s=9.0), PairSettings(one_host=True)


def record(holder: Holder | None, beat: int = 0) -> LeaseRecord:
    return LeaseRecord(fence=5, beat=beat, lease_s=3.0, holder=holder)


def verdict(
    holder: Holder | None, settings: PairSettings, silent_s: float, *, gone: bool = False
) -> Verdict:
    watch = LeaseWatch(ME, settings, 100.0)
    event = LeaseRead(record=record(holder), holder_gone=gone)
    watch.saw(event.record, 100.0)
    return watch.verdict(event, 100.0 + silent_s)


@pytest.mark.parametrize(
    ("holder", "settings", "silent_s", "gone", "expected"),
    [
        (None, TWO, 0.0, False, Verdict.TAKE),
        (BESIDE, TWO, 0.0, True, Verdict.TAKE),
        (BESIDE, ONE, 2.9, False, Verdict.WAIT),
        (BESIDE, ONE, 3.0, False, Verdict.END),
        (BESIDE, TWO, 3.0, False, Verdict.END),
        (ELSEWHERE, TWO, 2.9, False, Verdict.WAIT),
        (ELSEWHERE, TWO, 3.0, False, Verdict.TAKE),
        (ELSEWHERE, ONE, 0.0, False, Verdict.TAKE),
        (CONTAINER, TWO, 3.0, False, Verdict.TAKE),
        (CONTAINER, ONE, 2.9, False, Verdict.WAIT),
        (CONTAINER, ONE, 3.0, False, Verdict.UNSAFE),
        (ME, TWO, 0.0, False, Verdict.TAKE),
    ],
)
def test_what_may_be_done(
    holder: Holder | None, settings: PairSettings, silent_s: float, gone: bool, expected: Verdict
) -> None:
    """The lease's time is the holder's own (3 s), not the watcher's setting."""
    assert verdict(holder, settings, silent_s, gone=gone) is expected


def test_a_change_begins_the_wait_anew_and_none_does_not() -> None:
    watch = LeaseWatch(ME, TWO, 100.0)
    for at_s, beat in ((100.0, 1), (102.0, 2), (104.0, 2)):
        watch.saw(record(ELSEWHERE, beat), at_s)
    event = LeaseRead(record=record(ELSEWHERE, 2))
    assert watch.verdict(event, 104.9) is Verdict.WAIT
    assert watch.verdict(event, 105.0) is Verdict.TAKE


def test_nobody_ever_had_it() -> None:
    watch = LeaseWatch(ME, TWO, 100.0)
    assert watch.verdict(LeaseRead(record=None), 100.0) is Verdict.TAKE
    assert watch.fence == 0 and not watch.goes_back(None)


def test_a_folder_that_knows_less_than_before_is_another_one() -> None:
    watch = LeaseWatch(ME, TWO, 100.0)
    watch.saw(record(BESIDE), 100.0)
    assert watch.goes_back(None)
    assert watch.goes_back(LeaseRecord(fence=4))
    assert not watch.goes_back(LeaseRecord(fence=5))


def test_a_standby_is_heard_while_its_beat_changes_and_we_are_no_standby() -> None:
    ear = StandbyEar("a", 100.0)
    ear.hear({"b": 1, "a": 1}, 101.0)
    assert ear.heard_at_s == 101.0
    ear.hear({"b": 1, "a": 2}, 102.0)
    assert ear.heard_at_s == 101.0
    ear.hear({"b": 2}, 103.0)
    assert ear.heard_at_s == 103.0
    ear.hear({}, 104.0)
    assert ear.heard_at_s == 103.0
