"""Writes notices: JSON for programs, a mail for people.

Rule of this file: words only. What others named (places, texts) never becomes a header or a line
of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from nirc.alarms.notices import RANK, Notice
from nrcli.wire.alarm_models import AlarmEvent

FORMAT = "nirc.alarms/1"
SUBJECT_CHARS_MAX = 150
TEXT_CHARS_MAX = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def webhook_body(notice: Notice, node: str, at_unix_s: float) -> bytes:
    """What a webhook gets: UTF-8 JSON."""
    return json.dumps(
        {
            "format": FORMAT,
            "id": notice.id,
            "node": node,
            "at_unix_s": at_unix_s,
            "test": not notice.count,
            "raised": [_plain(one) for one in notice.raised],
            "cleared": [_plain(one) for one in notice.cleared],
            "passed": [_plain(one) for one in notice.passed],
            "left_out_count": notice.left_out_count,
            "standing_count": notice.standing_count,
        },
        ensure_ascii=False,
    ).encode("utf-8", "replace")


def subject_of(notice: Notice) -> str:
    """What a mail is about: the gravest first."""
    if not notice.count:
        return "NIRC: a test"
    parts = []
    if notice.raised:
        first = min(notice.raised, key=lambda one: RANK[one.severity])
        more = len(notice.raised) - 1
        place = f" at {first.place}" if first.place else f" at node {first.node}"
        parts.append(f"{first.severity}: {first.code}{place}" + (f" and {more} more" * bool(more)))
    if notice.cleared:
        only = notice.cleared[0]
        parts.append(
            f"over: {only.code} at {only.place or only.node}"
            if len(notice.cleared) == 1
            else f"{len(notice.cleared)} over"
        )
    if notice.passed:
        parts.append(f"{len(notice.passed)} raised and over again")
    if notice.left_out_count:
        parts.append(f"{notice.left_out_count} more")
    return one_line(f"NIRC: {', '.join(parts)}", SUBJECT_CHARS_MAX)


def mail_text(notice: Notice, node: str, at_unix_s: float) -> str:
    """What a mail says."""
    lines = []
    if not notice.count:
        lines += ["This is a test: nothing is wrong, and notices reach you.", ""]
    for title, events in (
        ("Raised:", notice.raised),
        ("Over:", notice.cleared),
        ("Raised and over again:", notice.passed),
    ):
        lines += _part(title, events)
    if notice.left_out_count:
        lines += [f"and {notice.left_out_count} more: `nrcli alarms --history` lists them", ""]
    lines.append(
        f"{notice.standing_count} alarms stand now. Told by node {node} at {_utc(at_unix_s)}."
    )
    lines.append(f"Notice {notice.id}; one that comes twice has the same number.")
    return "\n".join(lines) + "\n"


def one_line(text: str, chars_max: int = TEXT_CHARS_MAX) -> str:
    """Text without line ends and other control characters, shortened.

    >>> one_line("a\\r\\nBcc: b")
    'a Bcc: b'
    """
    plain = _CONTROL.sub(" ", text)
    return plain if len(plain) <= chars_max else plain[: chars_max - 3] + "..."


def _part(title: str, events: Iterable[AlarmEvent]) -> list[str]:
    lines = []
    for one in events:
        place = one_line(one.place) if one.place else f"node {one.node}"
        lines.append(f"  {one.severity} {one.code} at {place}, since {_utc(one.at_unix_s)}")
        lines.append(f"    {one_line(one.text)}")
        if one.advice and title == "Raised:":
            lines.append(f"    do: {one_line(one.advice)}")
    return [title, *lines, ""] if lines else []


def _plain(event: AlarmEvent) -> dict[str, object]:
    said = event.model_dump(exclude={"happened", "who", "reason", "network"})
    return {
        name: one_line(value) if isinstance(value, str) else value for name, value in said.items()
    }


def _utc(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
