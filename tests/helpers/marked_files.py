"""Leaves files alone of which a run by markers can choose nothing.

Reading all files of tests costs half a minute of processor time, and each worker reads them; of
what `-m services` chooses, most of them hold nothing. A file that gives one of these markers says
so by its name, `mark.services`; one that does not is refused wherever all files are read.

Rule of this file: no test that a marker chooses is ever left out.
"""

from __future__ import annotations

from pathlib import Path

import pytest

MARKERS = ("services", "asterisk", "console")
"Of runs that choose few tests of all: `-m services`, `(services or asterisk) and not console`."
LEFT_OUT = " and not console"


class MarkedFiles:
    """Of a run by some of the markers, the files that name one; of any other run, all."""

    def __init__(self, config: pytest.Config) -> None:
        asked = _without_leaving_out(config.getoption("markexpr", "")).split(" or ")
        self._chosen = asked if set(asked) <= set(MARKERS) else []

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """True for a file that cannot hold a test of the markers."""
        if not self._chosen or not _is_of_tests(collection_path):
            return None
        return None if any(_names(collection_path, one) for one in self._chosen) else True

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Raises UsageError for a marker that its file does not name."""
        if self._chosen:
            return
        marked = {
            (item.path, marker)
            for item in items
            for marker in MARKERS
            if item.get_closest_marker(marker) is not None
        }
        for path, marker in sorted(marked):
            if _is_of_tests(path) and not _names(path, marker):
                raise pytest.UsageError(f"{path}: write pytest.mark.{marker} in the file itself")


def _without_leaving_out(expression: str) -> str:
    chosen = expression.removesuffix(LEFT_OUT)
    return expression if chosen == expression else chosen.removeprefix("(").removesuffix(")")


def _is_of_tests(path: Path) -> bool:
    return path.suffix == ".py" and path.name.startswith("test_")


def _names(path: Path, marker: str) -> bool:
    return f"mark.{marker}" in path.read_text(encoding="utf-8")
