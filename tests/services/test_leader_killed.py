"""The leader is killed while calls are moving: another decides, and no call is lost."""

from __future__ import annotations

from collections.abc import Iterator

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


def test_the_leader_is_killed_under_load_and_every_call_ends_well(network: TestNetwork) -> None:
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
    counts = network.phones_status()
    assert counts["lost"] == 0
    assert counts["failed"] == 0
    assert counts["moved_data_intact"] == counts["moved_data_checked"] > 0
    assert_clean(network)


def test_every_call_stands_in_the_records_or_is_known_to_be_missing(network: TestNetwork) -> None:
    """After the killed leader: what it was told and had not written is counted, by its number."""
    store = f"unix://{valkey_socket(network.folder / 'stores')}"
    legs, missing = kept_legs(store, network.folder / "kept")
    ended = [leg for leg in legs if leg.leg == "caller"]
    assert missing < CALLS / 4
    assert CALLS - missing <= len({leg.interaction_id for leg in ended}) <= CALLS
    came = {leg.token for leg in ended if leg.token}
    gone = {leg.left_token for leg in ended if leg.outcome == "moved_out"}
    assert len(gone) >= network.moved_count() - missing and len(gone ^ came) <= missing
    talks = [leg for leg in legs if leg.leg == "agent" and not leg.end_reason]
    answered = {leg.leg_id for leg in ended if leg.outcome == "answered"}
    assert len(answered ^ {leg.parent_leg_id for leg in talks}) <= missing
