"""Writes, once at start, one encode and one decode function for each message of the link.

Rule of this file: it knows dataclasses and the *names* of protobuf fields, and no protobuf. The
functions are generated source, because the link carries thousands of messages a second and looking
at types anew for each would cost more than the work itself. `codec.py` is its only user.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from nrcli.errors import LocalProtocolError, RemoteProtocolError
from nrcli.wire.messages import Entity, SiteToSite

Function = Callable[[Any], Any]

DURATION_MS_MAX = 2**32 - 1
"Longest duration on the wire, 49.7 days; a longer one is sent as this."
UNIX_MS_MAX = 253_402_300_799_000
"Last second of the year 9999."
UNIONS: Mapping[Any, str] = {Entity: "entity", SiteToSite: "message"}
"Unions inside messages, with the name of the oneof that carries them."


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecLimits:
    """What is refused as oversized, at both ends."""

    frame_bytes_max: int = 8 * 1024 * 1024
    envelopes_max: int = 4096
    "Messages in one frame."
    text_chars_max: int = 4096
    "Characters of any text field."
    digest_bytes_max: int = 64
    data_bytes_max: int = 64 * 1024
    "Attached data of one call."
    document_bytes_max: int = 1024 * 1024
    "One document, such as a site table."
    items_max: int = 50_000
    "Entries of any list, such as the entities of a snapshot."


_BYTES_LIMIT = {
    "data": "data_bytes_max",
    "site_table": "document_bytes_max",
    "documents": "document_bytes_max",
    "digest": "digest_bytes_max",
    "data_digest": "digest_bytes_max",
}


def wire_name(field: str, kind: Any) -> str:
    """Name of a dataclass field in the .proto: durations are `_s` here and `_ms` there."""
    if kind is not float:
        return field
    if field.endswith("_s_max"):
        return field.removesuffix("_s_max") + "_ms_max"
    return field.removesuffix("_s") + "_ms"


def to_ms(duration_s: float) -> int:
    """Whole milliseconds, held within what the wire can say: nothing is left below zero."""
    ms = round(duration_s * 1000)
    return 0 if ms < 0 else min(ms, DURATION_MS_MAX)


def _fail_local(place: str, problem: str) -> None:
    raise LocalProtocolError(f"{place}: {problem}")


def _fail_remote(place: str, problem: str) -> None:
    raise RemoteProtocolError(f"{place}: {problem}")


def optional_of(kind: Any) -> Any:
    """`X` of `X | None`, or None for any other type."""
    if isinstance(kind, types.UnionType) and type(None) in typing.get_args(kind):
        return next(part for part in typing.get_args(kind) if part is not type(None))
    return None


class _Writer:
    """Source of the two functions of one message."""

    def __init__(self, message: type, limits: CodecLimits) -> None:
        self.name = message.__name__
        self.limits = limits
        self.checks: dict[str, list[str]] = {"encode": [], "decode": []}
        self.parts: dict[str, list[str]] = {"encode": [], "decode": []}
        for field, kind in typing.get_type_hints(message).items():
            self._field(field, kind)

    def _field(self, field: str, kind: Any) -> None:
        wire = wire_name(field, kind)
        if typing.get_origin(kind) is tuple:
            self._limit(field, wire, self.limits.items_max, "entries")
            item = typing.get_args(kind)[0]
            outward, inward = self._value(field, item, "x"), self._value_in(field, item, "x")
            self._add(
                field,
                wire,
                f"[{outward} for x in m.{field}]",
                f"tuple([{inward} for x in p.{wire}])",
            )
            return
        if optional_of(kind) is None and _is_message(kind):
            self.checks["decode"].append(
                f'if not p.HasField("{wire}"): fail("{self.name}.{field}", "is missing")'
            )
        self._add(
            field,
            wire,
            self._value(field, kind, f"m.{field}"),
            self._value_in(field, kind, f"p.{wire}"),
        )
        self._limit_plain(field, wire, kind)

    def _add(self, field: str, wire: str, outward: str, inward: str) -> None:
        self.parts["encode"].append(f"{wire}={outward}")
        self.parts["decode"].append(f"{field}={inward}")

    def _limit(self, field: str, wire: str, most: int, unit: str) -> None:
        for way, place in (("encode", f"m.{field}"), ("decode", f"p.{wire}")):
            self.checks[way].append(
                f'if len({place}) > {most}: fail("{self.name}.{field}", '
                f'f"{{len({place})}} {unit} where at most {most} are allowed")'
            )

    def _limit_plain(self, field: str, wire: str, kind: Any) -> None:
        if kind is str:
            self._limit(field, wire, self.limits.text_chars_max, "characters")
        elif kind is bytes:
            self._limit(field, wire, getattr(self.limits, _BYTES_LIMIT[field]), "bytes")
        elif wire.endswith("_unix_ms"):
            self.checks["decode"].append(
                f"if p.{wire} > {UNIX_MS_MAX}: "
                f'fail("{self.name}.{field}", "is after the year 9999")'
            )

    def _value(self, field: str, kind: Any, place: str) -> str:
        """Expression for one value on its way out."""
        if kind is float:
            return f"round({place} * 1000)" if "_unix_" in field else f"to_ms({place})"
        if inner := optional_of(kind):
            return f"0 if {place} is None else {self._value(field, inner, place)}"
        if kind in UNIONS:
            return f"encode_{UNIONS[kind]}({place})"
        if _is_message(kind):
            return f"encode_{kind.__name__}({place})"
        if _is_enum(kind):
            return f"number_{kind.__name__}[{place}]"
        return f"text({place})" if place == "x" and kind is str else place

    def _value_in(self, field: str, kind: Any, place: str) -> str:
        """Expression for one value on its way in."""
        if kind is float:
            return f"{place} / 1000"
        if inner := optional_of(kind):
            return f"None if {place} == 0 else {self._value_in(field, inner, place)}"
        if kind in UNIONS:
            return f"decode_{UNIONS[kind]}({place})"
        if _is_message(kind):
            return f"decode_{kind.__name__}({place})"
        if _is_enum(kind):
            known = f"known_{kind.__name__}"
            otherwise = f'unknown("{self.name}.{field}", {place})'
            return f"{known}[{place}] if {place} in {known} else {otherwise}"
        return f"text({place})" if place == "x" and kind is str else place

    def source(self, way: str) -> str:
        argument, maker = ("m", "wire") if way == "encode" else ("p", "message")
        body = [*self.checks[way], f"return {maker}_{self.name}({', '.join(self.parts[way])})"]
        return f"def {way}_{self.name}({argument}):\n" + "".join(f"    {line}\n" for line in body)


def _is_message(kind: Any) -> bool:
    return dataclasses.is_dataclass(kind) or kind in UNIONS


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def parts_of(message: type) -> list[Any]:
    """Every type that `message` is made of directly, unwrapped from tuples and options."""
    kinds = typing.get_type_hints(message).values()
    inner = [typing.get_args(k)[0] if typing.get_origin(k) is tuple else k for k in kinds]
    return [optional_of(kind) or kind for kind in inner]


def _closure(roots: tuple[type, ...]) -> tuple[list[type], list[type[Enum]]]:
    """All dataclasses and all enums reachable from `roots`."""
    messages: dict[type, None] = {}
    enums: dict[type[Enum], None] = {}
    todo: list[Any] = list(roots)
    while todo:
        kind = todo.pop()
        if kind in UNIONS:
            todo.extend(typing.get_args(kind))
        elif _is_enum(kind):
            enums[kind] = None
        elif dataclasses.is_dataclass(kind) and kind not in messages:
            messages[typing.cast(type, kind)] = None
            todo.extend(parts_of(typing.cast(type, kind)))
    return list(messages), list(enums)


def write_functions(
    roots: tuple[type, ...],
    limits: CodecLimits,
    wire_class: Callable[[str], Any],
    enum_number: Callable[[type[Enum], Enum], int],
    unions: Mapping[str, tuple[Function, Function]],
) -> dict[str, Any]:
    """Encode and decode functions of `roots` and all they hold, under `encode_X` and `decode_X`.

    `wire_class(name)` gives the protobuf class, `enum_number(enum, member)` a member's number,
    `unions` the two functions of each oneof inside messages.
    """
    messages, enums = _closure(roots)
    space: dict[str, Any] = {"to_ms": to_ms}
    for enum in enums:
        numbers = {member: enum_number(enum, member) for member in enum}
        space[f"number_{enum.__name__}"] = numbers
        space[f"known_{enum.__name__}"] = {number: member for member, number in numbers.items()}
    for name, (encode, decode) in unions.items():
        space[f"encode_{name}"], space[f"decode_{name}"] = encode, decode
    outward = space | {f"wire_{m.__name__}": wire_class(m.__name__) for m in messages}
    inward = space | {f"message_{m.__name__}": m for m in messages}
    outward |= {"fail": _fail_local, "text": _bounded_text(limits, _fail_local)}
    inward |= {"fail": _fail_remote, "text": _bounded_text(limits, _fail_remote)}
    inward["unknown"] = lambda place, number: _fail_remote(place, f"unknown value {number}")
    for message in messages:
        writer = _Writer(message, limits)
        exec(writer.source("encode"), outward)
        exec(writer.source("decode"), inward)
    return {k: v for k, v in (outward | inward).items() if k.startswith(("encode_", "decode_"))}


def _bounded_text(limits: CodecLimits, fail: Callable[[str, str], None]) -> Callable[[str], str]:
    most = limits.text_chars_max

    def text(value: str) -> str:
        if len(value) > most:
            fail("text in a list", f"{len(value)} characters where at most {most} are allowed")
        return value

    return text
