"""How calls without their token are matched to open moves.

Rule of this file: data only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LateMatchSettings:
    """How calls without their token are matched."""

    by_session_id: bool = True
    by_ani: bool = False
    shared_list: str = ""
    "List of numbers that many people call from (switchboards); none of them is matched."
    sensitive_keys: tuple[str, ...] = ()
    "Keys of attached data that are never given on a match by number."
