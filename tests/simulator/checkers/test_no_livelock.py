"""L3 is broken by each of these."""

from told_faults import at, broken, leaderless, leads, watched

from simulator.checkers.no_livelock import check
from simulator.history import Line

CUT = [*leads(1.0, "n1"), broken(5.0, "peers", nodes="n3")]


def ended(hows: list[str], site: str = "porto") -> list[Line]:
    return [
        at(20.0 + number, "request_ended", site, how=how, request=f"r{number}")
        for number, how in enumerate(hows)
    ]


def run(*after: Line, cut: list[Line] = CUT) -> str:
    return " ".join(wrong.text for wrong in check([*cut, *after, watched(65.0)]))


def test_callers_are_decided_about() -> None:
    assert run(*ended(["routed"] * 10)) == ""


def test_questions_fail() -> None:
    assert "6 of 10 questions failed" in run(*ended(["routed"] * 4 + ["failed"] * 6))
    assert run(*ended(["failed"] * 9)) == ""


def test_an_answer_that_could_not_be_carried_out_was_an_answer() -> None:
    lines = ended(["failed"] * 12)
    for line in lines:
        line.fields["why"] = "move"  # type: ignore[index]
    assert run(*lines) == ""


def test_leaders_follow_one_another() -> None:
    many = [line for i in range(9) for line in leads(20.0 + i, f"n{i % 2 + 1}", revision=6 + i)]
    assert "9 leaders" in run(*many)


def test_nobody_leads() -> None:
    assert "had a leader in 0%" in run(leaderless(6.0))


def test_a_site_that_is_cut_itself_and_a_lost_quorum_do_not_count() -> None:
    failed = ended(["failed"] * 20)
    site_cut = [*leads(1.0, "n1"), broken(5.0, "links", nodes="n1", sites="porto")]
    assert run(*failed, cut=site_cut) == ""
    assert run(*failed, cut=[*leads(1.0, "n1"), broken(5.0, "peers", nodes="n1,n2")]) == ""
