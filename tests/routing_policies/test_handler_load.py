"""Who is at a handler is reckoned: for its time, or until it is known that they never came."""

from routing_policies.handler_load import HandlerLoad


def test_callers_count_for_their_time_and_once() -> None:
    load = HandlerLoad()
    assert load.count("mail", 0.0) == 0
    load.put("mail", "a", 60.0)
    load.put("mail", "b", 61.0)
    load.put("mail", "a", 62.0)
    assert load.count("mail", 60.5) == 2
    assert load.count("mail", 61.0) == 1
    load.drop("mail", "a")
    load.drop("other", "a")
    assert load.count("mail", 61.0) == 0


def test_one_that_failed_rests() -> None:
    load = HandlerLoad()
    load.rest("mail", 10.0)
    assert load.resting("mail", 9.9)
    assert not load.resting("mail", 10.0) and not load.resting("other", 0.0)
