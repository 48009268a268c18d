"""Passwords of agents in a file of their own."""

from pathlib import Path

import pytest

from site_agent.errors import ConfigError
from site_agent.password_file import read_passwords


def test_names_and_passwords(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.write_text("# phones\n\nanna:s:e cret\nbert : x\n")
    assert read_passwords(file) == {"anna": "s:e cret", "bert": " x"}


@pytest.mark.parametrize("text", ["anna\n", "anna:\n", ":hush\n"])
def test_a_bad_line_is_named_and_not_shown(tmp_path: Path, text: str) -> None:
    file = tmp_path / "passwords"
    file.write_text("bert:x\n" + text)
    with pytest.raises(ConfigError, match=r"passwords:2") as caught:
        read_passwords(file)
    assert "hush" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        read_passwords(tmp_path / "none")
