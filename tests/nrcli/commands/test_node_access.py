"""Reaching a node from the command line: errors are one plain line and a code."""

from pathlib import Path

import pytest
import typer

from nrcli.commands.node_access import NodeAccess
from nrcli.errors import SettingsError


def access(token_file: Path | None, url: str = "http://127.0.0.1:1") -> NodeAccess:
    return NodeAccess(url=url, token_file=token_file, ca=None, as_json=False)


def test_tokens(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    token_file.write_text("abc\n")
    assert access(token_file).token() == "abc"
    with pytest.raises(SettingsError, match="NRCLI_TOKEN_FILE"):
        access(None).token()
    with pytest.raises(SettingsError, match="cannot be read"):
        access(tmp_path / "absent").token()


def test_a_node_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    token_file = tmp_path / "token"
    token_file.write_text("abc")
    with pytest.raises(typer.Exit) as caught:
        access(token_file).ask(lambda node: node.status())
    said = capsys.readouterr().err
    assert caught.value.exit_code == 3 and said.startswith("nrcli: cannot reach http://127.0.0.1:1")
    with pytest.raises(typer.Exit) as caught:
        access(None).ask(lambda node: node.status())
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("text", ["", "two\nlines\n", "\u00e9"])
def test_a_file_that_holds_no_token(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    token_file = tmp_path / "token"
    token_file.write_text(text, encoding="utf-8")
    with pytest.raises(typer.Exit) as caught:
        access(token_file).ask(lambda node: node.status())
    assert caught.value.exit_code == 2 and "holds no token" in capsys.readouterr().err
