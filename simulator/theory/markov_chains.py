"""Stationary chances of a finite Markov chain on a grid.

Rule of this file: exact up to rounding, by a sparse factorisation; no iteration that could end
early. The remainder of the balance equations is checked.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_REMAINDER_MAX = 1e-9


class Rates:
    """Rates of transition between the points of a grid."""

    __slots__ = ("_columns", "_rows", "_values", "shape", "states")

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.states = np.indices(shape)
        "Coordinates of each point: states[d] has the grid's shape."
        self._rows: list[NDArray[np.int64]] = []
        self._columns: list[NDArray[np.int64]] = []
        self._values: list[Floats] = []

    def add(self, rate: NDArray[Any], step: tuple[int, ...]) -> None:
        """From each point with a rate above 0, to the point `step` away, which must exist."""
        values = np.asarray(rate, dtype=np.float64).ravel()
        number = np.arange(values.size).reshape(self.shape)
        target = tuple(axis + s for axis, s in zip(self.states, step, strict=True))
        inside = np.ones(self.shape, dtype=bool)
        for axis, size in zip(target, self.shape, strict=True):
            inside &= (axis >= 0) & (axis < size)
        going = (values > 0.0) & inside.ravel()
        to = np.zeros(self.shape, dtype=np.int64)
        to[inside] = number[tuple(axis[inside] for axis in target)]
        self._rows.append(number.ravel()[going])
        self._columns.append(to.ravel()[going])
        self._values.append(values[going])

    def generator(self) -> Any:
        """The transposed generator as a sparse matrix: columns add up to 0."""
        from scipy import sparse

        rows, columns = np.concatenate(self._rows), np.concatenate(self._columns)
        values = np.concatenate(self._values)
        size = int(np.prod(self.shape))
        moves = sparse.coo_matrix((values, (columns, rows)), shape=(size, size)).tocsc()
        leaving = np.asarray(moves.sum(axis=0)).ravel()
        return moves - sparse.diags(leaving, format="csc")


def stationary(rates: Rates) -> Floats:
    """Chance of each point in the long run; the chain must be irreducible from point 0.

    Raises ArithmeticError if the balance does not hold to 1e-9 of the largest rate.
    """
    from scipy.sparse.linalg import splu

    generator = rates.generator()
    size = generator.shape[0]
    # Fix the chance of point 0 at 1 and solve for the others: sparse, and well conditioned.
    inner = generator[1:, 1:].tocsc()
    right = -np.asarray(generator[1:, 0].todense()).ravel()
    chance = np.empty(size)
    chance[0] = 1.0
    chance[1:] = splu(inner, permc_spec="MMD_AT_PLUS_A").solve(right)
    chance /= chance.sum()
    remainder = float(np.abs(generator @ chance).max())
    if not remainder < _REMAINDER_MAX * float(np.abs(generator.diagonal()).max()):
        raise ArithmeticError(f"the balance equations are off by {remainder:g}")
    return np.maximum(chance, 0.0).reshape(rates.shape)
