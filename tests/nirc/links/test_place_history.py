"""The last hours of places: intervals, growth of counts, and bounds."""

from nirc.links.place_history import KeptHistory, Look, Place

NETWORK, SITE, QUEUE = ("", ""), ("lisbon", ""), ("lisbon", "sales")


def kept(places_max: int = 10) -> KeptHistory:
    return KeptHistory(interval_s=900.0, intervals_max=3, places_max=places_max)


def looks(answered: int, *, waiting: int = 0, moved: int = 0) -> list[Look]:
    def look(place: Place, **more: int) -> Look:
        return Look(place=place, waiting=waiting, ready=1, busy=2, **more)

    return [
        look(NETWORK, moved_count=moved),
        look(SITE),
        look(QUEUE, answered_count=answered, abandoned_count=answered // 2),
    ]


def test_an_interval_has_the_most_and_the_mean() -> None:
    history = kept()
    for waiting, at_s in ((2, 900.0), (7, 910.0), (0, 1_799.0), (1, 1_800.0)):
        history.add(looks(0, waiting=waiting), at_s)
    assert history.begins() == (900.0, 1_800.0)
    told = history.of(QUEUE)
    assert told.waiting_max == (7, 1) and told.waiting_mean == (3.0, 1.0)
    assert told.ready_mean == (1, 1) and told.busy_mean == (2, 2)
    assert told.moved == (None, None), "of the network alone"


def test_growth_of_a_queue_is_its_sites_and_the_networks() -> None:
    history = kept()
    for answered, at_s in ((100, 0.0), (104, 10.0), (110, 900.0), (3, 910.0)):
        history.add(looks(answered, moved=answered), at_s)
    for place in (QUEUE, SITE, NETWORK):
        assert history.of(place).answered == (4, 9), "a count that fell was begun anew"
    assert history.of(QUEUE).abandoned == (2, 4)
    assert history.of(NETWORK).moved == (4, 9)


def test_a_site_that_is_gone_for_a_while_makes_no_calls() -> None:
    history = kept()
    history.add(looks(100), 0.0)
    history.add(looks(0)[:1], 10.0)
    history.add(looks(150), 900.0)
    assert history.of(NETWORK).answered == (0, 0)
    assert history.of(QUEUE).waiting_max == (0, 0)
    assert history.places() == [NETWORK, SITE, QUEUE]


def test_intervals_and_places_are_bounded() -> None:
    history = kept(places_max=2)
    for number in range(5):
        history.add(looks(number), number * 900.0)
    assert history.begins() == (1_800.0, 2_700.0, 3_600.0)
    assert history.places() == [NETWORK, SITE]
    history.add(looks(9), 0.0)
    assert history.begins() == (1_800.0, 2_700.0, 3_600.0), "a clock was set back"


def test_a_place_that_was_not_seen_has_nothing() -> None:
    history = kept()
    history.add(looks(1)[:2], 0.0)
    history.add(looks(1), 900.0)
    assert history.of(QUEUE).waiting_max == (None, 0)
