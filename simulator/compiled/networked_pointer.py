"""Finds tables by their addresses inside compiled code.

Rule of this file: imported by compiled loops alone, and by nobody where Numba is missing. A list of
addresses holds five whole numbers per table: its address, then its shape; tables are contiguous.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic
from numba.np import arrayobj

make_array: Any = arrayobj.make_array
populate_array: Any = arrayobj.populate_array


def _table(kind: Any, dimensions: int) -> Any:
    """An intrinsic: (list of addresses, place in it) -> the table that stands there."""

    @intrinsic
    def table(typingctx: Any, addresses: Any, place: Any) -> Any:
        found = types.Array(kind, dimensions, "C")

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            given = make_array(signature.args[0])(context, builder, args[0])
            whole = ir.IntType(64)
            numbers = []
            for step in range(dimensions + 1):
                at = builder.add(args[1], ir.Constant(whole, step))
                numbers.append(builder.load(builder.gep(given.data, [at])))
            made = make_array(found)(context, builder)
            size = context.get_abi_sizeof(context.get_data_type(kind))
            strides = [ir.Constant(whole, size)]
            for length in reversed(numbers[2:]):
                strides.insert(0, builder.mul(strides[0], length))
            populate_array(
                made,
                data=builder.inttoptr(numbers[0], made.data.type),
                shape=numbers[1:],
                strides=strides,
                itemsize=ir.Constant(whole, size),
                meminfo=None,
            )
            return made._getvalue()

        return found(addresses, types.int64), codegen

    return table


whole1 = _table(types.int64, 1)
whole2 = _table(types.int64, 2)
whole3 = _table(types.int64, 3)
real1 = _table(types.float64, 1)
real2 = _table(types.float64, 2)
real4 = _table(types.float64, 4)
