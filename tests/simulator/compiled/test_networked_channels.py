"""Channels that moves will need where their calls are."""

from __future__ import annotations

from sim_networked import begun

from routing_policies import reasons
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_channels import (
    channels_left,
    drop_at_home,
    expect_at_home,
    hear_channels,
    home_swept,
    told_at_home,
)
from simulator.compiled.networked_choice import barred
from simulator.compiled.networked_heap import take_deal, take_request


def _asked() -> tuple[n.World, int, int]:
    """(world, deal, trunk group): two channels are needed at home, five are free there."""
    world = begun((1, 1)).world
    entry = int(world.way_sets[0, 0, 0])
    world.ways[entry, n.W_AT_HOME] = 2
    hear_channels(world, 0, 5)
    deal = take_deal(world)
    world.deals[deal, n.D_ENTRY] = entry
    expect_at_home(world, deal, 0)
    return world, deal, 0


def test_a_way_without_enough_channels_at_home_is_barred() -> None:
    world, _, trunk = _asked()
    request, entry = take_request(world), int(world.way_sets[0, 0, 0])
    assert barred(world, request, entry) == 0
    hear_channels(world, trunk, 3)
    assert barred(world, request, entry) == reasons.NO_CHANNEL


def test_who_asked_in_vain_gives_back_at_once_and_once() -> None:
    world, deal, trunk = _asked()
    assert channels_left(world, trunk) == 3
    drop_at_home(world, deal)
    drop_at_home(world, deal)
    assert channels_left(world, trunk) == 5


def test_another_number_counts_the_moves_told_before() -> None:
    world, deal, trunk = _asked()
    hear_channels(world, trunk, 4)
    assert channels_left(world, trunk) == 2  # nobody was told yet
    told_at_home(world, deal)
    hear_channels(world, trunk, 4)
    assert channels_left(world, trunk) == 2
    hear_channels(world, trunk, 2)
    assert channels_left(world, trunk) == 2
    home_swept(world, deal)
    assert channels_left(world, trunk) == 2


def test_what_no_report_counts_runs_out() -> None:
    world, deal, trunk = _asked()
    told_at_home(world, deal)
    home_swept(world, deal)
    assert channels_left(world, trunk) == 5
    hear_channels(world, trunk, 1)
    assert channels_left(world, trunk) == 1
