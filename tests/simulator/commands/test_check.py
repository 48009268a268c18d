"""`nirc-sim check` is tried with histories in tests/simulator/test_history.py; here its options."""

from typer.testing import CliRunner

from simulator.commands.main import app


def test_a_file_is_needed() -> None:
    found = CliRunner().invoke(app, ["check"])
    assert found.exit_code == 2
    assert "Missing argument" in found.output
