"""The peer plan on a site's own disk: read, looked at for changes, written anew from NIRC.

Rule of this file: the file is whole at every moment; no file is no mistake. What a plan means, and
whether it is believed, is the core's business; here only keys are read.
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

    def read(self) -> PeerPlanRead:
        """The file as it is now; without text if there is none."""
        text, problem = self._file.read()
        read = PeerPlanRead(source=str(self._path), text=text, problem=problem)
        return read if self._path.exists() else replace(read, problem="")

    def changed(self) -> PeerPlanRead | None:
        """The file, if it is not as it was when it was read; else nothing."""
        return self.read() if self._file.differs() else None

    def save(self, text: str) -> None:
        """Keep another plan. Raises OSError."""
        beside = self._path.with_name(self._path.name + ".new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
