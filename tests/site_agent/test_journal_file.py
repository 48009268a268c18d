"""The file says what stands, is written anew before it is large, and given up when it must."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from site_agent import journal_file
from site_agent.core.actions import JournalDrop, JournalPut
from site_agent.errors import StartError
from site_agent.fence import Fence
from site_agent.journal_file import JournalFenced, JournalFile, boot_id, fence_of
from site_agent.journal_lines import Head

HEAD = Head(site="lisbon", boot_id="b1", unix_offset_s=1000.0)


def put(key: str, **value: object) -> JournalPut:
    return JournalPut(kind="hold", key=key, value=dict(value))


def opened(path: Path, head: Head = HEAD, bytes_max: int = 10_000_000) -> JournalFile:
    file = JournalFile(path, head, bytes_max)
    file.read()
    file.start_anew()
    return file


def test_what_was_written_is_read_by_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal"
    file = opened(path)
    file.add(put("a", state="live"))
    file.add(put("b", state="live"))
    file.add(JournalDrop(kind="hold", key="b"))
    assert file.has_pending
    file.write()
    read = JournalFile(path, HEAD, 10_000_000).read()
    assert read.entries == (("hold", "a", {"state": "live"}),)
    assert (read.sure, read.shift_s, read.problem) == (True, 0.0, "")
    again = opened(path)
    again.add(put("c"))
    again.write()
    assert len(JournalFile(path, HEAD, 10_000_000).read().entries) == 2
    assert oct(path.stat().st_mode)[-3:] == "600"


def test_another_boot_moves_instants_and_nothing_is_sure(tmp_path: Path) -> None:
    opened(tmp_path / "j").close()
    head = Head(site="lisbon", boot_id="b2", unix_offset_s=1700.0)
    read = JournalFile(tmp_path / "j", head, 10_000_000).read()
    assert (read.sure, read.shift_s) == (False, -700.0)
    unknown = Head(site="lisbon", boot_id="unknown", unix_offset_s=1000.0)
    opened(tmp_path / "k", unknown).close()
    assert not JournalFile(tmp_path / "k", unknown, 10_000_000).read().sure


def test_damage_is_told_and_nothing_is_sure(tmp_path: Path) -> None:
    file = opened(tmp_path / "j")
    file.add(put("a", state="live"))
    file.add(put("b", state="live"))
    file.write()
    data = bytearray((tmp_path / "j").read_bytes())
    data[-40] ^= 4
    (tmp_path / "j").write_bytes(bytes(data))
    read = JournalFile(tmp_path / "j", HEAD, 10_000_000).read()
    assert not read.sure and "check this disk" in read.problem
    assert len(read.entries) == 1


def test_the_journal_of_another_site_is_refused(tmp_path: Path) -> None:
    opened(tmp_path / "j").close()
    other = Head(site="porto", boot_id="b1", unix_offset_s=0.0)
    with pytest.raises(StartError, match="is of site lisbon, not of porto"):
        JournalFile(tmp_path / "j", other, 10_000_000).read()
    (tmp_path / "k").mkdir()
    with pytest.raises(StartError, match="cannot be read"):
        JournalFile(tmp_path / "k", HEAD, 10_000_000).read()


def test_it_is_written_anew_while_more_is_appended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file, "ANEW_BYTES_MIN", 2000)
    file = opened(tmp_path / "j")
    for number in range(100):
        file.add(put("same", number=number))
    file.write()
    assert file.wants_anew()
    data = file.begin_anew()
    assert not file.wants_anew()
    file.add(put("meanwhile"))
    file.write()
    beside = file.write_beside(data)
    file.add(put("later"))
    file.write()
    file.take_place(beside, len(data))
    file.add(put("after"))
    file.write()
    keys = {key for _, key, _ in JournalFile(tmp_path / "j", HEAD, 10_000_000).read().entries}
    assert keys == {"same", "meanwhile", "later", "after"}
    assert (tmp_path / "j").stat().st_size < 1000 and file.anew_count == 2
    file.sync()


def test_a_file_that_is_too_large_or_given_up_is_gone(tmp_path: Path) -> None:
    file = opened(tmp_path / "j", bytes_max=300)
    file.add(put("a", text="x" * 400))
    with pytest.raises(OSError, match="larger than 300 bytes"):
        file.write()
    file.give_up()
    assert not file.works and not (tmp_path / "j").exists()
    file.add(put("b"))
    file.write()
    file.sync()
    assert not file.has_pending
    file.start_anew()
    assert len(JournalFile(tmp_path / "j", HEAD, 10_000_000).read().entries) == 2


def test_a_full_disk_is_an_error_that_the_gate_hears() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    file = JournalFile(Path("/dev/full"), HEAD, 10_000_000)
    file._file = os.open("/dev/full", os.O_WRONLY)
    file.add(put("a"))
    with pytest.raises(OSError):
        file.write()
    file.close()


def test_this_machine_has_a_boot_id(monkeypatch: pytest.MonkeyPatch) -> None:
    assert boot_id()
    monkeypatch.setattr(journal_file, "BOOT_ID_FILE", Path("/nowhere/boot_id"))
    assert boot_id() == "unknown"


def test_who_was_followed_writes_and_removes_nothing_any_more(tmp_path: Path) -> None:
    path = tmp_path / "j"
    old = JournalFile(path, HEAD, 10_000_000, Fence(3))
    old.read()
    old.start_anew()
    old.add(put("a", state="live"))
    old.write()
    new = JournalFile(path, HEAD, 10_000_000, Fence(4))
    assert len(new.read().entries) == 1
    new.start_anew()
    after = path.read_bytes()
    assert fence_of(path) == 4
    old.add(put("b", state="live"))
    old.write()
    data = old.begin_anew()
    with pytest.raises(JournalFenced):
        old.take_place(old.write_beside(data), len(data))
    old.give_up()
    assert path.read_bytes() == after
    with pytest.raises(StartError, match="fence 4, ours is 3: another site agent"):
        JournalFile(path, HEAD, 10_000_000, Fence(3)).read()


def test_a_process_whose_time_is_over_writes_nothing(tmp_path: Path) -> None:
    fence = Fence(3)
    file = JournalFile(tmp_path / "j", HEAD, 10_000_000, fence)
    file.read()
    file.start_anew()
    fence.drop()
    before = (tmp_path / "j").read_bytes()
    file.add(put("a"))
    with pytest.raises(JournalFenced):
        file.write()
    file.give_up()
    assert (tmp_path / "j").read_bytes() == before


def test_a_pair_that_is_one_again_carries_its_number_on(tmp_path: Path) -> None:
    path = tmp_path / "j"
    for fence in (Fence(3), Fence()):
        file = JournalFile(path, HEAD, 10_000_000, fence)
        assert file.read().problem == ""
        file.start_anew()
        file.close()
        assert fence_of(path) == 3
    assert fence_of(tmp_path / "none") == 0
    (tmp_path / "none").write_bytes(b"x")
    assert fence_of(tmp_path / "none") == 0
