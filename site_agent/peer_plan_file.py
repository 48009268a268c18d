"""The peer plan on a site's own disk: read, looked at for changes, written anew from NIRC.

Rule of this file: the file is whole at every moment; no file is no mistake. Beside it lies a copy
of the plan that was taken last, so that a bad one put in its place by hand costs nothing at the
next start. What a plan means, and whether it is believed, is the core's business.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from nrcli.errors import SettingsError
from nrcli.wire.signatures import SignatureError, call_key, check_signature, public_key
from site_agent.core.events import PeerPlanRead
from site_agent.core.peer_plans import PlanTrust
from site_agent.errors import ConfigError
from site_agent.peer_plan_config import PeerPlanConfig
from site_agent.rules_file import PlainFile


def plan_trust(config: PeerPlanConfig) -> PlanTrust:
    """Whom the settings trust. Raises ConfigError."""
    try:
        key, calls = public_key(config.public_key_file), call_key(config.call_key_file)
    except SettingsError as error:
        raise ConfigError(f"peer_plan: {error.place}", error.problem, error.remedy) from error

    def problem_of(text: str) -> str:
        try:
            check_signature(text, key)
        except SignatureError as error:
            return str(error)
        return ""

    return PlanTrust(problem_of=problem_of, call_key=calls)


class PeerPlanFile:
    """One file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = PlainFile(path)
        self._taken = path.with_name(path.name + ".taken")

    def at_start(self) -> tuple[PeerPlanRead, ...]:
        """What a process begins with: the plan taken last, then the file if it is another."""
        text, problem = PlainFile(self._taken).read()
        now = self.read()
        if problem or text == now.text:
            return (now,)
        return PeerPlanRead(source=str(self._taken), text=text, problem=""), now

    def read(self) -> PeerPlanRead:
        """The file as it is now; without text if there is none."""
        text, problem = self._file.read()
        read = PeerPlanRead(source=str(self._path), text=text, problem=problem)
        return read if self._path.exists() else replace(read, problem="")

    def changed(self) -> PeerPlanRead | None:
        """The file, if it is not as it was when it was read; else nothing."""
        return self.read() if self._file.differs() else None

    def save(self, text: str, *, by_hand: bool = False) -> None:
        """Keep another plan; one put there by hand has its file already. Raises OSError."""
        _write(self._taken, text)
        if not by_hand:
            _write(self._path, text)


def _write(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
