"""What is wrong with a network, and the remedy, from what its nodes say.

Rule of this file: answers of nodes in, findings out, the worst first; nothing is asked here. A
finding says what, where, and what to do, in words for 3 a.m.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nrcli.wire.alarm_advice import advice_for
from nrcli.wire.alarm_models import Alarm
from nrcli.wire.api_models import CallInMotion, SiteStatus, Status

CLOCK_S_MAX = 5.0
"Clocks that differ by more are told; what nodes say of theirs is in whole seconds."
RESERVED_S_MAX = 90.0
"No reservation is meant to last longer."
MOVE_S_MAX = 60.0
"A move whose outcome is not known for longer is stuck."


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or worth a look."""

    wrong: bool
    "False: worth a look, callers are served as they should be."
    place: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSays:
    """What one node answered; `problem` says why it did not."""

    url: str
    problem: str = ""
    status: Status | None = None
    sites: tuple[SiteStatus, ...] = ()
    calls: tuple[CallInMotion, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    clock_ahead_s: float | None = None
    "Its wall clock against this machine's."
    plan_serial: int | None = None
    "Of the PeerPlan among the documents; 0: there is none; None: it did not say."

    @property
    def name(self) -> str:
        """Its name, or where it was looked for."""
        return self.status.node if self.status else self.url


@dataclass(slots=True)
class _Notes:
    """Findings as they come."""

    found: list[Finding] = field(default_factory=list)

    def wrong(self, place: str, what: str, remedy: str) -> None:
        self.found.append(Finding(wrong=True, place=place, what=what, remedy=remedy))

    def look(self, place: str, what: str, remedy: str) -> None:
        self.found.append(Finding(wrong=False, place=place, what=what, remedy=remedy))


def diagnose(nodes: Sequence[NodeSays]) -> list[Finding]:
    """All findings, what is wrong first."""
    notes = _Notes()
    there = [node for node in nodes if node.status is not None]
    for node in nodes:
        if node.status is None:
            remedy = "look at its process and log, start it again; is the token file its own?"
            notes.wrong(node.url, node.problem, remedy)
    _leaders(there, notes)
    for node in there:
        _node(node, notes)
    _sites(there, notes)
    _plans(there, notes)
    _stuck(there, notes)
    _clocks(there, notes)
    _alarms(there, notes)
    return sorted(notes.found, key=lambda one: not one.wrong)


def _leaders(nodes: Iterable[NodeSays], notes: _Notes) -> None:
    seen: dict[str, dict[str, list[str]]] = {}
    for node in nodes:
        for one in node.status.domains if node.status else ():
            seen.setdefault(one.domain, {}).setdefault(one.leader, []).append(node.name)
    for domain, leaders in seen.items():
        named = [leader for leader in leaders if leader]
        if not named:
            remedy = "is etcd in reach, and does a node run that does not drain?"
            notes.wrong(domain, "nobody leads: no calls are moved", remedy)
        elif len(leaders) > 1:
            said = "; ".join(
                f"{', '.join(by)}: {leader or 'nobody'}" for leader, by in sorted(leaders.items())
            )
            remedy = "ask again in 5 s; if it stays so, mend the network between these nodes"
            notes.wrong(domain, f"nodes name different leaders ({said})", remedy)


def _node(node: NodeSays, notes: _Notes) -> None:
    status = node.status
    assert status is not None, "asked only of those who answered"
    if not status.etcd.in_reach:
        notes.wrong(
            node.name, f"etcd is away: {status.etcd.problem}", advice_for("etcd_unreachable")
        )
    if not status.redis.in_reach:
        notes.wrong(node.name, f"Redis is away: {status.redis.problem}", advice_for("redis_away"))
    if status.documents_problem:
        notes.wrong(node.name, status.documents_problem, advice_for("documents_wrong"))
    elif status.documents_from_cache:
        what = "works with documents from its own disk"
        notes.look(node.name, what, "it goes back to etcd's when etcd is in reach")
    if status.draining:
        notes.look(node.name, "drains: it takes no work", "restart it when its upgrade is done")
    if not status.peers_linked:
        remedy = "the only node? else look at the network between the nodes"
        notes.look(node.name, "is linked with no other node", remedy)


def _sites(nodes: Sequence[NodeSays], notes: _Notes) -> None:
    for name in sorted({site.site for node in nodes for site in node.sites}):
        by = {node.name: site for node in nodes for site in node.sites if site.site == name}
        silent = sorted(node for node, site in by.items() if site.liveness != "alive")
        if len(silent) == len(by):
            what = "is silent for every node: no network routing there; its own callers are served"
            notes.wrong(name, what, advice_for("site_down"))
        elif silent:
            notes.wrong(
                name, f"is silent for {', '.join(silent)} only", "look at the way between these"
            )
        elif not any(site.usable for site in by.values()) and _leads(nodes):
            remedy = "does its disk take writes? see the site agent's log (state_file)"
            notes.wrong(name, "has not acknowledged the leader", remedy)


def _leads(nodes: Iterable[NodeSays]) -> bool:
    return any(one.leads_here for node in nodes if node.status for one in node.status.domains)


def _plans(nodes: Sequence[NodeSays], notes: _Notes) -> None:
    """Sites that would not go by the newest peer plan, should NIRC be gone."""
    sites = {site.site: site for node in nodes for site in node.sites if site.tier is not None}
    carried = max((node.plan_serial or 0 for node in nodes), default=0)
    newest = max([carried, *(site.plan_serial for site in sites.values())])
    remedy = (
        "see `peer_plan_refused` among the site agent's alarms; is the plan signed, by its key?"
    )
    for name, site in sorted(sites.items()):
        if not site.plan_serial and not carried:
            continue
        if site.plan_serial < newest:
            has = f"has serial {site.plan_serial}" if site.plan_serial else "has none"
            notes.wrong(name, f"does not use the peer plan of serial {newest}: it {has}", remedy)
        elif not site.plan_usable:
            what = f"the peer plan of serial {site.plan_serial} is over, or withdrawn"
            notes.look(name, what, "draft and sign a newer one, if one is wanted")


def _stuck(nodes: Sequence[NodeSays], notes: _Notes) -> None:
    stuck = {
        (site.site, agent.agent): agent.in_state_s
        for node in nodes
        for site in node.sites
        for agent in site.agents
        if agent.state == "reserved" and agent.in_state_s > RESERVED_S_MAX
    }
    for (site, agent), in_state_s in sorted(stuck.items()):
        what = f"agent {agent} is reserved for {in_state_s:.0f} s"
        remedy = "log the agent out and in; the site agent frees stuck claims by itself: is it new?"
        notes.wrong(site, what, remedy)
    moves = {call.request_id: call for node in nodes for call in node.calls}
    for call in moves.values():
        if call.age_s > MOVE_S_MAX:
            what = f"a move to {call.target_site} has no outcome for {call.age_s:.0f} s"
            notes.wrong(call.origin_site, what, advice_for("unresolved_move"))


def _clocks(nodes: Sequence[NodeSays], notes: _Notes) -> None:
    for node in nodes:
        ahead_s = node.clock_ahead_s
        if ahead_s is not None and abs(ahead_s) > CLOCK_S_MAX:
            way = "ahead of" if ahead_s > 0 else "behind"
            what = f"its clock is {abs(ahead_s):.0f} s {way} this machine's"
            remedy = "set it by NTP: calendars and records follow it, calls do not"
            notes.look(node.name, what, remedy)


def _alarms(nodes: Sequence[NodeSays], notes: _Notes) -> None:
    seen: dict[tuple[str, str, str], list[str]] = {}
    for node in nodes:
        for alarm in node.alarms:
            seen.setdefault((alarm.code, alarm.place, alarm.text), []).append(node.name)
    for (code, place, text), by in seen.items():
        where = place or ", ".join(by)
        notes.wrong(where, f"alarm {code}: {text}", advice_for(code))
