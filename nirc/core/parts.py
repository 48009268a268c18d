"""The parts of the router that several others work with.

Rule of this file: names only. They are made and joined by `router`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nirc.core.active_policy import ActivePolicy
from nirc.core.alarms import Alarms
from nirc.core.attached_data import AttachedData
from nirc.core.black_holes import BlackHoles
from nirc.core.choose_site import SiteChoice
from nirc.core.controls import Controls
from nirc.core.decision_log import DecisionLog
from nirc.core.grey_failures import GreyFailures
from nirc.core.last_agents import LastAgents
from nirc.core.leader_knowledge import LeaderKnowledge
from nirc.core.leadership import Leadership
from nirc.core.network_queue import NetworkQueue
from nirc.core.network_state import NetworkState
from nirc.core.overload import Admission
from nirc.core.policy_memory import PolicyMemory
from nirc.core.settings import RouterSettings
from nirc.core.site_documents import SiteDocumentSender
from nirc.core.site_majority import SiteMajority
from nirc.core.site_relay import SiteRelay
from nirc.core.statistics import Statistics
from nirc.core.transfer import Transfers


@dataclass(slots=True, kw_only=True)
class Parts:
    """What deciding needs of the rest of the router."""

    settings: RouterSettings
    active: ActivePolicy
    choice: SiteChoice
    controls: Controls
    network: NetworkState
    queue: NetworkQueue
    leadership: Leadership
    knowledge: LeaderKnowledge
    relay: SiteRelay
    majority: SiteMajority
    transfers: Transfers
    holes: BlackHoles
    data: AttachedData
    log: DecisionLog
    admission: Admission
    alarms: Alarms
    grey: GreyFailures
    statistics: Statistics
    documents: SiteDocumentSender
    memory: PolicyMemory
    last_agents: LastAgents
    new_id: Callable[[], str]
