"""The leader is killed while calls are moving: another decides, and no call is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kept_records import kept_legs
from network import TestNetwork, assert_clean, build, wait_until

from nirc.demo.layout import NetworkShape
from nirc.demo.phones_file import Load
from nirc.demo.store_programs import valkey_socket

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]
CALLS = 60


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    """The demo's own three sites, with load."""
    load = Load(calls=CALLS, seed=11, over_s=15.0, talk_s=(1.0, 3.0))
    found = build(tmp_path_factory.mktemp("leader"), NetworkShape(), load)
    try:
        found.start()
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="module")
def calls_ended(network: TestNetwork) -> None:
    """All callers came and went, and the leader was killed among them."""
    network.phones_order("POST", "/start")
    wait_until("calls have moved", lambda: network.moved_count() >= 3)
    killed = network.leader()
    assert killed is not None
    network.processes.kill(killed)
    wait_until("another node leads", lambda: network.leader() not in {None, killed})
    before = network.moved_count()
    wait_until("calls move again", lambda: network.moved_count() > before)
    network.processes.restart(killed)
    wait_until("all calls were placed", lambda: network.phones_status()["calls"] == CALLS)
    wait_until("all calls ended", lambda: network.phones_status()["open"] == 0, within_s=120.0)


@pytest.mark.usefixtures("calls_ended")
def test_the_leader_is_killed_under_load_and_every_call_ends_well(network: TestNetwork) -> None:
    counts = network.phones_status()
    assert counts["lost"] == 0
    assert counts["failed"] == 0
    assert counts["moved_data_intact"] == counts["moved_data_checked"] > 0
    assert_clean(network)


@pytest.mark.usefixtures("calls_ended")
def test_every_call_stands_in_the_records_or_is_known_to_be_missing(network: TestNetwork) -> None:
    """After the killed leader: what it was told and had not written is counted, by its number."""
    store, folder = f"unix://{valkey_socket(network.folder / 'stores')}", network.folder / "kept"

    def all_told() -> bool:
        """The last talks are told when their after-call work is over."""
        legs, missing = kept_legs(store, folder)
        return len(answered(legs) ^ talked(legs)) <= missing

    wait_until("all work after calls is over, and told", all_told)
    legs, missing = kept_legs(store, folder)
    ended = [leg for leg in legs if leg.leg == "caller"]
    assert missing < CALLS / 4
    assert CALLS - missing <= len({leg.interaction_id for leg in ended}) <= CALLS
    came = {leg.token for leg in ended if leg.token}
    gone = {leg.left_token for leg in ended if leg.outcome == "moved_out"}
    assert len(gone) >= network.moved_count() - missing and len(gone ^ came) <= missing


def answered(legs: list[Any]) -> set[str]:
    return {leg.leg_id for leg in legs if leg.leg == "caller" and leg.outcome == "answered"}


def talked(legs: list[Any]) -> set[str]:
    return {leg.parent_leg_id for leg in legs if leg.leg == "agent" and not leg.end_reason}
