"""Who is logged in where: one person has one agent that counts, whatever sites report them.

Rule of this file: of two log-ins under one network-wide id the later wins, by how long each has
been logged in, then the site's incarnation, then its name; so every node, and the next leader, says
the same. The other stands withheld until its site has taken it out.
"""

from __future__ import annotations

from nirc.core.agent_table import AgentTable
from nrcli.wire.messages import AgentReport, AgentState

Place = tuple[str, str]
"(site, agent)"
Claim = tuple[float, int, str, str]
"(log-in by this node's clock, incarnation, site, agent): the highest is the person."
SAME_S = 2.0
"Reports of one log-in take different times to come here: an instant this near is the same one."
ELSEWHERE = "elsewhere"
"A site's word that it has taken the agent out for a log-in elsewhere."


class AgentIds:
    """Log-ins by network-wide id."""

    __slots__ = ("_agents", "_claims", "_ids", "_told")

    def __init__(self, agents: AgentTable) -> None:
        self._agents = agents
        self._claims: dict[str, dict[Place, Claim]] = {}
        self._ids: dict[Place, str] = {}
        self._told: set[tuple[Place, str]] = set()

    def reported(
        self, site: str, incarnation: int, name: str, report: AgentReport | None, now_s: float
    ) -> list[tuple[Place, str, str]]:
        """A site said this of an agent, or that they are gone. Returns whom to tell: the place that
        lost the id, the id, and the site that has it."""
        place = (site, name)
        before = self._ids.pop(place, "")
        old = self._claims[before].pop(place, None) if before else None
        now = report.network_id if report is not None and _is_in(report) else ""
        if now and report is not None:
            self._ids[place] = now
            at_s = now_s - report.in_state_s - report.logged_in_before_s
            if old is not None and before == now and abs(old[0] - at_s) < SAME_S:
                at_s = old[0]
            self._claims.setdefault(now, {})[place] = (at_s, incarnation, site, name)
        else:
            self._shadow(place, shadowed=False)
        lost: list[tuple[Place, str, str]] = []
        for network_id in {before, now} - {""}:
            lost += self._judge(network_id)
        return lost

    def site_of(self, network_id: str) -> str:
        """Where this person is logged in; empty: nowhere."""
        claims = self._claims.get(network_id)
        return max(claims.values())[2] if claims else ""

    def _judge(self, network_id: str) -> list[tuple[Place, str, str]]:
        claims = self._claims[network_id]
        if not claims:
            del self._claims[network_id]
            return []
        winner = max(claims.values())
        found = []
        for place, claim in claims.items():
            self._shadow(place, shadowed=claim != winner)
            key = (place, network_id)
            if claim == winner:
                self._told.discard(key)
            elif key not in self._told:
                self._told.add(key)
                found.append((place, network_id, winner[2]))
        return found

    def _shadow(self, place: Place, *, shadowed: bool) -> None:
        self._agents.shadow(*place, shadowed=shadowed)


def _is_in(report: AgentReport) -> bool:
    """Logged in, and not taken out already for a log-in elsewhere?"""
    away = report.state is AgentState.NULL
    taken_out = report.state is AgentState.NOT_READY and report.reason == ELSEWHERE
    return not (away or taken_out)
