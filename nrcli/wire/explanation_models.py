"""What a node's HTTP API says of one call, from its first question to its end.

Rule of this file: models only, as in `api_models`. Sentences are English, and complete as they
stand; callers' numbers in them are masked.
"""

from pydantic import BaseModel, ConfigDict


class _Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Moment(_Answer):
    """One thing that happened to the caller, for a picture in the order of time."""

    at_unix_s: float
    lasted_s: float = 0.0
    "0: it took no time, or it is not known how long."
    site: str
    "Where; of a question to NIRC the node that decided."
    kind: str
    "waits | asks | moves | fails | rings | talks | ends | promise"
    text: str
    agent: str = ""
    decision_id: str = ""
    "Of `asks`: which decision."


class CandidateTold(_Answer):
    """One place that could have had the call."""

    site: str
    queue: str
    agent: str = ""
    chosen: bool
    why: str
    "A whole sentence."


class DecisionTold(_Answer):
    """One decision in plain words."""

    decision_id: str
    at_unix_s: float
    outcome: str
    mode: str = "live"
    sentences: tuple[str, ...]
    candidates: tuple[CandidateTold, ...] = ()
    figures: tuple[str, ...] = ()
    "The same in short, with every figure that the policy read; the first line says what it was."


class Explanation(_Answer):
    """A call in plain words."""

    call: str
    "As it was asked for: an interaction, request or decision id, or a Session-ID."
    interaction_id: str
    headline: str
    "All of it in one sentence."
    story: tuple[str, ...]
    "Sentence by sentence, oldest first."
    decisions: tuple[DecisionTold, ...] = ()
    moments: tuple[Moment, ...] = ()
    missing: tuple[str, ...] = ()
    "What is not known, and why."
