"""Two processes never write one journal; the one that comes second is told by whom."""

import os
from pathlib import Path

import pytest

from site_agent.errors import StartError
from site_agent.journal_lock import JournalLock, JournalTaken, lock_of
from site_agent.pair_config import PairConfig


def test_the_second_is_told_who_writes_and_what_to_do(tmp_path: Path) -> None:
    first, second = JournalLock(tmp_path / "j"), JournalLock(tmp_path / "j")
    first.take()
    with pytest.raises(JournalTaken, match=rf"pid {os.getpid()}\); stop that one"):
        second.take()
    with pytest.raises(JournalTaken):
        lock_of(second, None)
    first.release()
    second.take()
    second.release()
    second.release()


def test_another_journal_is_another_lock(tmp_path: Path) -> None:
    JournalLock(tmp_path / "a").take()
    JournalLock(tmp_path / "b").take()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match=r"cannot be locked: .*; set journal\.file"):
        JournalLock(tmp_path / "file" / "j").take()


@pytest.mark.parametrize("hosts", ["one", "two"])
def test_of_two_machines_the_fence_counts_and_not_the_lock(hosts: str, tmp_path: Path) -> None:
    first, second = JournalLock(tmp_path / "j"), JournalLock(tmp_path / "j")
    first.take()
    pair = PairConfig.model_validate({"name": "b", "folder": tmp_path, "hosts": hosts})
    if hosts == "one":
        with pytest.raises(JournalTaken):
            lock_of(second, pair)
    else:
        lock_of(second, pair)
