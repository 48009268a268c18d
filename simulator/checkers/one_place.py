"""S3: a caller is in one place: served by one site at a time, talking with one agent at a time.

Rule of this file: an interaction that was put back at its origin must not live on at the target. A
move counted `unresolved` is the one exception, and is told as such by its own line.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.history import Line, Violation

NAME = "S3"
LOOKS_AT = ("call_connected", "call_arriving")
KEPT_AT_HOME = ("refused", "busy", "no_answer", "error", "timeout", "served_at_home")


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of S3, in order."""
    checker = _Checker()
    for line in lines:
        checker.take(line)
    return checker.found


class _Checker:
    """Live legs, and who talks, per interaction."""

    def __init__(self) -> None:
        self.found: list[Violation] = []
        self._talks: dict[str, set[tuple[str, str]]] = {}
        self._taken: dict[str, tuple[str, str]] = {}
        "Token to the leg that came with it and is live."
        self._kept: set[str] = set()
        "Tokens whose caller the origin has kept."
        self._returned: set[str] = set()
        self._unresolved: set[str] = set()

    def take(self, line: Line) -> None:
        """One line."""
        match line.kind:
            case "call_arriving":
                self._arriving(line)
            case "call_connected":
                self._connected(line)
            case "transfer_begun":
                self._passed_on(line)
            case "call_ended":
                self._ended(line)
            case "move_started":
                self._moved(line)
            case "move_ended":
                self._move_ended(line)

    def _arriving(self, line: Line) -> None:
        token = line.text("token")
        if line.text("verdict") not in ("accepted", "ordinary"):
            return
        self._taken[token] = (line.site, line.text("call"))
        if token in self._kept:
            self._wrong(line, f"token {token} was accepted after its origin kept the caller")

    def _connected(self, line: Line) -> None:
        interaction = line.text("interaction")
        talks = self._talks.setdefault(interaction, set())
        talks.add((line.site, line.text("call")))
        if len(talks) > 1 and interaction not in self._unresolved:
            self._wrong(line, f"{interaction} talks in {len(talks)} places: {sorted(talks)}")

    def _moved(self, line: Line) -> None:
        interaction = line.text("interaction")
        if (line.site, line.text("call")) in self._talks.get(interaction, set()):
            self._wrong(line, f"{interaction} is moved away while an agent talks with them")

    def _passed_on(self, line: Line) -> None:
        """The agent talks with the caller no longer, who waits or is moved until one does again."""
        self._talks.get(line.text("interaction"), set()).discard((line.site, line.text("call")))

    def _ended(self, line: Line) -> None:
        leg = (line.site, line.text("call"))
        self._talks.get(line.text("interaction"), set()).discard(leg)
        for token in [token for token, taken in self._taken.items() if taken == leg]:
            del self._taken[token]

    def _move_ended(self, line: Line) -> None:
        token, outcome = line.text("token"), line.text("outcome")
        if outcome == "unresolved":
            self._unresolved.add(line.text("interaction"))
        elif outcome in KEPT_AT_HOME and line.text("method") == "refer":
            self._kept.add(token)
            if token in self._taken:
                text = f"{line.text('interaction')} was put back while {self._taken[token]} has it"
                self._wrong(line, text)

    def _wrong(self, line: Line, text: str) -> None:
        self.found.append(Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text))
