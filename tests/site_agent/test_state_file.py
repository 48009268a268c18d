"""What is kept over restarts is whole, and only grows."""

from pathlib import Path

import pytest

from nrcli.wire.messages import Epoch
from site_agent.errors import StartError
from site_agent.fence import Fence
from site_agent.state_file import StateFile

LOW, HIGH = Epoch(generation=1, revision=3), Epoch(generation=2, revision=1)


def test_incarnations_grow_whatever_the_wall_clock_says(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state.json"
    assert StateFile(path).begin(100) == 100
    assert StateFile(path).begin(50) == 101
    assert StateFile(path).begin(500) == 500


def test_epochs_and_table_come_back_and_epochs_never_fall(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    state = StateFile(path)
    state.begin(1)
    state.save_epoch("default", HIGH, "n1")
    state.save_epoch("default", LOW, "n2")
    state.save_site_table(4, "é".encode())
    again = StateFile(path)
    assert again.epochs == {"default": HIGH}
    assert again.claimed_by == {"default": "n1"}
    assert (again.site_table_revision, again.site_table) == (4, "é".encode())
    assert [p.name for p in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"incarnation": 1}', '{"incarnation": "x"}'])
def test_a_broken_file_is_refused_with_the_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(StartError, match="restore it"):
        StateFile(path)


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="cannot be written"):
        StateFile(tmp_path / "file" / "state.json").begin(1)


def test_who_may_not_act_any_more_writes_nothing(tmp_path: Path) -> None:
    fence = Fence(3)
    state = StateFile(tmp_path / "state.json", fence)
    state.begin(1)
    before = (tmp_path / "state.json").read_bytes()
    fence.drop()
    with pytest.raises(OSError, match="may not act"):
        state.save_epoch("default", Epoch(generation=9, revision=9), "n1")
    assert (tmp_path / "state.json").read_bytes() == before
