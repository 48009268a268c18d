"""The meanings of exit codes are told in the help."""

from simulator.commands.exit_codes import ANSWER_NO, HELP, MISTAKE, OK, STOPPED


def test_every_code_is_told() -> None:
    assert (OK, ANSWER_NO, MISTAKE, STOPPED) == (0, 1, 2, 3)
    assert all(f" {code} " in HELP for code in (OK, ANSWER_NO, MISTAKE, STOPPED))
