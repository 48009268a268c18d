"""The fuzz runner: how its time is read, and that a finding is not overlooked."""

import importlib.util
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location(
    "fuzz_run", Path(__file__).resolve().parent / "run.py"
)
assert spec is not None
assert spec.loader is not None
fuzz = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fuzz)


@pytest.mark.parametrize(("text", "seconds"), [("60s", 60), ("10m", 600), ("2h", 7200), ("5", 5)])
def test_time_has_a_unit(text: str, seconds: float) -> None:
    assert fuzz.seconds_in(text) == seconds


def test_a_time_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(SystemExit, match="as in 60s"):
        fuzz.seconds_in("soon")


@pytest.mark.parametrize(("code", "clean"), [(0, True), (1, False)])
def test_the_end_of_a_script_says_whether_it_found_something(
    tmp_path: Path, code: int, clean: bool
) -> None:
    script = tmp_path / "fuzz_x.py"
    script.write_text(f"import sys; assert sys.argv[1:] == ['--seconds', '3']; sys.exit({code})")
    assert fuzz.run(script, 3.0) is clean
