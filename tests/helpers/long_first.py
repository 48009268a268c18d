"""Begins with the test files that take longest, so that at the end no worker has one left alone.

Workers take files one by one, those with most tests first; a file of one long test would come last,
and the other processors would wait for it.

Rule of this file: the order changes, and nothing else.
"""

from __future__ import annotations

import pytest

LONG = (
    "tests/cluster/test_matrix.py",
    "tests/services/test_plan_redirect.py",
    "tests/services/test_site_agent_killed.py",
    "tests/services/test_simulator_broken_off.py",
    "tests/simulator/compiled/test_cache_place.py",
    "tests/services/test_probes_through_carrier.py",
    "tests/documents/test_documents.py",
    "tests/services/test_demo.py",
    "tests/services/asterisk/test_overflow.py",
    "tests/services/test_handlers.py",
    "tests/services/test_policy_lifecycle.py",
    "tests/services/test_peer_plan_ways.py",
    "tests/services/test_target_trouble.py",
    "tests/services/test_site_agent_pair.py",
    "tests/services/test_kamailio.py",
    "tests/site_agent/commands/test_conformance.py",
    "tests/services/test_callbacks.py",
    "tests/nrcli/commands/test_main.py",
    "tests/services/test_peer_plan.py",
    "tests/cluster/test_failsafe.py",
    "tests/nirc/stores/test_etcd_lease.py",
    "tests/nirc/test_app.py",
    "tests/services/test_consult_calls.py",
    "tests/services/test_policy_actions.py",
    "tests/services/test_number_pools.py",
    "tests/services/test_black_hole.py",
    "tests/nrcli/commands/test_policy_store.py",
    "tests/services/test_edges.py",
    "tests/services/test_drain.py",
    "tests/services/test_overflow.py",
    "tests/services/test_caller_leaves.py",
    "tests/documents/test_simulator_commands.py",
    "tests/services/test_balancer.py",
)
"Of the tests on services, those that took half a minute and more; the longest first."


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
