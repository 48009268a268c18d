"""What one process of a pair shows of the pair.

Rule of this file: data only; nothing reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """The pair, as this process sees it now."""

    name: str
    role: str
    "active | standby | leaving | stopped"
    since_s: float
    "How long it has had this role; seconds."
    fence: int
    "The highest that is known; its own while it is active."
    holder: str
    "Who has the lease; empty: nobody."
    holder_host: str
    lease_left_s: float
    "Until its own deadline, while it is active on one of two machines; else 0."
    problems: Mapping[str, str] = field(default_factory=dict)
    "By the code of their alarm."
