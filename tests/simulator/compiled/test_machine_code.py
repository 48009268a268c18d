"""Compiled functions are kept as machine code and found again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.compiled.machine_code import OPTIONS, address_of, function_at, keep, place_of
from simulator.errors import StudyError

numba = pytest.importorskip("numba")


def compiled(function: Callable[..., Any]) -> Any:
    whole = numba.types.int64
    signature = whole(numba.types.Array(whole, 1, "C"), whole)
    return numba.njit(signature, error_model="numpy", **OPTIONS)(function)


def weighed(numbers: Any, factor: int) -> int:
    total = 0
    for number in numbers:
        total += number * factor
    numbers[0] = total
    return total


FOUND = """
import sys
from pathlib import Path
import numpy as np
from simulator.compiled.machine_code import address_of, function_at
numbers = np.array([1, 2, 39])
assert function_at(address_of(Path(sys.argv[1])))(numbers, 10) == 420
assert numbers[0] == 420
assert "numba" not in sys.modules
"""


def test_what_is_kept_is_found_by_another_process_that_has_no_compiler(tmp_path: Path) -> None:
    path = place_of("weighed", tmp_path)
    keep(compiled(weighed), path)
    assert list(tmp_path.iterdir()) == [path]
    subprocess.run([sys.executable, "-c", FOUND, str(path)], check=True)
    numbers = np.array([1, 2, 3])
    assert function_at(address_of(path))(numbers, 2) == 12


def test_what_is_damaged_is_deleted_and_not_run(tmp_path: Path) -> None:
    path = place_of("damaged", tmp_path)
    keep(compiled(weighed), path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StudyError, match="was damaged, and is deleted; run it again"):
        address_of(path)
    assert not path.exists()


def test_what_needs_the_compilers_library_is_not_kept(tmp_path: Path) -> None:
    def shaped(numbers: Any, lines: int) -> int:
        return numbers.reshape((lines, len(numbers) // lines))[0, 0]

    path = place_of("shaped", tmp_path)
    with pytest.raises(StudyError, match="compiled code calls numba_"):
        keep(compiled(shaped), path)
    assert not path.exists()
