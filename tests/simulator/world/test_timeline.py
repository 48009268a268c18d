"""Happenings come in the order that both engines keep."""

from simulator.model.instants import START_S, US
from simulator.world.timeline import CALL, END_OF_WORK, REPLY, REPORT, TIMER, Timeline, Timers


def test_kinds_then_numbers_then_the_order_made() -> None:
    timeline, order = Timeline(), []
    for kind, number, agent in (
        (TIMER, -1, -1),
        (CALL, 7, -1),
        (CALL, 3, -1),
        (REPLY, -1, -1),
        (REPORT, -1, -1),
        (END_OF_WORK, 5, 2),
        (END_OF_WORK, 5, 1),
    ):
        timeline.at(10, kind, order.append, (kind, number, agent), number=number, agent=agent)
    timeline.at(9, TIMER, order.append, "first")
    timeline.at(11, END_OF_WORK, order.append, "outside")
    timeline.run(11)
    assert order == [
        "first",
        (END_OF_WORK, 5, 1),
        (END_OF_WORK, 5, 2),
        (REPORT, -1, -1),
        (REPLY, -1, -1),
        (CALL, 3, -1),
        (CALL, 7, -1),
        (TIMER, -1, -1),
    ]
    assert timeline.now_us == 11
    assert timeline.next_us() == 11


def test_soon_is_within_the_instant_and_first_before_soon() -> None:
    timeline, order = Timeline(), []

    def act(what: str) -> None:
        order.append(what)
        if what == "call":
            timeline.soon(act, "question")
            timeline.first(act, "report")

    timeline.at(5, CALL, act, "call", number=1)
    timeline.at(5, TIMER, act, "timer")
    timeline.run(6)
    assert order == ["call", "report", "question", "timer"]


def test_a_timer_reaches_what_it_was_started_for() -> None:
    timeline, fired = Timeline(), []
    timers = Timers(timeline, lambda name, now_s: fired.append((name, now_s, timeline.now_us)))
    for step in range(200):
        at_s = START_S + step * 0.1 + 0.1
        timers.start(f"t{step}", at_s)
    timeline.run(30 * US)
    assert len(fired) == 200
    for step, (_, now_s, now_us) in enumerate(fired):
        assert now_s >= START_S + step * 0.1 + 0.1
        assert now_us == (step + 1) * 100_000


def test_a_second_start_moves_and_a_stop_forgets() -> None:
    timeline, fired = Timeline(), []
    timers = Timers(timeline, lambda name, now_s: fired.append(name))
    timers.start("moved", START_S + 1)
    timers.start("moved", START_S + 2)
    timers.start("stopped", START_S + 1)
    timers.stop("stopped")
    timeline.run(int(1.5 * US))
    assert fired == []
    timers.start("all", START_S + 3)
    timeline.run(int(2.5 * US))
    assert fired == ["moved"]
    timers.stop_all()
    timeline.run(4 * US)
    assert fired == ["moved"]
