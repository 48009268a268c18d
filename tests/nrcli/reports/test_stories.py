import random
from dataclasses import replace

from report_facts import at, moved, stay

from nrcli.reports.facts import End
from nrcli.reports.stories import Stories, once, with_thresholds


def test_a_token_joins_two_stays() -> None:
    out, there = moved(0, 30, End.ANSWERED, 40)
    stories = Stories([there, out])
    assert stories.after(out) == there
    assert stories.before(there) == out
    assert [story.stays for story in stories.whole()] == [(out, there)]


def test_a_half_alone_is_a_story_of_its_own() -> None:
    out, there = moved(0, 30, End.ANSWERED, 40)
    assert [story.stays for story in Stories([out]).whole()] == [(out,)]
    assert [story.stays for story in Stories([there]).whole()] == [(there,)]


def test_a_stay_that_was_told_twice_counts_once() -> None:
    one = stay(End.ANSWERED)
    assert once([one, one]) == (one,)


def test_the_order_of_records_is_nothing() -> None:
    stays = [stay(End.ANSWERED, came_s) for came_s in (5, 3, 9, 3)]
    shuffled = random.Random(1).sample(stays, len(stays))
    assert once(shuffled) == once(stays)


def test_a_threshold_may_be_said_by_service() -> None:
    sales, help_ = stay(End.ANSWERED, threshold_us=1), stay(End.ANSWERED, service="help")
    found = with_thresholds([sales, help_], {"sales": 7})
    assert [one.threshold_us for one in found] == [7, 0]


def test_a_bridge_holds_the_leg_and_not_the_stay() -> None:
    out, there = moved(0, 30, End.ANSWERED, 40)
    bridged = replace(out, decided_us=at(900), waited_us=900_000_000)
    (story,) = Stories([bridged, there]).whole()
    assert (story.first.decided_us, story.first.waited_us) == (at(30), 30_000_000)
