"""Tests on real services that failed beside others run once more, alone.

Two cores that other programs use as well make a deadline of a real program pass by chance. Such a
test may be tried a second time with nothing beside it, and its name is told. What says that a rule
of the product was broken is no matter of luck: a history with a violation, and more failures than
a few, stand as they are.

Rule of this file: a second try takes nothing back that a checker found.
"""

from __future__ import annotations

import pytest

KEY = "nirc/failed_beside"
FAILED_MAX = 4
"Tests; more than these are a fault, not a busy machine."


class FailedBeside:
    """Keeps which tests failed, and in what phase, for a run with `--alone-again`."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._phases: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._phases.setdefault(report.nodeid, []).append(report.when or "")

    def pytest_sessionfinish(self) -> None:
        if getattr(self._config, "cache", None) is not None:
            self._config.cache.set(KEY, self._phases)


def refusal(phases: dict[str, list[str]]) -> str:
    """Why these failures stand as they are; empty where a second try is allowed."""
    if not phases:
        return "nothing failed that could run again"
    judged = [name for name, failed in phases.items() if "teardown" in failed]
    if judged:
        return f"not run again, a history or a clean-up is at fault: {', '.join(judged)}"
    if len(phases) > FAILED_MAX:
        return f"not run again: {len(phases)} failed, and a busy machine explains {FAILED_MAX}"
    return ""


class AloneAgain:
    """Of all tests collected, those that failed the last time; each is told when it ends."""

    def __init__(self, config: pytest.Config) -> None:
        self._phases: dict[str, list[str]] = (
            config.cache.get(KEY, {}) if getattr(config, "cache", None) is not None else {}
        )
        if why := refusal(self._phases):
            pytest.exit(why, returncode=1)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._phases]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for report in terminalreporter.getreports("passed"):
            terminalreporter.write_line(f"PASSED ONLY ALONE {report.nodeid}")
