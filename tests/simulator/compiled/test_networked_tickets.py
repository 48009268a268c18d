"""A waiting call's entry is told in reports, once it differs, until it is acknowledged."""

from __future__ import annotations

from sim_entries import entry, queued_bench

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_heap import take_call
from simulator.compiled.networked_marks import mark_call
from simulator.compiled.networked_tickets import (
    ENTRY,
    GONE,
    begin_entry,
    end_entry,
    note_tickets,
    put_tickets,
)
from simulator.compiled.networked_wire import take


def test_an_entry_is_told_with_its_wait_and_then_that_it_is_gone() -> None:
    world = queued_bench().world
    ticket, call = entry(world, number=7), take_call(world)
    world.calls[call, n.C_AT_SITE] = n.WAITING
    world.calls[call, n.C_LOOK] = -1
    mark_call(world, call, 1)
    begin_entry(world, call, ticket)
    begin_entry(world, call, ticket)
    assert note_tickets(world, 0, 10)
    world.ticket_times[ticket, n.KF_OFFERED] = 1000.0
    put_tickets(world, 0, 1004.0, False)
    assert [take(world, 0) for _ in range(6)] == [ENTRY, ticket, 1.0, 4.0, 0.0, 0.0]
    assert not note_tickets(world, 0, 11), "nothing has changed"
    before = int(world.g[n.G_HEAP])
    end_entry(world, call)
    assert world.g[n.G_HEAP] == before + 1, "the leader is told"
    assert note_tickets(world, 0, 12)
    world.sites[0, n.S_TAIL] = world.sites[0, n.S_HEAD]
    put_tickets(world, 0, 1005.0, False)
    assert [take(world, 0) for _ in range(3)] == [GONE, ticket, 1.0]


def test_the_entry_of_a_call_that_is_being_moved_ends_without_a_word() -> None:
    world = queued_bench().world
    ticket, call = entry(world), take_call(world)
    world.calls[call, n.C_AT_SITE] = n.WAITING
    begin_entry(world, call, ticket)
    world.calls[call, n.C_AT_SITE] = n.MOVING
    before = int(world.g[n.G_HEAP])
    end_entry(world, call)
    assert (world.g[n.G_HEAP], world.tickets[ticket, n.K_CALL]) == (before, n.NONE)
