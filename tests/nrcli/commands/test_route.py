"""`nrcli route`: nothing is asked without --dry-run. (Against a real node: test_policy_store.)"""

from pathlib import Path

from typer.testing import CliRunner

from nrcli.commands.main import app


def test_calls_are_moved_by_sites_alone() -> None:
    done = CliRunner().invoke(app, ["route", "--origin", "lisbon", "--service", "sales"])
    assert done.exit_code == 2 and "add --dry-run" in done.stderr


def test_a_broken_policy_is_shown_before_anything_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("kind: [")
    words = ["route", "--dry-run", "--origin", "lisbon", "--service", "sales", "--policy"]
    done = CliRunner().invoke(app, [*words, str(file)])
    assert done.exit_code == 5 and "broken.yaml:1" in done.stderr
