"""The folder of a pair: one file for each fence, taken by one process alone."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from site_agent.core import pair_words as w
from site_agent.errors import StartError
from site_agent.journal_lines import Head, head_line
from site_agent.pair_folder import PairFolder
from site_agent.pair_processes import this_process

ME = this_process("a", "a1")
ELSEWHERE = replace(ME, name="b", life="b1", boot="another")


def folder_of(path: Path, who: w.Holder = ME) -> PairFolder:
    return PairFolder(path, who, path / "journal")


def record(fence: int, who: w.Holder | None = ME, beat: int = 0) -> w.LeaseRecord:
    return w.LeaseRecord(fence=fence, beat=beat, lease_s=3.0, holder=who)


def read(folder: PairFolder) -> w.LeaseRead:
    found = folder.do(w.ReadLease(beat=1))
    assert isinstance(found, w.LeaseRead), found
    return found


def test_taken_renewed_given_back_and_taken_by_the_other(tmp_path: Path) -> None:
    one, two = folder_of(tmp_path), folder_of(tmp_path, ELSEWHERE)
    assert read(one) == w.LeaseRead(record=None)
    taken = one.do(w.TakeLease(record=record(1)))
    assert isinstance(taken, w.LeaseWritten) and taken.sent_at_s > 0
    assert read(two).record == record(1)
    renewed = one.do(w.RenewLease(record=record(1, beat=1)))
    assert isinstance(renewed, w.LeaseWritten) and renewed.standbys == {"b": 1}
    one.do(w.RenewLease(record=record(1, None, 2)))
    assert read(two).record == record(1, None, 2)
    assert isinstance(two.do(w.TakeLease(record=record(2, ELSEWHERE))), w.LeaseWritten)
    assert one.do(w.RenewLease(record=record(1, beat=3))) == w.LeaseRefused(fence=2)
    assert one.do(w.TakeLease(record=record(2))) == w.LeaseRefused(fence=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lease.0000000002"]


def test_a_late_renewal_touches_no_other_lease(tmp_path: Path) -> None:
    """Stopped between looking and writing, a holder writes its own old file at the most."""
    one, two = folder_of(tmp_path), folder_of(tmp_path, ELSEWHERE)
    one.do(w.TakeLease(record=record(1)))
    real = one._write

    def stopped(path: Path, value: dict[str, object]) -> None:
        one._write = real  # type: ignore[method-assign]
        two.do(w.TakeLease(record=record(2, ELSEWHERE)))
        real(path, value)

    one._write = stopped  # type: ignore[method-assign]
    assert one.do(w.RenewLease(record=record(1, beat=1))) == w.LeaseRefused(fence=2)
    assert read(two).record == record(2, ELSEWHERE)


def test_of_many_who_take_at_once_one_has_it(tmp_path: Path) -> None:
    found: list[w.PairEvent] = []
    begin = threading.Barrier(8)

    def take(number: int) -> None:
        me = replace(ME, name=f"m{number}", life=f"m{number}")
        folder = folder_of(tmp_path, me)
        for fence in range(1, 21):
            begin.wait(10)
            found.append(folder.do(w.TakeLease(record=record(fence, me))))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fences = sorted(one.record.fence for one in found if isinstance(one, w.LeaseWritten))
    assert fences == list(range(1, 21))
    refused = {type(one) for one in found} - {w.LeaseWritten}
    assert refused == {w.LeaseRefused}


def test_the_process_beside_us_is_looked_up(tmp_path: Path) -> None:
    gone = replace(ME, name="b", life="b1", started=ME.started + 1)
    folder_of(tmp_path, gone).do(w.TakeLease(record=record(1, gone)))
    assert read(folder_of(tmp_path)).holder_gone
    folder_of(tmp_path, ME).do(w.TakeLease(record=record(2)))
    assert not read(folder_of(tmp_path)).holder_gone
    assert folder_of(tmp_path).do(w.EndHolder(holder=gone)) == w.HolderEnded()


def test_without_a_record_the_journal_says_above_what_to_begin(tmp_path: Path) -> None:
    head = Head(site="s", boot_id="b", unix_offset_s=1.0, fence=41)
    (tmp_path / "journal").write_bytes(head_line(head))
    assert read(folder_of(tmp_path)).floor == 41


@pytest.mark.parametrize("text", ["", "{", '{"fence": 1}', "[]"])
def test_a_record_that_a_power_cut_spoilt_belongs_to_nobody_known(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "lease.0000000007").write_text(text)
    found = read(folder_of(tmp_path)).record
    assert found is not None and found.fence == 7 and found.lease_s == 60.0
    assert found.holder is not None and not found.holder.is_beside(ME)


def test_other_files_and_spoilt_words_of_standbys_are_passed_over(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    folder.do(w.TakeLease(record=record(1)))
    for name in ("lease.x", "lease.0000000009.a.new", "standby.c", "standby.d.new"):
        (tmp_path / name).write_text("{")
    (tmp_path / "standby.e").write_text(json.dumps({"beat": 4}))
    renewed = folder.do(w.RenewLease(record=record(1, beat=1)))
    assert isinstance(renewed, w.LeaseWritten) and renewed.standbys == {"e": 4}


def test_a_folder_that_goes_away_is_told_and_one_that_is_not_there_refused(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="mount its disk"):
        folder_of(tmp_path / "none")
    (tmp_path / "f").mkdir()
    folder = folder_of(tmp_path / "f")
    folder.do(w.TakeLease(record=record(1)))
    (tmp_path / "f").rename(tmp_path / "g")
    for job in (w.ReadLease(beat=1), w.RenewLease(record=record(1)), w.TakeLease(record=record(2))):
        assert isinstance(folder.do(job), w.FolderFailed)
    (tmp_path / "f").mkdir()
    assert isinstance(folder.do(w.RenewLease(record=record(1))), w.FolderFailed)
