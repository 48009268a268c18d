from report_facts import at, moved, spell, stay

from nrcli.reports.facts import End, Facts


def test_two_parts_of_the_records_are_joined() -> None:
    one, other = stay(End.ANSWERED), stay(End.ABANDONED)
    joined = Facts(stays=(one,)) + Facts(stays=(other,), spells=(spell("ready", 0, 1),))
    assert joined.stays == (one, other)
    assert len(joined.spells) == 1


def test_a_move_does_not_begin_the_wait_anew() -> None:
    _, there = moved(10, 40, End.ANSWERED, 55)
    assert there.waited_us == 45_000_000
    assert there.entered_us == at(10)
