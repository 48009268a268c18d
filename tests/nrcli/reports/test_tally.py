from nrcli.reports.tally import COLUMNS, Tally, joined


def tally(**values: int) -> Tally:
    made = Tally()
    for name, value in values.items():
        made.add(name, value)
    return made


def test_each_column_is_joined_in_its_own_way() -> None:
    first = tally(offered=3, wait_max_us=9, waiting_first=1, waiting_last=2)
    second = tally(offered=4, wait_max_us=7, waiting_first=2, waiting_last=5)
    told = {name: value for name, value in joined([first, second]).told().items() if value}
    assert told == {"offered": 7, "wait_max_us": 9, "waiting_first": 1, "waiting_last": 5}


def test_of_nothing_there_is_nothing() -> None:
    assert joined([]) == Tally()


def test_the_largest_is_kept() -> None:
    made = tally(wait_max_us=3)
    made.most("wait_max_us", 2)
    assert made["wait_max_us"] == 3


def test_a_name_stands_for_one_column() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)
