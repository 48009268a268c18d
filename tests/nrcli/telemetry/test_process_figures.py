"""What the kernel tells of this process."""

from pathlib import Path

from nrcli.telemetry.process_figures import process_families


def figures(own: Path | None = None) -> dict[str, float]:
    found = process_families(own) if own else process_families()
    return {one.name: one.points[0][1] for one in found}


def test_this_process() -> None:
    found = figures()
    assert found["process_cpu_seconds_total"] > 0
    assert 5e6 < found["process_resident_memory_bytes"] < 1e11
    assert 0 < found["process_open_fds"] <= found["process_max_fds"]


def test_what_the_kernel_does_not_tell_is_left_out(tmp_path: Path) -> None:
    found = figures(tmp_path)
    assert "process_open_fds" not in found and "process_resident_memory_bytes" not in found
    assert "process_cpu_seconds_total" in found
