"""What may be done to a policy, and what is refused; every act leaves a line of history."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from routing_policies import version_acts as acts
from routing_policies.versions import (
    DROPPED_AT_ONCE_MAX,
    SCHEDULED_MAX,
    TEXT_BYTES_MAX,
    Canary,
    Order,
    PolicyState,
    Step,
    VersionChangedError,
    VersionRefusedError,
)

ORDER = Order(author="ana", reason="peak", at_unix_s=1000.0)


def published(*texts: str, kept_max: int = 1000) -> PolicyState:
    state = PolicyState()
    for text in texts:
        state = acts.publish(state, text, ORDER, kept_max=kept_max).state
    return state


def test_publish_numbers_versions_and_tells_who_and_why() -> None:
    step = acts.publish(published("a"), "b", ORDER)
    assert step.state.live == step.state.newest == 2 and step.live_text == "b"
    version, event = step.versions[0], step.events[0]
    assert (version.number, version.text, version.author, version.reason) == (
        *(2, "b"),
        *("ana", "peak"),
    )
    assert event.told == "version 2 became live instead of version 1"
    assert (event.act, event.live, event.author, event.at_unix_s) == ("publish", 2, "ana", 1000.0)


def test_the_live_text_published_again_changes_nothing() -> None:
    step = acts.publish(published("a"), "a", ORDER)
    assert not step.events and step.state.live == 1 and step.live_text is None


def test_who_saw_another_version_is_told() -> None:
    state = published("a", "b")
    with pytest.raises(VersionChangedError) as caught:
        acts.publish(state, "c", replace(ORDER, if_version=1))
    assert (caught.value.seen, caught.value.live) == (1, 2)
    assert acts.publish(state, "c", replace(ORDER, if_version=2)).state.live == 3
    assert acts.publish(PolicyState(), "c", replace(ORDER, if_version=0)).state.live == 1


def test_going_back_makes_a_new_version_and_ends_the_canary() -> None:
    first = acts.publish(PolicyState(), "a", ORDER).versions[0]
    state = acts.canary(published("a", "b", "c"), Canary(version=2, sites=("lisbon",)), "b", ORDER)
    step = acts.rollback(state.state, first, ORDER)
    assert step.state.live == 4 and step.versions[0].equals == 1 and step.live_text == "a"
    assert step.state.canary is None and not step.state.texts
    assert "the canary of version 2 ended" in step.events[0].told
    with pytest.raises(VersionRefusedError, match="has the text of version 1"):
        acts.rollback(step.state, first, ORDER)


def test_shadow_and_canary_carry_their_texts_and_are_promoted() -> None:
    step, number = acts.store(published("a"), "b", ORDER)
    assert step.state.live == 1 and number == 2
    shadow = acts.shadow(step.state, 2, "b", ORDER).state
    assert shadow.shadow == 2 and shadow.texts == {2: "b"}
    part = Canary(version=2, services=("sales",))
    canary = acts.canary(shadow, part, "b", ORDER, forced="a test").state
    after = acts.promote(canary, "b", ORDER, version=2)
    assert after.state.live == 2 and after.state.shadow == 0 and after.state.canary is None
    assert after.live_text == "b" and not after.versions and not after.state.texts
    with pytest.raises(VersionRefusedError, match="live already"):
        acts.promote(after.state, "b", ORDER, version=2)


def refused(act: Callable[[], Step]) -> str:
    with pytest.raises(VersionRefusedError) as caught:
        act()
    return str(caught.value)


def test_what_makes_no_sense_is_refused() -> None:
    state = published("a", "b")
    lisbon = Canary(version=1, sites=("lisbon",))
    assert "is live" in refused(lambda: acts.shadow(state, 2, "b", ORDER))
    assert "no version 9" in refused(lambda: acts.shadow(state, 9, "b", ORDER))
    assert "for every call" in refused(lambda: acts.canary(state, Canary(version=1), "a", ORDER))
    none = PolicyState(newest=1)
    assert "beside it" in refused(lambda: acts.canary(none, lisbon, "a", ORDER))
    zero = Canary(version=1, share=0.0)
    assert "a share of 0" in refused(lambda: acts.canary(state, zero, "a", ORDER))
    both = frozenset({"shadow", "canary"})
    assert "no canary or shadow" in refused(lambda: acts.stop(state, both, ORDER))
    large = "x" * (TEXT_BYTES_MAX + 1)
    assert "bytes" in refused(lambda: acts.publish(state, large, ORDER))
    wordy = replace(ORDER, reason="x" * 501)
    assert "reason" in refused(lambda: acts.publish(state, "c", wordy))


def test_a_schedule_waits_in_order_is_carried_out_once_and_can_be_called_off() -> None:
    state = published("a", "b", "c")
    state = acts.schedule(state, 1, 5000.0, "five", ORDER).state
    state = acts.schedule(state, 2, 4000.0, "four", ORDER).state
    assert [one.version for one in state.scheduled] == [2, 1]
    assert acts.due(state, 3999.0) is None
    one = acts.due(state, 4000.0)
    assert one is not None and one.version == 2
    step = acts.activate(state, one, "b", 4000.5)
    assert step.state.live == 2 and step.live_text == "b" and step.events[0].act == "scheduled"
    assert not acts.activate(step.state, one, "b", 4001.0).events
    stopped = acts.stop(step.state, frozenset({"schedule"}), ORDER)
    assert not stopped.state.scheduled and "called off" in stopped.events[0].told


def test_a_schedule_that_may_not_happen_is_called_off_and_told() -> None:
    state = acts.schedule(published("a", "b"), 1, 4000.0, "four", ORDER).state
    step = acts.activate(state, state.scheduled[0], "a", 4000.0, refused="frozen")
    assert step.state.live == 2 and not step.state.scheduled and step.live_text is None
    assert step.events[0].act == "not_activated" and "frozen" in step.events[0].told


def test_schedules_that_cannot_be_are_refused() -> None:
    state = published("a", "b")
    assert "is past" in refused(lambda: acts.schedule(state, 1, 1000.0, "then", ORDER))
    for i in range(SCHEDULED_MAX):
        state = acts.schedule(state, 1, 2000.0 + i, "then", ORDER).state
    assert "wait already" in refused(lambda: acts.schedule(state, 1, 9000.0, "then", ORDER))
    state = acts.schedule(published("a"), 1, 2000.0, "then", ORDER).state
    assert "another" in refused(lambda: acts.schedule(state, 1, 2000.0, "then", ORDER))


def test_the_oldest_are_dropped_and_never_those_in_use() -> None:
    state = published(*(f"v{i}" for i in range(12)), kept_max=10)
    assert state.kept_from == 3
    state = acts.shadow(state, 3, "v2", ORDER).state
    gone: list[int] = []
    for i in range(12, 40):
        step = acts.publish(state, f"v{i}", ORDER, kept_max=10)
        state = step.state
        gone += step.dropped_versions
    assert 3 not in gone and state.held == (3,) and state.kept_from == 31
    stopped = acts.stop(state, frozenset({"shadow"}), ORDER)
    step = acts.publish(stopped.state, "last", ORDER, kept_max=10)
    assert not step.state.held and (3 in stopped.dropped_versions or 3 in step.dropped_versions)
    assert step.state.events_from > 1


def test_a_lower_limit_is_reached_a_few_at_a_time() -> None:
    state = published(*(f"v{i}" for i in range(60)))
    step = acts.publish(state, "more", ORDER, kept_max=10)
    assert len(step.dropped_versions) == DROPPED_AT_ONCE_MAX


def test_a_text_that_no_version_knows_becomes_one() -> None:
    step = acts.found(PolicyState(), "old", 5.0)
    assert step.state.live == 1 and step.versions[0].action == "found"
    assert acts.live_number(None, "old") == 1
    assert acts.live_number(step.state, "old") == 1
    assert acts.live_number(step.state, "other") == 2
    both = acts.then(step, acts.publish(step.state, "new", ORDER))
    assert both.state.live == 2 and len(both.versions) == 2 and both.live_text == "new"


def test_a_removed_policy_keeps_its_versions_and_comes_back_under_the_next_number() -> None:
    step = acts.remove(published("a", "b"), ORDER)
    assert step.state.live == 0 and step.events[0].act == "removed"
    assert acts.publish(step.state, "b", ORDER).state.live == 3


def test_an_overridden_freeze_is_told() -> None:
    step = acts.publish(PolicyState(), "a", replace(ORDER, override_freeze="a site is lost"))
    assert "the freeze was overridden: a site is lost" in step.events[0].told


def test_words_that_would_play_with_a_terminal_are_refused() -> None:
    for author, reason in (("ana\x1b[2J", "r"), ("ana", "a\x00b"), ("\u202eana", "r")):
        wanted = Order(author=author, reason=reason, at_unix_s=1.0)
        with pytest.raises(VersionRefusedError, match="cannot be shown"):
            acts.publish(PolicyState(), "text", wanted)
    acts.publish(PolicyState(), "text", Order(author="ção", reason="a\nb", at_unix_s=1.0))
