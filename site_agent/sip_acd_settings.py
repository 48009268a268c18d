"""Turns the `acd` part of a site agent's file into the settings of the built-in ACD.

Rule of this file: names and units are mapped, nothing is checked that `config.py` checks.
"""

from __future__ import annotations

from collections.abc import Mapping

from nrcli.sip.limits import TransportLimits
from site_agent.adapters.sip_acd.settings import (
    PRIVATE_NETWORKS,
    AgentSettings,
    LimitSettings,
    MediaSettings,
    QueueSettings,
    ServiceSettings,
    SipAcdSettings,
    TlsPaths,
    TransferClass,
    TransferSettings,
    TrunkGroupSettings,
)
from site_agent.config_parts import queue_fields, split_address
from site_agent.sip.digest_server import DigestSettings
from site_agent.sip.source_shares import StrangerLimits
from site_agent.sip_acd_config import (
    ANSWER_AFTER_S_DEFAULT,
    SipAcdConfig,
    TransfersConfig,
    TrunkGroupConfig,
)
from site_agent.sip_config_parts import SipTlsConfig


def sip_acd_settings(
    config: SipAcdConfig, passwords: Mapping[str, str] | None = None
) -> SipAcdSettings:
    """Settings of the ACD's core; `passwords` of agents whose own part names none."""
    media = config.media
    return SipAcdSettings(
        trunk_groups=tuple(_trunk_group(group, media is not None) for group in config.trunk_groups),
        queues=tuple(
            QueueSettings(**queue_fields(queue), distribution=queue.distribution)
            for queue in config.queues
        ),
        agents=tuple(
            AgentSettings(
                name=agent.name,
                queues=dict(agent.queues),
                contact=agent.contact,
                password=agent.password.get_secret_value() or (passwords or {}).get(agent.name, ""),
                network_id=agent.network_id,
            )
            for agent in config.agents
        ),
        agents_listen=split_address(config.agents_listen or "127.0.0.1:0"),
        agents_transports=tuple(config.agents_transports),
        digest=DigestSettings(**config.digest.model_dump()),
        strangers=StrangerLimits(
            stranger_messages_per_s=config.sip.stranger_messages_per_s,
            strangers_messages_per_s=config.sip.strangers_messages_per_s,
        ),
        bounds=TransportLimits(
            connections_max=config.sip.connections_max,
            connections_per_source_max=config.sip.connections_per_source_max,
            handshake_s_max=config.sip.handshake_s_max,
        ),
        tls=_tls(config.tls),
        agents_peers=config.agents_peers or PRIVATE_NETWORKS,
        services={
            name: ServiceSettings(queue=service.queue, priority=service.priority)
            for name, service in config.services.items()
        },
        transfers=_transfers(config.transfers),
        media=_media(config),
        limits=LimitSettings(
            rona_rest_s=config.rona_rest_s,
            liveness_s=config.liveness_s,
            redirect_options_s=config.redirect_options_s,
        ),
        agent_codes=dict(config.agent_codes),
        agent_data_keys=config.agent_data_keys,
    )


def _media(config: SipAcdConfig) -> MediaSettings:
    media = config.media
    return MediaSettings(
        announcement_uri=media.uri if media else "",
        wav_file=str(media.file) if media and media.file else "",
        announcements_folder=str(media.announcements) if media and media.announcements else "",
        rtp_listen=split_address(config.rtp_listen),
        rtp_address=media.rtp_address or "" if media else "",
    )


def _tls(tls: SipTlsConfig | None) -> TlsPaths | None:
    if tls is None:
        return None
    return TlsPaths(ca=str(tls.ca), cert=str(tls.cert), key=str(tls.key), names=tls.names)


def _trunk_group(group: TrunkGroupConfig, has_media: bool) -> TrunkGroupSettings:
    """Without media and `answer_after_s` a caller rings for as long as the trunk allows."""
    default_s = ANSWER_AFTER_S_DEFAULT if has_media else None
    answer_after_s = default_s if group.answer_after_s is None else group.answer_after_s
    credentials = (group.refer_user, group.refer_password) if group.refer_user else None
    return TrunkGroupSettings(
        name=group.name,
        listen=split_address(group.listen),
        transports=tuple(group.transports),
        kind="network" if group.kind == "network" else "public",
        peers=group.peers,
        ivr_peers=group.ivr_peers,
        identity_peers=group.identity_peers,
        channels_max=group.channels_max,
        calls_per_s_per_source=group.calls_per_s_per_source,
        min_free=group.min_free,
        answer_after_s=answer_after_s,
        queued_182=group.queued_182,
        numbers=dict(group.numbers),
        emergency_numbers=group.emergency_numbers,
        allow_redirect_302=group.allow.redirect_302,
        allow_refer=group.allow.refer,
        refer_credentials=credentials,
        responses=dict(group.responses),
        bridge_identity=group.bridge_identity,
        dial_to=group.dial_to or "",
        dial_from=group.dial_from,
    )


def _transfers(config: TransfersConfig) -> TransferSettings:
    return TransferSettings(
        short_numbers=dict(config.short_numbers),
        classes=tuple(
            TransferClass(
                name=one.name,
                agents=one.agents,
                queues=one.queues,
                services=one.services,
                numbers=one.numbers,
            )
            for one in config.classes
        ),
        search_s_max=config.search_s_max,
        notify_answer_s=config.notify_answer_s,
    )
