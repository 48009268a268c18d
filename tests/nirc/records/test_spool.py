"""Records on disk: in order, found again, bounded, and nothing lost uncounted."""

import os
from pathlib import Path

import pytest

from nirc.records.spool import Spool, SpoolSettings


def lines(first: int, count: int = 3) -> list[tuple[str, str]]:
    return [("legs", f'{{"n":{number}}}') for number in range(first, first + count)]


def all_of(spool: Spool) -> list[str]:
    found = []
    while not spool.is_empty:
        found += [text for _, text in spool.oldest()]
        spool.drop_oldest()
    return found


def test_what_was_put_comes_back_in_order_and_survives_a_restart(tmp_path: Path) -> None:
    settings = SpoolSettings(segment_bytes=20)
    spool = Spool(tmp_path / "s", settings)
    for first in (0, 3, 6):
        spool.put(lines(first))
    files = [path.stat().st_mode & 0o777 for path in (tmp_path / "s").iterdir()]
    assert files == [0o600] * 3 and (tmp_path / "s").stat().st_mode & 0o777 == 0o700
    again = Spool(tmp_path / "s", settings)
    again.put(lines(9))
    assert len(list((tmp_path / "s").iterdir())) == 4
    assert all_of(again) == [text for _, text in lines(0, 12)]
    assert again.is_empty and list((tmp_path / "s").iterdir()) == []


def test_a_line_that_a_kill_cut_off_is_left_out(tmp_path: Path) -> None:
    Spool(tmp_path, SpoolSettings()).put(lines(0, 2))
    (path,) = tmp_path.iterdir()
    os.truncate(path, path.stat().st_size - 3)
    assert all_of(Spool(tmp_path, SpoolSettings())) == ['{"n":0}']


def test_without_room_the_oldest_go_and_are_counted(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolSettings(bytes_max=100, segment_bytes=30))
    for first in range(0, 15, 3):
        spool.put(lines(first))
    assert spool.bytes_count <= 100 and spool.lost_count > 0
    assert "100 bytes are full" in spool.problem or not spool.problem
    kept = all_of(spool)
    assert kept == [text for _, text in lines(0, 15)][-len(kept) :]
    assert len(kept) + spool.lost_count == 15


def test_a_disk_that_refuses_loses_them_and_says_so(tmp_path: Path, monkeypatch) -> None:
    spool = Spool(tmp_path, SpoolSettings())
    spool.put(lines(0))

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    spool.put(lines(3))
    monkeypatch.undo()
    assert (spool.lost_count, spool.problem) == (3, f"{tmp_path}: No space left on device")
    spool.put(lines(6))
    assert spool.problem == ""
    assert all_of(spool) == [text for _, text in (*lines(0), *lines(6))]


def test_a_folder_that_cannot_be_made_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    spool = Spool(tmp_path / "file" / "s", SpoolSettings())
    spool.put(lines(0))
    assert spool.lost_count == 3 and "file" in spool.problem


@pytest.mark.parametrize("count", [1, 50])
def test_a_batch_larger_than_the_spool_is_lost(tmp_path: Path, count: int) -> None:
    spool = Spool(tmp_path, SpoolSettings(bytes_max=10))
    spool.put(lines(0, count))
    assert spool.lost_count == count and spool.is_empty
