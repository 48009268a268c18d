"""The four machines are complete, and their ends are ends."""

import pytest

from site_agent.sip.settings import SipSettings
from site_agent.sip.transaction_tables import (
    MACHINES,
    TIMERS,
    Do,
    Machine,
    State,
    missing_pairs,
)

each_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)


@each_machine
def test_every_pair_of_state_and_sign_is_listed(machine: Machine) -> None:
    assert missing_pairs(machine) == []
    assert len(machine.moves) == len(machine.states) * len(machine.signs)


@each_machine
def test_moves_lead_to_states_of_the_machine(machine: Machine) -> None:
    for move in machine.moves.values():
        assert move is None or move[0] in machine.states


@each_machine
def test_what_has_ended_does_nothing_more(machine: Machine) -> None:
    for sign in machine.signs:
        assert machine.moves[State.TERMINATED, sign] == (State.TERMINATED, ())


@each_machine
def test_the_end_is_reached_with_its_timers_stopped(machine: Machine) -> None:
    for (state, _), move in machine.moves.items():
        if move is not None and move[0] is State.TERMINATED and state is not State.TERMINATED:
            assert {Do.STOP, Do.END} <= set(move[1])


def test_timers_of_table_4() -> None:
    settings = SipSettings()
    seconds = {
        do.name[-1]: getattr(settings, rule.setting) * rule.factor for do, rule in TIMERS.items()
    }
    assert seconds == {
        "A": 0.5, "B": 32, "D": 32, "E": 0.5, "F": 32, "G": 0.5, "H": 32, "I": 5, "J": 32, "K": 5,
        "L": 32, "M": 32,
    }  # fmt: skip
    over_tcp = {do.name[-1]: rule.over_tcp for do, rule in TIMERS.items()}
    assert {name for name, kind in over_tcp.items() if kind == "none"} == set("AEG")
    assert {name for name, kind in over_tcp.items() if kind == "zero"} == set("DIJK")
