"""What a site agent's file may say about its journal.

Rule of this file: data only; where the journal lies if nobody says so stands here too.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class JournalConfig(BaseModel):
    """The journal: what a restarted site agent goes on with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Path | None = None
    "On this host's own disk; none given: beside `incarnation_file`."
    bytes_max: int = Field(default=256_000_000, ge=10_000_000, le=10_000_000_000)
    "A larger file is given up and told: it is written anew long before."
    sync_s_max: float = Field(default=0.5, ge=0.01, le=5)
    "How long a move may wait for the disk before it begins; seconds."

    def path(self, incarnation_file: Path) -> Path:
        """Where the journal lies."""
        return self.file or incarnation_file.with_name(incarnation_file.name + ".journal")
