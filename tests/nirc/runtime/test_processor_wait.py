"""What the kernel counts of a thread becomes a share of its time."""

from pathlib import Path

from nirc.runtime.processor_wait import ProcessorWait


def test_the_share_is_of_the_time_since_the_last_look(tmp_path: Path) -> None:
    file = tmp_path / "schedstat"
    file.write_text("5000 1000000000 7\n")
    wait = ProcessorWait(100.0, file)
    file.write_text("9000 1750000000 9\n")
    assert wait.share(101.0) == 0.75
    assert wait.share(102.0) == 0.0
    file.write_text("9000 9750000000 9\n")
    assert wait.share(104.0) == 1.0, "the kernel counts to the end of a wait, not to ours"
    assert wait.share(104.0) == 0.0


def test_a_kernel_that_does_not_count_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "none"
    wait = ProcessorWait(100.0, file)
    assert wait.share(101.0) == 0.0
    file.write_text("no numbers\n")
    assert wait.share(102.0) == 0.0


def test_this_kernel_is_read() -> None:
    assert 0.0 <= ProcessorWait(0.0).share(1e9) <= 1.0
