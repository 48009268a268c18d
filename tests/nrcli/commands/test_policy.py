"""`nrcli policy`: every command is there and says what it is for."""

import pytest
from typer.testing import CliRunner

from nrcli.commands.main import app

FILES = ("check", "test", "lint", "diff", "schema")
NODE = (
    *("list", "show", "history", "publish", "rollback", "shadow", "canary", "promote", "stop"),
    *("schedule", "explain"),
)


def test_the_commands_are_listed_by_what_they_need() -> None:
    said = CliRunner().invoke(app, ["policy", "--help"]).stdout
    assert said.index("Files alone") < said.index("With a node")
    assert all(f" {name} " in said for name in (*FILES, *NODE))


@pytest.mark.parametrize("name", [*FILES, *NODE])
def test_every_command_says_what_it_is_for(name: str) -> None:
    said = CliRunner().invoke(app, ["policy", name, "--help"])
    assert said.exit_code == 0 and "Rule of this file" not in said.stdout
    assert "Usage:" in said.stdout and len(said.stdout.splitlines()) > 5
