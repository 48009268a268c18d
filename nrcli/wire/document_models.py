"""What a node's HTTP API says of documents, and takes to change them.

Rule of this file: models only, as in `api_models`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nrcli.wire.json_numbers import WHOLE


class _Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Request(BaseModel):
    """A part of a request: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DocumentSummary(_Answer):
    """One document of the network."""

    kind: str
    name: str
    revision: int
    "Its ETag."


class DocumentChange(_Request):
    """One document to write, or to remove."""

    kind: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{0,40}$")]
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$")]
    text: str | None
    "YAML; null removes the document."
    if_revision: Annotated[int, WHOLE] | None = None
    "Only if it is at this revision; 0: only if it does not exist."


class DocumentChanges(_Request):
    """Several documents, all or none."""

    changes: Annotated[tuple[DocumentChange, ...], Field(min_length=1, max_length=100)]
    author: Annotated[str, Field(max_length=500)] = "unknown"
    "Who wants it: kept in the history of policies."


class Changed(_Answer):
    """The documents are written."""

    revision: int
    warnings: tuple[str, ...] = ()
    "What may be a slip, or needs what may come later."


class Documents(_Answer):
    """All documents."""

    documents: tuple[DocumentSummary, ...]
    next: str = ""
    "The cursor of the next page; empty: this is the last."
