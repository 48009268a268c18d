"""What a node's HTTP API says of records on their way to the files.

Rule of this file: models only, as in `api_models`.
"""

from pydantic import BaseModel, ConfigDict


class RecordsStatus(BaseModel):
    """Where records are on their way to the files, and what is missing."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    waiting_count: int = 0
    "In this node's memory."
    spooled_bytes: int = 0
    "On this node's disk, for Redis is away."
    lost_count: int = 0
    "For which this node had no room since it started."
    keeper: str = ""
    "Who writes files; empty: nobody does."
    kept_for_s: float | None = None
    "How long ago the keeper last said so; None: nobody ever did."
    missing_counts: dict[str, int] = {}
    "By kind: records that were numbered and never came, or not yet."
    problem: str = ""
