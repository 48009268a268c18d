"""One try: its rank, its rings, its line."""

from sim_world import try_of

from simulator.model.outcomes import OUTCOME_TYPE


def test_rings_multiply_their_shares() -> None:
    made = try_of(1, ring_luck=0.3)
    assert made.rings_out(0.5)
    assert not made.rings_out(0.5)
    assert not try_of(1, ring_luck=0.0).rings_out(0.0)


def test_rank_counts_the_head_start() -> None:
    assert try_of(4, 100, ahead_us=30).rank(2) == (-2, 70, 4)


def test_legs_are_named_by_number_and_attempt() -> None:
    made = try_of(4)
    assert made.interaction_id == "4.0"
    assert [made.new_leg(0, 0).call_id for _ in range(2)] == ["4.0.0", "4.0.1"]


def test_a_line_has_every_column() -> None:
    assert len(try_of(4).line()) == len(OUTCOME_TYPE.names)
