"""Finds tables and the policy by their addresses inside compiled code.

Rule of this file: imported by compiled loops alone, and by nobody where Numba is missing. A list of
addresses holds five whole numbers per table: its address, then its shape; tables are contiguous.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils, sigutils
from numba.extending import intrinsic
from numba.np import arrayobj

from simulator.compiled.policy_function import SIGNATURE

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


@intrinsic
def called(typingctx: Any, address: Any, *given: Any) -> Any:
    """Call the policy that stands at an address."""
    kinds, returned = sigutils.normalize_signature(SIGNATURE)
    if tuple(given) != kinds:
        return None

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        convention = context.call_conv
        kind = convention.get_function_type(returned, kinds)
        function = builder.inttoptr(args[0], kind.as_pointer())
        values = [builder.extract_value(args[1], i) for i in range(len(kinds))]
        status, result = convention.call_function(builder, function, returned, kinds, values)
        with cgutils.if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return result

    return returned(address, types.StarArgTuple(kinds)), codegen


@intrinsic
def lined(typingctx: Any, numbers: Any, lines: Any, columns: Any) -> Any:
    """The first numbers of a table of one dimension, as so many lines of so many."""
    kind = types.float64
    found = types.Array(kind, 2, "C")

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        given = make_array(signature.args[0])(context, builder, args[0])
        made = make_array(found)(context, builder)
        size = ir.Constant(ir.IntType(64), context.get_abi_sizeof(context.get_data_type(kind)))
        populate_array(
            made,
            data=given.data,
            shape=[args[1], args[2]],
            strides=[builder.mul(args[2], size), size],
            itemsize=size,
            meminfo=None,
        )
        return made._getvalue()

    return found(numbers, types.int64, types.int64), codegen
