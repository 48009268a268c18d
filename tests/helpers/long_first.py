"""Begins with the test files that take longest, so that at the end no worker has one left alone.

Workers take files one by one, those with most tests first; a file of one long test would come last,
and the other processors would wait for it.

Rule of this file: the order changes, and nothing else.
"""

from __future__ import annotations

import pytest

LONG = (
    "tests/cluster/test_matrix.py",
    "tests/documents/test_documents.py",
    "tests/services/test_balancer.py",
    "tests/services/test_policy_actions.py",
    "tests/services/test_demo.py",
    "tests/documents/test_simulator_commands.py",
    "tests/services/test_handlers.py",
    "tests/services/test_agent_transfers.py",
    "tests/services/test_callbacks.py",
    "tests/services/test_agents_pass_on.py",
    "tests/services/asterisk/test_shell.py",
    "tests/services/test_number_pools.py",
    "tests/services/test_edges.py",
    "tests/services/test_consult_calls.py",
    "tests/cluster/test_failsafe.py",
    "tests/services/test_kamailio.py",
    "tests/services/test_drain.py",
    "tests/services/test_leader_killed.py",
)
"Of the tests on services, those of half a minute and more; the longest first."


class LongFirst:
    """Puts tests in this order, and has pytest-xdist hand files out in it."""

    def __init__(self, config: pytest.Config) -> None:
        if hasattr(config.option, "loadscopereorder"):
            config.option.loadscopereorder = False

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Files that are not named keep their order behind those that are."""
        place = {path: number for number, path in enumerate(LONG)}
        items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONG)))
