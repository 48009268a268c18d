"""The form of the journal on disk: one record a line, each with its checksum.

Rule of this file: bytes in, records out. A last line that was cut off is dropped, for nothing that
it is about was done; any other line that does not agree with its checksum is counted as damage.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

VERSION = 1
CHECKSUM_LENGTH = 8
Value = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """First line: whose journal it is, and by which clock its instants are."""

    site: str
    boot_id: str
    unix_offset_s: float
    "Wall time minus boot time when it was written."
    fence: int = 0
    "Of the lease under which it was written; 0: without a pair."


@dataclass(slots=True)
class Contents:
    """What a journal says, read to its end."""

    head: Head | None = None
    entries: dict[tuple[str, str], Value] = field(default_factory=dict)
    damaged_count: int = 0
    "Lines that are not what was written, a cut-off last one left out."


def head_line(head: Head) -> bytes:
    """The first line."""
    first = ["journal", VERSION, head.site, head.boot_id, head.unix_offset_s]
    return _line([*first, head.fence] if head.fence else first)


def read_head(line: bytes) -> Head | None:
    """The head, if this is a whole first line."""
    contents, record = Contents(), _record(line.rstrip(b"\n"))
    if record is not None:
        _take(contents, 0, record)
    return contents.head


def put_line(kind: str, key: str, value: Value) -> bytes:
    """One record that is kept from now on."""
    return _line(["put", kind, key, value])


def drop_line(kind: str, key: str) -> bytes:
    """One record that is kept no longer."""
    return _line(["drop", kind, key])


def read_lines(data: bytes) -> Contents:
    """Everything in a journal, whatever state it is in."""
    contents = Contents()
    lines = data.split(b"\n")
    tail = lines.pop()
    for number, line in enumerate(lines):
        record = _record(line)
        if record is None or not _take(contents, number, record):
            contents.damaged_count += 1
    complete, line_end_spoilt = _record(tail), _record(tail[:-1])
    contents.damaged_count += line_end_spoilt is not None
    last = complete or line_end_spoilt
    if last is not None:
        _take(contents, len(lines), last)
    if contents.head is None and (lines or tail):
        contents.damaged_count += 1
    return contents


def whole(head: Head, puts: Iterable[bytes]) -> bytes:
    """A journal that says only what stands now."""
    return b"".join((head_line(head), *puts))


def _line(record: list[Any]) -> bytes:
    text = json.dumps(record, separators=(",", ":"), ensure_ascii=True).encode("ascii")
    return b"%08x %s\n" % (crc32(text), text)


def _record(line: bytes) -> list[Any] | None:
    text = line[CHECKSUM_LENGTH + 1 :]
    if line[: CHECKSUM_LENGTH + 1] != b"%08x " % crc32(text):
        return None
    try:
        record: Any = json.loads(text)
    except ValueError:
        return None
    return record if isinstance(record, list) and record else None


def _take(contents: Contents, number: int, record: list[Any]) -> bool:
    """Take one record. False: it is none that this version knows."""
    try:
        match record:
            case ["journal", int(version), str(site), str(boot_id), float(offset_s), *fence]:
                contents.head = Head(
                    site=site,
                    boot_id=boot_id,
                    unix_offset_s=offset_s,
                    fence=int(fence[0]) if fence else 0,
                )
                return number == 0 and version == VERSION
            case ["put", str(kind), str(key), dict(value)]:
                contents.entries[(kind, key)] = value
                return contents.head is not None
            case ["drop", str(kind), str(key)]:
                contents.entries.pop((kind, key), None)
                return contents.head is not None
    except (TypeError, ValueError):
        pass
    return False
