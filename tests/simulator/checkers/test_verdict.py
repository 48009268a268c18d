"""A good history is good; every checker is asked."""

from history_lines import good_move, line

from simulator.checkers.verdict import CHECKERS, verdict


def test_a_good_history_is_good() -> None:
    result = verdict(good_move())
    assert result.good and set(result.counts) == set(CHECKERS)
    assert (result.calls_count, result.moves) == (1, {"arrived": 1, "arrived.refer": 1})
    assert (result.data_intact_count, result.sites) == (1, ("lisbon", "porto"))


def test_each_kind_of_harm_is_counted_under_its_name() -> None:
    lines = [*good_move(), line("agent_call", agent="x", call="c9", interaction="j")]
    result = verdict(lines)
    assert not result.good and result.counts["S10"] == 1


def test_what_no_line_speaks_of_is_not_judged() -> None:
    result = verdict([line("call_ended", call="c", interaction="i", released_by="caller")])
    assert result.good and set(result.looked_at.values()) == {0}
    assert verdict(good_move()).looked_at["S2"] == 1


def test_a_history_that_was_broken_off_is_judged_without_its_end() -> None:
    lines = [line("call_offered", call="c", interaction="i", queue="q")]
    assert not verdict(lines).good
    result = verdict(lines, broken_off=True)
    assert result.good and result.looked_at["S10"] == 0
