"""What a node's HTTP API says of alarm rules, figures, notices, silences, and takes to change them.

Rule of this file: models only, as in `api_models`. Rules themselves are documents of the kind
`AlarmRules`, written as any other.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from nrcli.wire.alarm_models import Severity
from nrcli.wire.policy_models import Author, Words

SILENCE_S_MAX = 30 * 86_400.0
Pattern = Annotated[str, Field(min_length=1, max_length=300)]
"A code or a place; `*` stands for any characters."


class _Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Request(BaseModel):
    """A part of a request: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PlaceOverride(_Answer):
    """What a rule says of one place, or of several by `*`."""

    place: str
    off: bool = False
    condition: str = ""
    "In words; empty: as the rule."
    severity: Severity | None = None


class AlarmRule(_Answer):
    """One rule, as the node asked uses it."""

    name: str
    "And the code of its alarm."
    document: str
    "`AlarmRules/name` that it stands in; `shipped`: it came with NIRC."
    figure: str
    condition: str
    "In words: when it is raised, and when it is over."
    severity: Severity
    cause: str = ""
    text: str
    advice: str = ""
    off: bool = False
    places: tuple[PlaceOverride, ...] = ()
    watched_here: bool = False
    "The node asked looks at it now; rules about the whole network are the leader's."
    watched_count: int = 0
    "Places that had a value when the node asked last looked."
    standing: tuple[str, ...] = ()
    "Places where its alarm stands, as the node asked knows."
    problem: str = ""
    "Why it cannot be looked at; empty: it is."


class AlarmRules(_Answer):
    """All rules in use, shipped ones among them, by name."""

    rules: tuple[AlarmRule, ...]
    next: str = ""


class FigureValue(_Answer):
    """A figure at one place, now."""

    place: str
    value: float
    of_count: int | None = None
    "Of a share: out of how many."


class AlarmFigure(_Answer):
    """One figure that rules may look at."""

    name: str
    kind: Literal["level", "count", "share"]
    "level: a value now; count: only grows, rules see how much; share: of so many cases."
    unit: str
    place: str
    "What its places are: network, site, queue, and others."
    leader_only: bool
    meaning: str
    values: tuple[FigureValue, ...] = ()
    "At the node asked; at most 200."


class AlarmFigures(_Answer):
    """The catalogue of figures."""

    figures: tuple[AlarmFigure, ...]
    next: str = ""


class AlarmChannel(_Answer):
    """One receiver of notices, as the node asked knows it."""

    name: str
    kind: Literal["webhook", "mail"]
    to: str
    "Host of a webhook, number of mail addresses: no more is told."
    severity_at_least: Severity
    problem: str = ""
    "What went wrong last; empty: nothing, or nothing was sent by this node."
    failures_count: int = 0
    "In a row."
    sent_count: int = 0
    "By the node asked, since it started."
    sent_at_unix_s: float | None = None
    told_count: int = 0
    "Alarms that this receiver was told stand."


class AlarmChannels(_Answer):
    """Who is notified."""

    channels: tuple[AlarmChannel, ...]
    notifies_here: bool = False
    "The node asked is the one that sends notices now."
    next: str = ""


class TestNotice(_Request):
    """Send a notice that says it is a test."""

    __test__ = False

    channel: Annotated[str, Field(max_length=63)] = ""
    "Empty: to all."
    author: Author
    reason: Words = ""


class TestResult(_Answer):
    """What came of a test at one receiver."""

    __test__ = False

    channel: str
    sent: bool
    problem: str = ""
    took_s: float


class TestResults(_Answer):
    """What came of a test."""

    __test__ = False

    results: tuple[TestResult, ...]


class Silence(_Answer):
    """No notices of some alarms for some time: a maintenance window. They are raised all the same,
    and stand in the history; what still stands when it ends is told then."""

    id: str
    code: str
    place: str
    from_unix_s: float
    until_unix_s: float
    author: str
    reason: str
    in_force: bool


class Silences(_Answer):
    """Silences that are in force or to come, the next to end first."""

    silences: tuple[Silence, ...]
    next: str = ""


class NewSilence(_Request):
    """Begin a silence, now or later."""

    code: Pattern = "*"
    place: Annotated[str, Field(max_length=300)] = "*"
    from_unix_s: Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)] | None = None
    "None: now."
    lasts_s: Annotated[float, Field(gt=0, le=SILENCE_S_MAX, allow_inf_nan=False)]
    author: Author
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class SilenceEnded(_Answer):
    """It is over."""

    id: str
