from simulator.errors import (
    CallsError,
    NotModelledError,
    OverloadedError,
    SimulatorError,
    StudyError,
)


def test_errors_carry_fields_beside_their_text() -> None:
    wrong = CallsError("calls.csv:3", "wait_s is -1", "give seconds, 0 or more")
    assert str(wrong) == "calls.csv:3: wait_s is -1; give seconds, 0 or more"
    assert (wrong.place, wrong.remedy) == ("calls.csv:3", "give seconds, 0 or more")
    full = OverloadedError(120.0, "lisbon/sales", 5000)
    assert full.waiting_count == 5000
    assert "5000 calls wait in lisbon/sales at 120 s" in str(full)
    assert "use the world engine" in str(NotModelledError("compiled", "x", "use the world engine"))
    assert StudyError("no calls", "give some").remedy == "give some"
    assert all(isinstance(e, SimulatorError) for e in (wrong, full, StudyError("a", "b")))
