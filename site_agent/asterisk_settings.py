"""Turns the `acd` part of a site agent's file into the settings of the Asterisk adapter.

Rule of this file: names and units are mapped, nothing is checked that `asterisk_config` checks.
"""

from __future__ import annotations

from site_agent.adapters.asterisk.ami_session import SessionSettings
from site_agent.adapters.asterisk.settings import (
    AsteriskSettings,
    QueueSettings,
    TrunkSettings,
)
from site_agent.asterisk_config import AmiConfig, AsteriskConfig
from site_agent.config_parts import queue_fields
from site_agent.errors import ConfigError


def asterisk_settings(config: AsteriskConfig) -> AsteriskSettings:
    """Settings of the adapter."""
    return AsteriskSettings(
        queues=tuple(QueueSettings(**queue_fields(queue)) for queue in config.queues),
        trunk_groups=tuple(
            TrunkSettings(
                name=group.name,
                endpoints=group.endpoints or (group.name,),
                channels_max=group.channels_max,
                redirect_302=group.allow.redirect_302,
                refer=group.allow.refer,
            )
            for group in config.trunk_groups
        ),
        other_queues=config.other_queues,
        agent_data_keys=config.agent_data_keys,
        hold_s_max=config.hold_s_max,
    )


def session_settings(config: AmiConfig) -> SessionSettings:
    """Who logs in. Raises `ConfigError` if the secret cannot be read."""
    try:
        secret = config.secret_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        problem = f"{config.secret_file} cannot be read: {error}"
        remedy = "write the secret of manager.conf into it, readable by this user"
        raise ConfigError("acd.ami.secret_file", problem, remedy) from error
    if not secret:
        raise ConfigError("acd.ami.secret_file", f"{config.secret_file} is empty", "write it")
    return SessionSettings(user=config.user, secret=secret)
