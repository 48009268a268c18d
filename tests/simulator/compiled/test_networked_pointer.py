"""Tables found by their addresses are the tables."""

from __future__ import annotations

import numpy as np
import pytest

numba = pytest.importorskip("numba")


def test_a_table_is_read_and_written_where_it_stands() -> None:
    from simulator.compiled.networked_pointer import real4, whole2

    @numba.njit(_nrt=False)
    def touch(w: np.ndarray) -> float:
        whole2(w, 0)[1, 2] = 7
        return real4(w, 5)[0, 1, 1, 0]

    table = np.zeros((3, 4), dtype=np.int64)
    deep = np.arange(8.0).reshape(1, 2, 2, 2)
    found = np.array([table.ctypes.data, 3, 4, 0, 0, deep.ctypes.data, *deep.shape])
    assert touch(found) == 6.0
    assert np.argwhere(table).tolist() == [[1, 2]]
