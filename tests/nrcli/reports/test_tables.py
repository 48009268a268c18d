from report_facts import at, quarters

from nrcli.reports.places import By
from nrcli.reports.tables import Table

HERE = ("lisbon",)


def table() -> Table:
    return Table(by=By.SITE, periods=quarters())


def test_what_lies_outside_counts_nowhere() -> None:
    made = table()
    made.add(HERE, at(-1), "offered")
    made.add(HERE, at(3600), "offered")
    made.add(None, at(10), "offered")
    assert made.cells == {}


def test_time_counts_in_every_interval_that_it_touches() -> None:
    made = table()
    made.spend(HERE, at(890), at(910), "busy_us", "signed_in_us")
    assert [made.cells[HERE, index]["busy_us"] for index in (0, 1)] == [10_000_000, 10_000_000]
    assert made.whole(HERE)["signed_in_us"] == 20_000_000


def test_who_waits_at_an_edge_is_there_at_an_end_and_at_a_beginning() -> None:
    made = table()
    made.stand(HERE, at(800), at(1900))
    levels = [
        (made.cells[HERE, i]["waiting_first"], made.cells[HERE, i]["waiting_last"])
        for i in range(3)
    ]
    assert levels == [(0, 1), (1, 1), (1, 0)]


def test_who_waits_before_the_first_and_after_the_last_interval_is_seen_at_both() -> None:
    made = table()
    made.stand(HERE, at(-5), at(9999))
    whole = made.whole(HERE)
    assert (whole["waiting_first"], whole["waiting_last"]) == (1, 1)
