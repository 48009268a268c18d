"""Receivers are told the difference between what they know and what stands: grouped, once."""

from typing import Any

from nirc.alarms.history import Row
from nirc.alarms.notices import LISTED_MAX, RETRY_S_MAX, Grouping, Notice, Receiver, Told
from nirc.alarms.silences import KeptSilence
from nrcli.wire.alarm_models import AlarmEvent, Severity

GROUPING = Grouping(wait_s=10.0, every_s=60.0)


class Play:
    """A receiver, and what happened so far."""

    def __init__(self, severity_at_least: Severity = "warning") -> None:
        self.receiver = Receiver(name="noc", severity_at_least=severity_at_least)
        self.rows: list[Row] = []
        self.silences: list[KeptSilence] = []

    def now(self, at_s: float, happened: str, code: str, **more: Any) -> None:
        number = len(self.rows) + 1
        said = {"id": f"e{number}", "place": "p", "node": "n1", "severity": "major"} | more
        said |= {"at_unix_s": at_s, "code": code, "happened": happened}
        self.rows.append(Row(AlarmEvent.model_validate(said), more.get("revision", number)))

    def due(self, at_s: float) -> Notice | None:
        return self.receiver.due(self.rows, self.silences, GROUPING, at_s, at_s)

    def sent(self, at_s: float) -> list[list[str]]:
        """What is told at this instant, and taken."""
        notice = self.due(at_s)
        if notice is None:
            return []
        self.receiver.sent(notice, GROUPING, at_s, at_s)
        return [
            [one.code for one in group] for group in (notice.raised, notice.cleared, notice.passed)
        ]


def test_a_storm_is_one_message() -> None:
    play = Play()
    for number in range(300):
        play.now(0.0, "raised", f"c{number}")
    assert play.due(0.0) is None and play.due(9.9) is None
    notice = play.due(10.0)
    assert notice is not None
    assert (len(notice.raised), notice.left_out_count, notice.count) == (LISTED_MAX, 200, 300)
    play.receiver.sent(notice, GROUPING, 10.0, 10.0)
    assert play.due(100.0) is None


def test_one_message_in_a_minute_at_most() -> None:
    play = Play()
    play.now(0.0, "raised", "a")
    play.due(0.0)
    assert play.sent(10.0) == [["a"], [], []]
    play.now(11.0, "raised", "b")
    play.now(12.0, "cleared", "a")
    play.due(12.0)
    assert play.sent(69.0) == []
    assert play.sent(70.0) == [["b"], ["a"], []]
    assert play.receiver.told.standing == (("b", "p"),)


def test_what_several_nodes_say_is_told_once_and_over_when_the_last_says_so() -> None:
    play = Play()
    for node in ("n1", "n2"):
        play.now(0.0, "raised", "site_down", node=node)
    play.due(0.0)
    assert play.sent(10.0) == [["site_down"], [], []]
    play.now(80.0, "cleared", "site_down", node="n1")
    assert play.due(80.0) is None and play.due(95.0) is None
    play.now(96.0, "cleared", "site_down", node="n2")
    play.due(96.0)
    assert play.sent(106.0) == [[], ["site_down"], []]


def test_a_failed_message_is_tried_again_ever_later_with_what_came_meanwhile() -> None:
    play, waits, at_s = Play(), [], 10.0
    play.now(0.0, "raised", "a")
    play.due(0.0)
    for _ in range(11):
        assert play.due(at_s) is not None
        assert play.due(at_s) is None  # one at a time
        play.receiver.failed("answered 503", at_s)
        waits.append(play.receiver.not_before_s - at_s)
        at_s = play.receiver.not_before_s
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0] and waits[-1] == RETRY_S_MAX
    assert play.receiver.problem == "answered 503"
    play.now(at_s, "raised", "b")
    assert play.sent(at_s) == [["a", "b"], [], []]
    assert (play.receiver.failures_count, play.receiver.problem) == (0, "")


def test_the_next_leader_tells_what_the_dead_one_did_not() -> None:
    play, later = Play(), Play()
    play.now(0.0, "raised", "a")
    play.due(0.0)
    play.sent(10.0)
    kept = play.receiver.told
    play.now(20.0, "raised", "b")
    play.due(80.0)
    first = play.due(90.0)  # and dies with it
    later.rows, later.receiver.told = play.rows, kept
    later.due(100.0)
    second = later.due(110.0)
    assert first is not None and second is not None
    assert [one.code for one in second.raised] == ["b"] and first.id == second.id


def test_what_was_over_before_it_could_be_told_is_told_as_such_once() -> None:
    play = Play()
    play.now(0.0, "raised", "a")
    play.now(5.0, "raised", "short")
    play.now(6.0, "cleared", "short")
    play.now(30.0, "cleared", "a")
    play.due(40.0)
    assert play.sent(50.0) == [[], [], ["a"]]
    assert play.due(200.0) is None
    fresh = Play()
    fresh.rows, fresh.receiver.told = play.rows, play.receiver.told
    assert fresh.due(300.0) is None


def test_what_is_not_in_etcd_yet_is_told_as_passed_once() -> None:
    play = Play()
    play.now(0.0, "raised", "a", revision=None)
    play.now(30.0, "cleared", "a", revision=None)
    play.due(40.0)
    assert play.sent(50.0) == [[], [], ["a"]]
    play.due(150.0)
    assert play.sent(200.0) == []


def test_grave_enough() -> None:
    play = Play("major")
    play.now(0.0, "raised", "a", severity="minor")
    play.now(0.0, "raised", "b", severity="critical")
    play.due(0.0)
    assert play.sent(10.0) == [["b"], [], []]
    play.now(80.0, "cleared", "a", severity="minor")
    assert play.due(80.0) is None and play.due(100.0) is None


def test_a_silence_keeps_back_and_what_still_stands_is_told_at_its_end() -> None:
    play = Play()
    said: dict[str, Any] = {"code": "a", "place": "*", "author": "x", "reason": "y", "id": "1"}
    play.silences = [KeptSilence(from_unix_s=0.0, until_unix_s=100.0, **said)]
    play.now(0.0, "raised", "a")
    play.now(0.0, "raised", "b")
    play.due(0.0)
    assert play.sent(10.0) == [["b"], [], []]
    assert play.sent(99.0) == []
    play.due(100.0)
    assert play.sent(110.0) == [["a"], [], []]
    play.silences = [KeptSilence(from_unix_s=0.0, until_unix_s=900.0, **said)]
    play.now(200.0, "cleared", "a")
    play.due(200.0)
    assert play.sent(210.0) == [[], ["a"], []]  # who was told that it stands is told that it ends


def test_what_the_history_has_forgotten_is_forgotten() -> None:
    play = Play()
    play.receiver.told = Told(standing=(("old", "p"),), revision=5)
    assert play.due(0.0) is None and play.receiver.told.standing == ()


def test_the_gravest_are_listed_first() -> None:
    play = Play()
    play.now(0.0, "raised", "late", severity="minor")
    play.now(1.0, "raised", "grave", severity="critical")
    play.due(0.0)
    assert play.sent(10.0)[0] == ["grave", "late"]
