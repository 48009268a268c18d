"""Draws a call's SIP messages as a ladder: one line a message, one column an end, in time order.

Rule of this file: pure text from models. A message that one place sent and another heard is one
arrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from nrcli.wire.trace_models import TracedMessage

COLUMN_CHARS = 24
ON_THE_WAY_S_MAX = 5.0
"A message heard later than this after it was sent is another one, sent again."
SHORT = {"f": "from", "t": "to", "m": "contact", "r": "refer-to", "i": "call-id"}


@dataclass(frozen=True, slots=True)
class Arrow:
    """One message on its way."""

    at_unix_s: float
    source: str
    target: str
    label: str
    more: str
    "Where to, or what happened there."


def arrows_of(messages: Sequence[TracedMessage]) -> list[Arrow]:
    """In order of time; what was sent and heard once each is one arrow."""
    ordered = sorted(messages, key=lambda one: one.at_unix_s)
    owners = {one.local: one.place for one in ordered}
    heard_again = _heard_again(ordered)
    places = {index: ordered[heard].place for index, heard in heard_again.items()}
    dropped = set(heard_again.values())
    arrows = []
    for index, one in enumerate(ordered):
        if index in dropped:
            continue
        far = places.get(index) or owners.get(one.remote, one.remote)
        ends = (one.place, far) if one.sent else (far, one.place)
        arrows.append(Arrow(one.at_unix_s, *ends, label=_label(one), more=_more(one)))
    return arrows


def ladder(messages: Sequence[TracedMessage]) -> str:
    """The whole ladder, each line ended; empty for no messages."""
    arrows = arrows_of(messages)
    if not arrows:
        return ""
    columns = list(dict.fromkeys(end for one in arrows for end in (one.source, one.target)))
    margin = " " * 24
    lines = [(margin + "".join(f"{name[:22]:<{COLUMN_CHARS}}" for name in columns)).rstrip()]
    start_s = arrows[0].at_unix_s
    for one in arrows:
        at = datetime.fromtimestamp(one.at_unix_s, UTC)
        when = f"{at:%H:%M:%S}.{at.microsecond // 1000:03} {one.at_unix_s - start_s:>+9.3f}"
        drawn = _drawn(columns.index(one.source), columns.index(one.target), len(columns), one)
        lines.append(f"{when:<24}{drawn}  {one.more}".rstrip())
    return "\n".join(lines) + "\n"


def _drawn(source: int, target: int, count: int, arrow: Arrow) -> str:
    row = list(("|" + " " * (COLUMN_CHARS - 1)) * (count - 1) + "|" + " " * len(arrow.label))
    if source == target:
        start, text = source * COLUMN_CHARS + 1, f"<> {arrow.label}"
    else:
        low, high = sorted((source, target))
        start = low * COLUMN_CHARS + 1
        length = (high - low) * COLUMN_CHARS - 1
        label = f" {arrow.label[: length - 4]} "
        text = label.center(length, "-")
        text = f"{text[:-1]}>" if source < target else f"<{text[1:]}"
    row[start : start + len(text)] = text
    return "".join(row).rstrip()


def _heard_again(ordered: Sequence[TracedMessage]) -> dict[int, int]:
    """Index of a message that was sent, to that of the same one heard at another place."""
    found: dict[int, int] = {}
    heard: dict[str, list[int]] = {}
    for index, one in enumerate(ordered):
        if not one.sent:
            heard.setdefault(one.message, []).append(index)
    for index, one in enumerate(ordered):
        if not one.sent:
            continue
        for other in heard.get(one.message, ()):
            late_s = ordered[other].at_unix_s - one.at_unix_s
            if ordered[other].place != one.place and abs(late_s) <= ON_THE_WAY_S_MAX:
                found[index] = other
                heard[one.message].remove(other)
                break
    return found


def _label(one: TracedMessage) -> str:
    first = one.message.partition("\r\n")[0]
    words = first.split(" ")
    if first.startswith("SIP/2.0 "):
        return " ".join(words[1:])[:40]
    return words[0][:40] or "?"


def _more(one: TracedMessage) -> str:
    head, _, body = one.message.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    values: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        key = name.strip().lower()
        values.setdefault(SHORT.get(key, key), value.strip())
    if first.startswith("SIP/2.0 3"):
        return values.get("contact", "")
    if first.startswith("SIP/2.0 "):
        return values.get("cseq", "").partition(" ")[2]
    if first.startswith("REFER "):
        return values.get("refer-to", "")
    if first.startswith("NOTIFY "):
        return body.partition("\r\n")[0]
    return first.split(" ")[1] if first.startswith("INVITE ") and " " in first else ""
