"""Decides what a new call wants: its service, queue and priority, or the status it is refused with.

Rule of this file: the network's number plan comes first, then the numbers in the trunk group's
settings; without a plan only those. A caller on a blocked list gets 603 (nobody is to try another
way); an emergency call is never refused for who calls.
"""

from __future__ import annotations

from dataclasses import dataclass

from routing_policies.call_numbers import CallHeard, CallRead
from site_agent.adapters.base import REJECT_STATUS
from site_agent.adapters.sip_acd.call_data import harmless_number
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.heard_numbers import heard, user_of
from site_agent.adapters.sip_acd.settings import ServiceSettings
from site_agent.adapters.sip_acd.trunks import TrunkGroup
from site_agent.sip.signals import InviteReceived

NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A new call that came by a number."""

    status: int = 0
    "What it is refused with; 0: welcome."
    service: str = ""
    queue: str = ""
    priority: int = 0
    dialed_number: str = ""
    ani: str = ""
    withheld: bool = False
    verified: bool = False
    emergency: bool = False


def newcomer(desk: Desk, event: InviteReceived, trunk: TrunkGroup) -> Newcomer:
    """What this call wants."""
    told = heard(event.request, trunk, event.peer.remote[0], with_called=desk.numbers is not None)
    user = user_of(event.request)
    if desk.numbers is None:
        return _by_settings(desk, trunk, user, told)
    read = desk.numbers.read(told, desk.now_s + desk.unix_offset_s)
    if read.priority.blocked_by:
        desk.counts["blocked_callers"] += 1
        return Newcomer(status=REJECT_STATUS["blocked"])
    if not read.service:
        return _known(desk, _service_by_settings(desk, trunk, user), read, user)
    queue = desk.numbers.queue_of(read.service)
    set_here = desk.settings.services.get(read.service)
    wanted = (read.service, set_here or ServiceSettings(queue=queue))
    return _known(desk, wanted, read, user)


def _by_settings(desk: Desk, trunk: TrunkGroup, user: str, told: CallHeard) -> Newcomer:
    """No plan is in use: the numbers of the trunk group's settings."""
    name, service = _service_by_settings(desk, trunk, user)
    if not name:
        return Newcomer(status=NOT_FOUND)
    caller = harmless_number(told.caller.partition("@")[0].partition(";")[0].removeprefix("tel:"))
    return Newcomer(
        service=name,
        queue=service.queue,
        priority=service.priority,
        dialed_number=harmless_number(user),
        ani="" if told.withheld else caller,
        withheld=told.withheld,
        verified=told.verified and not told.withheld,
        emergency=told.emergency,
    )


def _service_by_settings(desk: Desk, trunk: TrunkGroup, user: str) -> tuple[str, ServiceSettings]:
    name = trunk.service_of(user) or ""
    return name, desk.settings.services.get(name) or ServiceSettings(queue=name)


def _known(desk: Desk, wanted: tuple[str, ServiceSettings], read: CallRead, user: str) -> Newcomer:
    """A call that was read by the plan; refused where no queue here serves it."""
    name, service = wanted
    if service.queue not in desk.queueing.lines:
        desk.counts["numbers_without_queue" if name else "numbers_unknown"] += 1
        return Newcomer(status=NOT_FOUND)
    return Newcomer(
        service=name,
        queue=service.queue,
        priority=max(service.priority, read.priority.priority),
        dialed_number=read.called.text or harmless_number(user),
        ani=harmless_number(read.ani),
        withheld=read.withheld,
        verified=read.verified,
        emergency=read.emergency,
    )
