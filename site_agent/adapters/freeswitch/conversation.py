"""What is said to FreeSWITCH and what it answers, in order.

Rule of this file: each command has one answer and they come in the order of the commands; a command
that is not answered in time ends the connection, and whoever waited is told that it failed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from site_agent.adapters.freeswitch import esl_protocol as esl

Then = Callable[[bool, str], None]
"Called once: was it good, and the answer's text; a lost connection is not good, with no text."
PENDING_MAX = 20_000
JOB_S_MAX = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Bytes for FreeSWITCH."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpLink:
    """End the connection; connect again later."""

    problem: str


def _nobody(good: bool, text: str) -> None:
    return


class Conversation:
    """One connection after another, from the side that asks."""

    def __init__(self, *, password: str, answer_s: float) -> None:
        self._password = password
        self._answer_s = answer_s
        self._pending: deque[tuple[float, Then]] = deque()
        self._jobs: dict[str, tuple[float, Then]] = {}
        self.outcomes: list[Say | GiveUpLink] = []
        self.up = False
        "The password was taken."
        self.now_s = 0.0

    def opened(self) -> None:
        """A new connection: FreeSWITCH speaks first."""
        self.up = False
        self._pending.append((self.now_s + self._answer_s, _nobody))

    def lost(self) -> None:
        """The connection is gone: nothing that was asked is answered any more."""
        self.up = False
        waiting = [then for _, then in self._pending]
        waiting += [then for _, then in self._jobs.values()]
        self._pending.clear()
        self._jobs.clear()
        for then in waiting:
            then(False, "")

    def api(self, text: str, then: Then = _nobody) -> None:
        """A command that is answered at once. Raises UnsafeCommandError."""
        self._ask(esl.api(text), then)

    def execute(
        self, channel: str, application: str, argument: str = "", then: Then = _nobody
    ) -> None:
        """A dialplan application on a channel. Raises UnsafeCommandError."""
        self._ask(esl.execute(channel, application, argument), then)

    def line(self, text: str, then: Then = _nobody) -> None:
        """A command of the socket itself, as `event plain ...`. Raises UnsafeCommandError."""
        self._ask(esl.line_of(text), then)

    def job(self, text: str, job: str, then: Then) -> None:
        """A command that takes its time: anything else is answered meanwhile."""

        def taken(good: bool, answer: str) -> None:
            waiting = self._jobs.get(job)
            if not good and waiting is not None:
                del self._jobs[job]
                waiting[1](False, answer)

        self._jobs[job] = (self.now_s + JOB_S_MAX, then)
        self._ask(esl.bgapi(text, job), taken)

    def heard(self, message: esl.EslMessage) -> esl.EslEvent | None:
        """Take one message; an event that is nobody's answer is handed back."""
        match message:
            case esl.AuthRequest():
                self._answered(True, "")
                self._raw(esl.line_of("auth " + self._password), self._authenticated)
            case esl.CommandReply():
                self._answered(message.good, message.text)
            case esl.ApiResponse():
                self._answered(message.good, message.body)
            case esl.Goodbye():
                remedy = "; see apply-inbound-acl in event_socket.conf.xml" if message.rude else ""
                problem = f"FreeSWITCH closed the event socket: {message.text.strip()}{remedy}"
                self.outcomes.append(GiveUpLink(problem=problem))
            case esl.EslEvent(name="BACKGROUND_JOB"):
                _, then = self._jobs.pop(message.get("Job-UUID"), (0.0, _nobody))
                then(not message.body.startswith("-"), message.body)
            case esl.EslEvent():
                return message
        return None

    def next_timer_s(self) -> float | None:
        """When the oldest answer is overdue."""
        due = [at_s for at_s, _ in self._jobs.values()]
        if self._pending:
            due.append(self._pending[0][0])
        return min(due, default=None)

    def fire(self) -> None:
        """Give up what is overdue."""
        for job, (at_s, then) in list(self._jobs.items()):
            if at_s <= self.now_s:
                del self._jobs[job]
                then(False, "")
        if self._pending and self._pending[0][0] <= self.now_s:
            problem = f"FreeSWITCH did not answer within {self._answer_s:g} s"
            self.outcomes.append(GiveUpLink(problem=problem))
            self.lost()

    def _authenticated(self, good: bool, text: str) -> None:
        self.up = good
        if not good and text:
            problem = f"FreeSWITCH refused the password ({text.strip()}): see acd.password_file"
            self.outcomes.append(GiveUpLink(problem=problem))

    def _ask(self, data: bytes, then: Then) -> None:
        if not self.up or len(self._pending) >= PENDING_MAX:
            then(False, "")
            return
        self._raw(data, then)

    def _raw(self, data: bytes, then: Then) -> None:
        self._pending.append((self.now_s + self._answer_s, then))
        self.outcomes.append(Say(data=data))

    def _answered(self, good: bool, text: str) -> None:
        if self._pending:
            _, then = self._pending.popleft()
            then(good, text)
