"""The token is new at every start and readable by its owner only."""

from pathlib import Path

import pytest

from nirc.errors import SettingsError
from nirc.links.admin_token import make_token


def test_new_each_time_and_private(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "admin.token"
    first, second = make_token(path), make_token(path)
    assert first != second and path.read_text() == second + "\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["admin.token"]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        make_token(tmp_path / "file" / "admin.token")
