"""S13 is broken by each of these."""

from history_lines import good_move

from simulator.checkers.bounds import REAL
from simulator.checkers.no_silence import check
from simulator.history import Line


def at(at_s: float, kind: str, site: str = "lisbon", **fields: object) -> Line:
    call = "c1" if site == "lisbon" else "c2"
    known = {"interaction": "i", "call": call}
    return Line(at_s=at_s, site=site, kind=kind, fields=known | fields)


OFFERED = at(1.0, "call_offered")
ANSWERED = at(2.0, "call_answered")
MOVED = at(10.0, "call_ended", released_by="moved")
ARRIVING = at(9.0, "call_arriving", "porto", token="T", verdict="accepted")


def test_a_good_history() -> None:
    assert check(good_move()) == []


def test_a_leg_is_silent() -> None:
    silent = [OFFERED, ANSWERED, at(3.0, "silence_begun")]
    assert check([*silent, at(5.0, "silence_ended")]) == []
    assert check([*silent, at(5.1, "silence_ended")])
    assert check([*silent, at(5.1, "silence_ended")], REAL) == []
    assert check([*silent, at(6.0, "call_ended", released_by="caller")])
    assert check([*silent, at(6.0, "tier", "porto", interaction="", tier=0)])


def test_the_origin_lets_go_of_a_caller_whom_the_target_has_not_answered() -> None:
    moved = [OFFERED, ANSWERED, ARRIVING, MOVED]
    assert check([*moved, at(11.0, "call_answered", "porto")]) == []
    assert check([*moved, at(13.0, "call_answered", "porto")])


def test_the_origin_holds_the_caller_until_the_target_has_answered() -> None:
    late = at(20.0, "call_arrived", "porto", token="T")
    ended = at(20.1, "call_ended", released_by="moved")
    assert check([OFFERED, ANSWERED, ARRIVING, late, ended]) == []


def test_an_arrival_by_a_bridge_that_was_given_up_answered_nobody() -> None:
    given_up = at(9.9, "call_ended", "porto", released_by="moved")
    rings = [OFFERED, ARRIVING, at(9.5, "call_arrived", "porto"), given_up]
    assert check([*rings, at(20.0, "call_ended", released_by="caller")]) == []
    sent_on = [at(12.0, "call_ended", released_by="redirected")]
    back = at(12.1, "call_arriving", "faro", token="U", verdict="accepted")
    assert check([*rings, *sent_on, back, at(19.0, "call_connected", "faro")]) == []


def test_who_was_not_answered_hears_ringing() -> None:
    assert check([OFFERED, at(60.0, "call_ended", released_by="caller")]) == []


def test_what_a_killed_process_could_not_play_counts_from_its_next_start() -> None:
    lines = [OFFERED, ANSWERED, at(3.0, "silence_begun")]
    lines.append(at(30.0, "site_started", interaction="", incarnation=2))
    assert check([*lines, at(31.0, "silence_ended")]) == []
    assert check([*lines, at(33.0, "silence_ended")])


def test_a_site_that_is_lost_takes_its_calls_with_it() -> None:
    loss = {"fault": "1", "effect": "site_lost", "sites": "porto", "interaction": ""}
    lost = [at(12.0, "fault_begun", "", **loss), at(13.0, "fault_ended", "", fault="1")]
    ended = at(12.0, "call_ended", "porto", released_by="caller")
    talks = [OFFERED, ANSWERED, ARRIVING, at(9.5, "call_arrived", "porto")]
    bridge = [*talks, at(9.6, "silence_begun"), lost[0], ended, lost[1]]
    assert check([*bridge, at(20.0, "call_ended", released_by="caller")]) == []


def test_a_leg_left_at_a_killed_process_is_no_silence_of_a_caller_who_is_gone() -> None:
    stop = {"fault": "1", "effect": "site_stopped", "sites": "porto", "interaction": ""}
    killed = at(9.2, "fault_begun", "", **stop)
    talked = [at(11.0, "call_arrived", "faro"), at(14.0, "call_ended", "faro", released_by="agent")]
    ended = at(14.0, "call_ended", released_by="moved")
    started = at(20.0, "site_started", "porto", interaction="", incarnation=2)
    over = at(20.0, "call_ended", "porto", released_by="caller")
    lines = [OFFERED, ARRIVING, killed, *talked, ended, at(20.0, "fault_ended", "", fault="1")]
    assert check([*lines, started, over]) == []
    waits = [OFFERED, ANSWERED, ARRIVING, MOVED]
    late = [killed, at(20.0, "fault_ended", "", fault="1"), started]
    assert check([*waits[:3], killed, MOVED, *late[1:], at(21.9, "call_answered", "porto")]) == []
    assert check([*waits[:3], killed, MOVED, *late[1:], at(22.1, "call_answered", "porto")])
