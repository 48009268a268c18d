"""What each queue's past says: waits, patience, service level, and the best estimator of the wait.

Rule of this file: everything is measured from the calls the daemon sees, the same for every ACD.
Figures move when a call goes to an agent or leaves, and when minutes fall out of a window. A call
counts where it is served: one from another site with the whole of its wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from nrcli.wire.messages import QueueReport
from routing_policies.estimates import all_estimates
from routing_policies.ewt_choice import ChoiceSettings, EwtChoice
from routing_policies.kernel import QUEUE_LENGTH
from site_agent.core.calls import Call, CallState, Mark
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings
from site_agent.core.sliding_sums import BUCKETS, SlidingSums

FIGURES_TIMER = "figures"
ABANDONMENTS_MIN = 5
"Fewer say nothing of patience: with five the estimate is off by 45 % (one standard error)."
ENTERED_LATE_S = 1.0
"A caller older than this on entering takes a place by age, not the last one: not predicted."

Report = Callable[[str], "tuple[QueueReport, float | None] | None"]
Threshold = Callable[[str], float | None]
"Within how many seconds calls of a service are to be answered; None where no document says so."


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The figures of one queue, as `QueueReport` names them."""

    last_wait_s: float = 0.0
    patience_s: float = 0.0
    estimator: int = QUEUE_LENGTH
    ewt_low_percent: int = 50
    ewt_high_percent: int = 200
    window_offered_count: int = 0
    window_in_time_count: int = 0
    left_count: int = 0
    in_time_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A call that has entered a queue here and is not with an agent yet."""

    entered_at_s: float
    at_once: bool
    "An agent was ready: it did not have to wait for one."
    predicted: tuple[float, ...]
    "By each estimator; empty where nothing was predicted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a caller who joined the line may be told."""

    position: int
    low_s: float
    high_s: float
    wait_s: float = -1.0
    "What the chosen estimator says, in the middle of the range."


class _Queue:
    """The past of one queue."""

    __slots__ = (
        *("choice", "exits", "in_time_count", "last_wait_at_s", "last_wait_s"),
        *("left_count", "level"),
    )

    def __init__(self, settings: SiteSettings) -> None:
        self.choice = EwtChoice(ChoiceSettings(gain_min=settings.ewt_gain_min))
        self.level = SlidingSums(window_s=settings.service_level_window_s, width=2)
        "Answered or abandoned, and of these answered in time."
        self.exits = SlidingSums(window_s=settings.patience_window_s, width=2)
        "Seconds waited here by all, and how many gave up."
        self.last_wait_s = 0.0
        self.last_wait_at_s = 0.0
        self.left_count = self.in_time_count = 0
        "All that ever were in `level`."

    def left(self, now_s: float, *, in_time: bool) -> None:
        """A caller was answered, or gave up."""
        self.level.add(now_s, 1.0, float(in_time))
        self.left_count += 1
        self.in_time_count += in_time

    def forget(self, now_s: float, wait_kept_s: float) -> bool:
        """Let go of what is too old. Did a figure change?"""
        stale = self.last_wait_s > 0 and now_s - self.last_wait_at_s >= wait_kept_s
        if stale:
            self.last_wait_s = 0.0
        level, exits = self.level.forget(now_s), self.exits.forget(now_s)
        return stale or level or exits

    def has_past(self) -> bool:
        """Is there anything left to forget?"""
        return bool(self.level or self.exits or self.last_wait_s)

    def measured(self) -> Measured:
        """The figures as they stand."""
        low, high = self.choice.range_percent()
        offered, in_time = self.level.totals
        return Measured(
            last_wait_s=self.last_wait_s,
            patience_s=patience_s(*self.exits.totals),
            estimator=self.choice.estimator,
            ewt_low_percent=low,
            ewt_high_percent=high,
            window_offered_count=round(offered),
            window_in_time_count=round(in_time),
            left_count=self.left_count,
            in_time_count=self.in_time_count,
        )


