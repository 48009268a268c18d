"""Turns the `acd` part of a site agent's file into the settings of FreeSWITCH's adapter.

Rule of this file: names and units are mapped, nothing is checked that the file's own part checks.
"""

from __future__ import annotations

from site_agent.adapters.freeswitch.settings import (
    FreeswitchSettings,
    QueueSettings,
    TrunkSettings,
)
from site_agent.freeswitch_config import FreeswitchConfig


def freeswitch_settings(config: FreeswitchConfig) -> FreeswitchSettings:
    """Settings of the adapter."""
    return FreeswitchSettings(
        queues=tuple(
            QueueSettings(
                name=queue.name, places_max=queue.places_max, aht_s=queue.aht_s, open=queue.open
            )
            for queue in config.queues
        ),
        trunks=tuple(
            TrunkSettings(
                name=group.name,
                profile=group.profile,
                channels_max=group.channels_max,
                dial=group.dial or f"sofia/{group.profile}/",
            )
            for group in config.trunk_groups
        ),
        other_queues=config.other_queues,
        domain=config.domain,
        context=config.context,
        moh=config.moh,
        hold_by=config.hold_by,
        hold_guard_s=float(config.hold_guard_s),
        move_guard_s=float(config.move_guard_s),
        ring_s=min(queue.ring_s for queue in config.queues),
        queue_after_s=config.queue_after_s,
        resync_every_s=config.resync_every_s,
        refer=config.refer,
        time_base=config.time_base,
        data_keys=config.agent_data_keys,
    )
