"""A promise lasts by the clock, and is not given while it could not be kept."""

from nirc.stores.election_promises import ElectionPromises


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_a_promise_lasts_its_time_and_the_longest_counts() -> None:
    clock = Clock()
    promises = ElectionPromises(clock)
    assert not promises.is_held
    assert promises.hold(104.0)
    assert promises.hold(102.0)
    clock.now_s = 103.9
    assert promises.is_held
    clock.now_s = 104.0
    assert not promises.is_held
    assert promises.held_s == 0.0


def test_nothing_is_promised_during_a_campaign() -> None:
    promises = ElectionPromises(Clock())
    with promises.campaigning():
        assert not promises.hold(104.0)
    assert not promises.is_held
    assert promises.hold(104.0)


def test_office_is_prolonged_and_never_shortened() -> None:
    promises = ElectionPromises(Clock())
    promises.prolong(106.0)
    promises.prolong(103.0)
    assert promises.prolonged_until_s == 106.0
