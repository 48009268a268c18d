"""Schemas for editors, without a cluster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from nrcli.commands.schema import schema
from routing_policies.kinds import KINDS


def test_one_kind_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    schema("Calendar", None)
    assert json.loads(capsys.readouterr().out)["title"] == "Calendar"


def test_all_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema("any", tmp_path / "schemas")
    names = {path.name for path in (tmp_path / "schemas").iterdir()}
    assert names == {f"{kind}.schema.json" for kind in (*KINDS, "any")}
    assert "written to" in capsys.readouterr().out


def test_what_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    for kind, folder in (("Calender", None), ("any", tmp_path / "file")):
        with pytest.raises(typer.Exit) as caught:
            schema(kind, folder)
        assert caught.value.exit_code == 2
    said = capsys.readouterr().err
    assert "did you mean Calendar?" in said and "cannot be written" in said
