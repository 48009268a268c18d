"""Beyond a bound is told; beyond ten times the bound fails, where the machine is a real one."""

from simulator.checkers.bounds import REAL, SIMULATED, Clocked, Late


def test_a_bound_is_hard_in_simulated_time() -> None:
    clocked = Clocked(SIMULATED)
    assert not clocked.fails("S13", 2.0, 2.0)
    assert clocked.fails("S13", 2.001, 2.0)
    assert clocked.late() == {}


def test_on_real_services_what_is_late_is_told_first() -> None:
    clocked = Clocked(REAL)
    assert not clocked.fails("S13", 1.9, 2.0)
    assert not clocked.fails("S13", 3.0, 2.0)
    assert not clocked.fails("S13", 9.0, 2.0)
    assert clocked.fails("S13", 20.1, 2.0)
    assert clocked.late() == {"S13": Late(count=2, worst_s=9.0)}
