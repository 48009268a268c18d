"""One network and one browser for all tests of the console."""

from collections.abc import Iterator

import pytest
from console_demo import Console, ConsoleDemo, chromium, console_demo, window
from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def demo() -> Iterator[ConsoleDemo]:
    with console_demo() as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def console(browser: Browser, demo: ConsoleDemo) -> Iterator[Console]:
    with window(browser, demo) as found:
        yield found
