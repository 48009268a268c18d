"""Options that commands share have one wording, with an example where one helps."""

from sim_commands import said


def test_they_are_told_alike() -> None:
    for command in ("run", "compare", "sweep", "capacity", "replay", "backtest", "plan"):
        text = " ".join(said(command, "--help").output.replace("│", " ").split())
        assert "--set PATH=VALUE" in text, command
        assert "One JSON object for programs." in text
        assert "Seed of all chance" in text
