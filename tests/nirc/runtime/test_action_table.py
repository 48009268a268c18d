"""Every type of action of the router has somebody who carries it out."""

from typing import get_args
from unittest.mock import Mock

from nirc.core.actions import Action, SendToSite, StartTimer, StepDown, StopTimer
from nirc.runtime.action_table import action_table
from nrcli.wire.messages import Heartbeat


def test_every_action_is_carried_out_by_somebody() -> None:
    parts = Mock()
    table = action_table(
        sites=parts.sites,
        peers=parts.peers,
        data=parts.data,
        leaderships=parts.leaderships,
        recorder=parts.recorder,
        alarms=parts.alarms,
        dry_runs=parts.dry_runs,
        entries=parts.entries,
        edges=parts.edges,
        proofs=parts.proofs,
        controls=parts.controls,
        weighers=parts.weighers,
    )
    assert set(table) | {StartTimer, StopTimer} == set(get_args(Action))
    table[SendToSite](SendToSite(site="lisbon", message=Heartbeat(), not_after_s=3.0))
    parts.sites.send.assert_called_once_with("lisbon", Heartbeat(), 3.0)
    table[StepDown](StepDown(domain="default", reason="drain"))
    parts.leaderships.step_down.assert_called_once_with("default", "drain")
