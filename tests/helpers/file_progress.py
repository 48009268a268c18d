"""Prints one line per test file when its last test ends, so that a log tells where time went.

Works with and without pytest-xdist; each test must be reported once in the process that prints.
"""

from collections import Counter
from collections.abc import Iterable

import pytest

OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


class FileProgress:
    """Counts outcomes by file and writes the line of a file that is complete."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._expected: Counter[str] = Counter()
        self._outcomes: dict[str, Counter[str]] = {}
        self._seconds: Counter[str] = Counter()
        self._ended_count = 0

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._expect(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        if not self._expected:
            self._expect(ids)

    def pytest_report_teststatus(
        self, report: pytest.TestReport | pytest.CollectReport
    ) -> tuple[str, str, str] | None:
        """No dot for a test that passed; everything else keeps its letter."""
        if report.outcome == "passed":
            return ("passed" if report.when == "call" else "", "", "PASSED")
        return None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        path = report.nodeid.partition("::")[0]
        self._seconds[path] += report.duration  # type: ignore[assignment]
        outcomes = self._outcomes.setdefault(path, Counter())
        if report.when == "call" or report.outcome != "passed":
            outcomes[_outcome_of(report)] += 1
        if report.when == "teardown":
            outcomes["ended"] += 1
            if outcomes["ended"] == self._expected[path]:
                self._write(path, outcomes)

    def _expect(self, node_ids: Iterable[str]) -> None:
        self._expected.update(node_id.partition("::")[0] for node_id in node_ids)

    def _write(self, path: str, outcomes: Counter[str]) -> None:
        self._ended_count += 1
        told = ", ".join(f"{outcomes[name]} {name}" for name in OUTCOMES if outcomes[name])
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None:
            terminal.write_line(
                f"[{self._ended_count:3}/{len(self._expected)}] {path}: {told}"
                f" in {self._seconds[path]:.1f} s"
            )


def _outcome_of(report: pytest.TestReport) -> str:
    if report.outcome == "failed" and report.when != "call":
        return "error"
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.outcome == "skipped" else "xpassed"
    return report.outcome
