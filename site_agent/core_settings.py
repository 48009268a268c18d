"""Turns what the settings file says into what the site daemon works by.

Rule of this file: names and numbers are carried over as they are.
"""

from __future__ import annotations

from site_agent.asterisk_config import AsteriskConfig, AsteriskTrunkConfig
from site_agent.config import AcdConfig, SiteConfig
from site_agent.core.settings import QueueRules, SiteSettings, TrunkRules
from site_agent.freeswitch_config import FreeswitchConfig
from site_agent.http_push_config import HttpPushAcdConfig
from site_agent.sip_acd_config import SipAcdConfig


def site_settings(config: SiteConfig) -> SiteSettings:
    """The daemon's settings, from the file."""
    acd = config.acd
    plan, edges = config.peer_plan, config.pre_route
    return SiteSettings(
        queues={
            queue.name: QueueRules(
                queue=queue.name,
                shared=queue.shared,
                max_loan=queue.max_loan,
                min_reserve=queue.min_reserve,
            )
            for queue in acd.queues
        },
        trunks=_trunks(acd),
        late_match=config.late_match.settings(),
        test_calls=_test_calls(acd),
        callbacks=config.callbacks.settings(),
        pbx_away_s=_pbx_away_s(acd),
        ask_after_s=config.overflow.ask_after_s,
        requery_s=config.overflow.requery_s,
        deadline_s=config.overflow.deadline_s,
        short_call_s=config.overflow.short_call_s,
        return_ramp_s=plan.return_ramp_s if plan else 5.0,
        return_jitter_s=plan.return_jitter_s if plan else 2.0,
        pre_route_homes=edges.homes if edges else {},
        pre_route_emergency=frozenset(edges.emergency_numbers if edges else ()),
        blind_shares={one.service: one.as_setting() for one in config.blind_shares},
    )


def _test_calls(acd: AcdConfig) -> bool:
    if isinstance(acd, HttpPushAcdConfig):
        return acd.test_calls
    return isinstance(acd, SipAcdConfig | AsteriskConfig | FreeswitchConfig)


def _pbx_away_s(acd: AcdConfig) -> float:
    if isinstance(acd, AsteriskConfig | FreeswitchConfig | HttpPushAcdConfig):
        return acd.alarm_after_s
    return SiteSettings().pbx_away_s


def _trunks(acd: AcdConfig) -> dict[str, TrunkRules]:
    if isinstance(acd, AsteriskConfig | FreeswitchConfig):
        refers = not isinstance(acd, FreeswitchConfig) or acd.refer
        return {
            group.name: TrunkRules(
                trunk_group=group.name,
                min_free=group.min_free,
                address=group.address,
                transport=group.transport,
                kind=group.kind,
                plan_calls=isinstance(group, AsteriskTrunkConfig) and group.plan_calls,
                redirect_302=group.allow.redirect_302,
                refer=group.allow.refer and refers,
            )
            for group in acd.trunk_groups
        }
    if isinstance(acd, HttpPushAcdConfig):
        return {
            group.name: TrunkRules(
                trunk_group=group.name,
                min_free=group.min_free,
                address=group.address,
                kind=group.kind,
                redirect_302=group.allow.redirect_302,
                refer=group.allow.refer,
                dials=group.dials,
            )
            for group in acd.trunk_groups
        }
    return {
        group.name: TrunkRules(
            trunk_group=group.name,
            min_free=group.min_free,
            address=group.listen,
            transport=group.transports[0],
            kind=group.kind,
            redirect_302=group.allow.redirect_302,
            refer=group.allow.refer,
            dials=group.dial_to is not None,
            dial_to=group.dial_to or "",
            dial_from=group.dial_from,
            test_number=group.test_number,
            number_domains=group.number_domains,
        )
        for group in (acd.trunk_groups if isinstance(acd, SipAcdConfig) else ())
    }