class QueueFigures:
    """The past of every queue, and the calls that wait now."""

    __slots__ = (
        "_mark",
        "_out",
        "_queues",
        "_report",
        "_settings",
        "_threshold",
        "_timed",
        "_waiting",
        "on_moved",
    )

    def __init__(self, settings: SiteSettings, mark: Mark, out: Outbox) -> None:
        self._settings = settings
        self._mark = mark
        self._out = out
        self._report: Report = lambda queue: None
        self._threshold: Threshold = lambda service: None
        self._queues: dict[str, _Queue] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._timed = False
        self.on_moved: Callable[[str], object] = lambda queue: None
        "Called with a queue whose figures moved by a call, in the same turn."

    def join(self, report: Report, threshold: Threshold) -> None:
        """Name who knows the queues as they are now, and the services; once, before the first
        event."""
        self._report = report
        self._threshold = threshold

    def measured(self, queue: str) -> Measured:
        """The figures of a queue for its report."""
        past = self._queues.get(queue)
        return past.measured() if past else Measured()

    def entered(self, call: Call, now_s: float, *, at_once: bool = False) -> Expectation | None:
        """A call entered its queue here; what can be told the caller, if it joined the line."""
        predicted = () if at_once else self._predicted(call, now_s)
        self._waiting[call.call_id] = _Waiting(
            entered_at_s=now_s, at_once=at_once, predicted=predicted
        )
        return self._expectation(call.queue, predicted)

    def connected(self, call: Call, now_s: float) -> None:
        """An agent talks with the caller, who waits no more.

        For a call from another site an agent may have been held: its wait is not that of the line.
        """
        waiting = self._waiting.pop(call.call_id, None)
        if waiting is None:
            return
        past, here_s = self._past(call.queue), now_s - waiting.entered_at_s
        if waiting.predicted:
            past.choice.served(waiting.predicted, here_s)
        waited_s = max(now_s - call.offered_at_s, 0.0)
        if not call.foreign:
            past.last_wait_s, past.last_wait_at_s = 0.0 if waiting.at_once else waited_s, now_s
        past.left(now_s, in_time=waited_s <= self._threshold_s(call.service))
        past.exits.add(now_s, self._proof_s(here_s, waited_s), 0.0)
        self._moved(call.queue, now_s)

    def ended(self, call: Call, released_by: str, now_s: float) -> None:
        """The call's leg is over; one without an agent left the queue unserved."""
        waiting = self._waiting.pop(call.call_id, None)
        if waiting is None:
            return
        past, here_s = self._past(call.queue), now_s - waiting.entered_at_s
        waited_s = max(now_s - call.offered_at_s, 0.0)
        gave_up = released_by == "caller" and call.state is not CallState.LEFT
        counts = gave_up and waited_s >= self._settings.short_abandon_s
        if waiting.predicted:
            past.choice.left(waiting.predicted, here_s)
        if counts:
            past.left(now_s, in_time=False)
        past.exits.add(now_s, self._proof_s(here_s, waited_s), float(counts))
        self._moved(call.queue, now_s)

    def forget_due(self, now_s: float) -> None:
        """Minutes fell out of the windows: queues whose figures changed are told."""
        self._timed = False
        kept_s = self._settings.service_level_window_s
        for name, past in self._queues.items():
            if past.forget(now_s, kept_s):
                self._mark("queue", name)
        if any(past.has_past() for past in self._queues.values()):
            self._time_forgetting(now_s)

    # ---- inner -----------------------------------------------------------------------------

    def _predicted(self, call: Call, now_s: float) -> tuple[float, ...]:
        """Empty for a call that does not enter at the end of the line, or for which an agent is
        free."""
        found = self._report(call.queue)
        late = call.foreign or now_s - call.offered_at_s > ENTERED_LATE_S
        apart = late or call.emergency or call.held_back
        if found is None or apart or found[0].ready_count:
            return ()
        return predictions(*found, now_s)

    def _expectation(self, queue: str, predicted: tuple[float, ...]) -> Expectation | None:
        found = self._report(queue)
        if found is None or not predicted:
            return None
        report, wait_s = found[0], predicted[found[0].estimator - 1]
        if not isfinite(wait_s):
            return None
        return Expectation(
            position=report.waiting_count + report.places_held_count + 1,
            low_s=wait_s * report.ewt_low_percent / 100,
            high_s=wait_s * report.ewt_high_percent / 100,
            wait_s=wait_s,
        )

    def _proof_s(self, here_s: float, waited_s: float) -> float:
        """How long the caller proved patient here: who gave up sooner than `short_abandon_s` counts
        nowhere, so the waits of all others begin only there."""
        return max(min(here_s, waited_s - self._settings.short_abandon_s), 0.0)

    def _threshold_s(self, service: str) -> float:
        documented_s = self._threshold(service)
        default_s = self._settings.service_level_threshold_s
        return default_s if documented_s is None else documented_s

    def _past(self, queue: str) -> _Queue:
        past = self._queues.get(queue)
        if past is None:
            past = self._queues[queue] = _Queue(self._settings)
        return past

    def _moved(self, queue: str, now_s: float) -> None:
        self._mark("queue", queue)
        self.on_moved(queue)
        if not self._timed:
            self._time_forgetting(now_s)

    def _time_forgetting(self, now_s: float) -> None:
        self._timed = True
        self._out.start(FIGURES_TIMER, now_s + self._settings.service_level_window_s / BUCKETS)


def predictions(report: QueueReport, oldest_at_s: float | None, now_s: float) -> tuple[float, ...]:
    """What each estimator says of a call that enters this queue now, as a policy would read it."""
    return all_estimates(
        report.waiting_count + report.places_held_count,
        report.ready_count,
        report.staffed_count - report.not_ready_count,
        report.aht_s,
        report.patience_s,
        oldest_at_s,
        report.last_wait_s,
        now_s,
    )


def patience_s(waited_s: float, gave_up_count: float) -> float:
    """Mean time until a caller gives up, in whole seconds; 0 where too few gave up.

    Waits that ended otherwise (an agent, a move) are censored: the maximum likelihood estimate for
    exponential patience is all the time waited by all, over how many gave up (Garnett, Mandelbaum
    and Reiman 2002, M&SOM 4(3); Brown et al. 2005, JASA 100(469)).

    >>> patience_s(3600.0, 20)
    180.0
    """
    if gave_up_count < ABANDONMENTS_MIN:
        return 0.0
    return float(max(round(waited_s / gave_up_count), 1))
