import pytest
from report_facts import at, counts, figures, moved, stay

from nrcli.reports.facts import End, Facts
from nrcli.reports.repeat_calls import DAY_US, RepeatRules, is_number

ANI = "+351912345678"
RULES = RepeatRules(within_us=1000 * 1_000_000, known_until_us=at(3000))


def test_who_calls_the_same_service_again_was_not_helped() -> None:
    stays = (
        stay(End.ANSWERED, 0, 10, ani=ANI),
        stay(End.ABANDONED, 900, 10, ani=ANI),
        stay(End.ANSWERED, 1950, 10, ani=ANI),
        stay(End.ANSWERED, 0, 10, ani="+351910000000"),
    )
    (found,) = counts(Facts(stays=stays), repeats=RULES).values()
    assert (found["contacts_judged"], found["contacts_repeated"]) == (3, 1)
    assert figures(Facts(stays=stays), repeats=RULES)["first_contact_proxy"] == pytest.approx(2 / 3)


def test_a_contact_is_judged_when_its_days_are_over() -> None:
    facts = Facts(stays=(stay(End.ANSWERED, 2001, 10, ani=ANI),))
    assert figures(facts, repeats=RULES)["first_contact_proxy"] is None


def test_another_service_is_another_matter() -> None:
    stays = (stay(End.ANSWERED, 0, 10, ani=ANI), stay(End.ANSWERED, 500, ani=ANI, service="help"))
    assert figures(Facts(stays=stays), repeats=RULES)["first_contact_proxy"] == 1.0


def test_a_moved_call_is_no_repeat_of_itself() -> None:
    out, there = moved(0, 30, End.ANSWERED, 40, ani=ANI)
    out = out.__class__(**{name: getattr(out, name) for name in out.__slots__} | {"ani": ANI})
    found = figures(Facts(stays=(out, there)), place=("porto",), repeats=RULES)
    assert found["first_contact_proxy"] == 1.0


@pytest.mark.parametrize("ani", ["", "anonymous", "+35191.......", "11"])
def test_a_number_that_tells_nobody_from_another_is_not_counted(ani: str) -> None:
    assert not is_number(ani)
    facts = Facts(stays=(stay(End.ANSWERED, 0, 10, ani=ani),))
    assert figures(facts, repeats=RULES)["first_contact_proxy"] is None


def test_a_week_is_the_time_unless_said() -> None:
    assert RepeatRules(known_until_us=0).within_us == 7 * DAY_US
