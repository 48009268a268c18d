"""Compares the names of the site's file with those of FreeSWITCH, and tells those that do not fit.

Rule of this file: only a list that was read to its end says that a name is missing. Queues of
another domain are another's, and nobody is told of them. Nothing about a call is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable

from site_agent.adapters.freeswitch.agents import AgentBook
from site_agent.adapters.freeswitch.desk import Desk
from site_agent.adapters.freeswitch.tables import phone_of, sofia_names
from site_agent.adapters.pbx_names import NameBook, missing, unnamed_queues

GATEWAY = "sofia/gateway/"


class KnownNames:
    """What mod_callcenter and mod_sofia have, and profiles that callers came in on."""

    def __init__(self, desk: Desk, agents: AgentBook) -> None:
        self._desk = desk
        self._agents = agents
        self._book = NameBook(desk.tell)

    def queues(self, pbx_names: Iterable[str]) -> None:
        """`callcenter_config queue list`."""
        settings, known = self._desk.settings, set(pbx_names)
        named = [settings.pbx_name(queue.name) for queue in settings.queues]
        remedy = "correct `acd.queues` or `acd.domain`, or add it to callcenter.conf.xml"
        own = {name for one in known if (name := settings.site_name(one))}
        self._book.listed(
            "queues",
            *missing("queue", named, known, remedy),
            *unnamed_queues(own, [queue.name for queue in settings.queues], settings.other_queues),
        )

    def profiles(self, good: bool, text: str) -> None:
        """`sofia status`."""
        known = sofia_names(text) if good else None
        if known is None:
            return
        trunks = self._desk.settings.trunks
        profile = "correct `acd.trunk_groups[].profile`, or start it: `sofia profile NAME start`"
        dial = "correct `acd.trunk_groups[].dial`, or add it to sofia.conf.xml"
        gateways, dialed = [], []
        for trunk in trunks:
            name = trunk.dial.removeprefix(GATEWAY)
            if name != trunk.dial:
                gateways.append(name.rstrip("/"))
            elif (first := trunk.dial.removeprefix("sofia/").partition("/")[0]) != trunk.profile:
                dialed.append(first)
        self._book.listed(
            "profiles",
            *missing("profile", [trunk.profile for trunk in trunks], known.profiles, profile),
            *missing("profile", dialed, known.profiles | known.aliases, dial),
            *missing("gateway", gateways, known.gateways, dial),
        )

    def caller(self, channel_name: str, trunk_group: str) -> None:
        """A caller came in by this channel, `sofia/PROFILE/...`."""
        kind, _, rest = channel_name.partition("/")
        profile, _, who = rest.partition("/")
        if kind != "sofia" or not who or trunk_group or self._is_agents(who):
            return
        self._book.came_by(
            f"profile {profile}",
            f"a caller came in on profile {profile}, which no trunk group names: such callers are"
            " served here and never moved; give it a trunk group, or set `nirc_trunk` before",
        )

    def _is_agents(self, who: str) -> bool:
        phones = {phone_of(agent.contact) for agent in self._agents.all()}
        return who in phones or who.partition("@")[0] in phones
