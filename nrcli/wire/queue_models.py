"""What a node's HTTP API says and takes about changes of the network queue.

Rule of this file: models only, as in `api_models`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class TakeOut(BaseModel):
    """Take one entry out of the network queue."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    entry_id: Annotated[str, Field(min_length=1, max_length=200)]
    author: Annotated[str, Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(max_length=500)] = ""
    announcement: Annotated[str, Field(max_length=100)] = ""
    "Played to the caller, who waits on at home."


class EntryTakenOut(BaseModel):
    """The entry's site was told."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    entry_id: str
    site: str
    kind: str
    "call: the caller waits on at home; callback: nobody is called back."
