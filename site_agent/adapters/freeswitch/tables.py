"""What FreeSWITCH prints: mod_callcenter's tables, JSON listings, its version and variables.

Rule of this file: a line that does not fit its heading is left out; nothing raises.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

ROWS_MAX = 50_000
_VERSION = re.compile(r"Version\s+(\d+)\.(\d+)\.(\d+)")
_PHONE = re.compile(
    r"(?:\[[^\]]*\]|\{[^}]*\})*user/([A-Za-z0-9_.+-]{1,64})(?:@([A-Za-z0-9_.:-]+))?"
)
_SOFIA_END = re.compile(r"\d+ profiles? \d+ alias(es)?")
_STATUS = re.compile(r"SIP/2\.0 (\d{3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SofiaNames:
    """What mod_sofia runs. A gateway stands by its own name, and as `PROFILE::NAME`."""

    profiles: set[str]
    aliases: set[str]
    gateways: set[str]


def pipe_rows(text: str) -> list[dict[str, str]]:
    """Rows of a table whose first line names the columns, as `callcenter_config ... list`."""
    lines = [line for line in text.splitlines() if line and not line.startswith(("+OK", "-ERR"))]
    if not lines:
        return []
    names = lines[0].split("|")
    cells = (line.split("|") for line in lines[1 : ROWS_MAX + 1])
    return [dict(zip(names, row, strict=True)) for row in cells if len(row) == len(names)]


def json_rows(text: str) -> list[dict[str, str]]:
    """Rows of `show ... as json`; without any row FreeSWITCH leaves the list out."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    rows = value.get("rows", []) if isinstance(value, dict) else []
    if not isinstance(rows, list):
        return []
    return [
        {str(name): str(cell) for name, cell in row.items()}
        for row in rows[:ROWS_MAX]
        if isinstance(row, dict)
    ]


def sofia_names(text: str) -> SofiaNames | None:
    """Names of `sofia status`; None where it is no such table, or was cut off."""
    found: dict[str, set[str]] = {"profile": set(), "alias": set(), "gateway": set()}
    lines = text.rstrip().splitlines()[:ROWS_MAX]
    if not lines or not _SOFIA_END.fullmatch(lines[-1].strip()):
        return None
    for line in lines:
        name, _, rest = line.partition("\t")
        kind = rest.partition("\t")[0].strip()
        if kind in found:
            found[kind].add(name.strip())
    short = {name.partition("::")[2] for name in found["gateway"]} - {""}
    return SofiaNames(
        profiles=found["profile"], aliases=found["alias"], gateways=found["gateway"] | short
    )


def version_of(text: str) -> tuple[int, int, int]:
    """`FreeSWITCH Version 1.10.12-release...`; zeros if it does not say."""
    found = _VERSION.search(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else (0, 0, 0)


def variables_of(text: str) -> dict[str, str]:
    """`name=value` lines of `global_getvar`."""
    pairs = (line.partition("=") for line in text.splitlines()[:ROWS_MAX])
    return {name: value for name, equals, value in pairs if equals}


def phone_of(contact: str) -> str:
    """`user@domain` of an agent's contact, `user` without a domain, empty for anything else."""
    found = _PHONE.fullmatch(contact.strip())
    if found is None:
        return ""
    return f"{found[1]}@{found[2]}" if found[2] else found[1]


def status_in(text: str) -> int:
    """The SIP status in a sipfrag such as `+OK:SIP/2.0 486 Busy Here`; 0 if there is none."""
    found = _STATUS.search(text)
    return int(found[1]) if found else 0


def whole(text: str) -> int:
    """A whole number, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
