"""Decides whether a version may come to calls: its cases, lint, freezes, and what sites report.

Rule of this file: it judges and writes nothing. What is wrong is refused; what cannot be judged
now, such as a queue of a site that is down, is a warning.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from nirc.core.view import RouterView, SiteView
from nirc.errors import DocumentRefusedError
from nirc.stores.document_sets import POLICY
from routing_policies.cases import run_cases
from routing_policies.document import NetworkDocuments, load_document
from routing_policies.freeze import open_freeze
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.lint import lint
from routing_policies.versions import Canary, Order
from routing_policies.vocabulary import Names
from routing_policies.written_groups import group_doubts


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSite:
    """What a node sees of a site now."""

    up: bool
    queues: frozenset[str] = frozenset()
    agents: tuple[frozenset[str], ...] = ()
    "The queues of each shared agent."
    trunk_groups: frozenset[str] = frozenset()


SeenSites = Mapping[str, SeenSite]


def seen_sites(view: RouterView) -> SeenSites:
    """The router's picture of all sites."""
    return {site.site: _seen(site) for site in view.sites}


@dataclass(frozen=True, slots=True)
class PublishChecks:
    """All checks. `sees` gives what the node sees of the sites."""

    sees: Callable[[], SeenSites]

    def text(self, policy: str, text: str) -> list[str]:
        """Cases and lint; warnings. Raises DocumentRefusedError."""
        self.cases(policy, text)
        source = POLICY + policy
        findings = lint({source: text})
        errors = [str(one) for one in findings if one.severity == "error"]
        if errors:
            remedy = "`nrcli policy lint FILE` shows them"
            raise DocumentRefusedError(source, "\n".join(errors), remedy)
        return [str(one) for one in findings]

    def cases(self, policy: str, text: str) -> None:
        """The cases inside the policy pass. Raises DocumentRefusedError."""
        source = POLICY + policy
        document = load_document(text, source=source)
        if not isinstance(document, RoutingPolicyDoc) or document.name != policy:
            problem = f"is {document.kind}/{document.name}"
            raise DocumentRefusedError(source, problem, "publish it under its own name")
        failed = [case for case in run_cases(document) if not case.passed]
        if failed:
            lines = [f"{len(failed)} of {len(document.spec.tests)} cases fail:"]
            lines += [f"  {case.name}: {case.told}" for case in failed]
            remedy = "`nrcli policy test FILE` shows them; correct the rules or the cases"
            raise DocumentRefusedError(source, "\n".join(lines), remedy)

    def unused(self, documents: NetworkDocuments, policy: str) -> list[str]:
        """A warning where no service is decided by the policy."""
        if services_of(documents, policy):
            return []
        remedy = f"name it: `policy: {policy}` in a NetworkService or a Tenant"
        return [f"no service uses {policy}, so it decides no call ({remedy})"]

    def queues(self, policy: str, names: Iterable[tuple[str, Names, str]], text: str) -> list[str]:
        """Queues that a policy names and no site reports: refused unless a site is down that may
        have them; warnings."""
        seen = self.sees()
        warnings = []
        for place, whose, name in names:
            if whose is Names.QUEUE:
                warnings += _judged(policy, place, name, seen)
        document = load_document(text, source=POLICY + policy)
        assert isinstance(document, RoutingPolicyDoc)
        for i, rule in enumerate(document.spec.rules):
            if rule.to is not None:
                site = seen.get(rule.to.site, SeenSite(up=False))
                place = f"spec.rules[{i}].to.queue"
                warnings += _judged(policy, place, rule.to.queue, {rule.to.site: site})
        return warnings

    def trunk_groups(self, documents: NetworkDocuments, keys: Collection[str]) -> list[str]:
        """Trunk groups that these documents name and the sites do not have, as far as is seen."""
        seen = self.sees().items()
        reported = {name: site.trunk_groups for name, site in seen if site.up}
        return group_doubts(documents, keys, reported)

    def freeze(
        self, documents: NetworkDocuments, policy: str, order: Order, at_unix_s: float
    ) -> None:
        """Refused while a tenant that the policy serves is frozen, unless a reason overrides."""
        found = open_freeze(documents, policy, at_unix_s)
        if found is not None and not order.override_freeze:
            remedy = "wait, or give `--override-freeze REASON`: the reason is kept in the history"
            raise DocumentRefusedError(POLICY + policy, found.told, remedy)

    def shared_agents(
        self, documents: NetworkDocuments, policy: str, canary: Canary, forced: str
    ) -> list[str]:
        """A share splits calls, and agents who serve other calls too make the figures of both
        parts worthless: refused unless forced with a reason."""
        if canary.share >= 1.0:
            return []
        told = _shared_told(documents, policy, canary, self.sees())
        if told and not forced:
            remedy = (
                "choose the calls by --site or --service, or give `--force REASON`: "
                "the reason is kept in the history"
            )
            problem = f"a canary by share needs agents of its own: {'; '.join(told)}"
            raise DocumentRefusedError(POLICY + policy, problem, remedy)
        return told


def services_of(documents: NetworkDocuments, policy: str) -> frozenset[str]:
    """Services that a policy decides for."""
    return frozenset(
        name for name in documents.services if documents.policy_of(name).live.name == policy
    )


def _shared_told(
    documents: NetworkDocuments, policy: str, canary: Canary, seen: SeenSites
) -> list[str]:
    """Where agents serve calls that the canary is not about, in words."""
    concerned = services_of(documents, policy)
    if canary.services:
        concerned &= frozenset(canary.services)
    told: list[str] = []
    for site in documents.sites.values():
        own = set()
        for queue in site.spec.queues:
            served = frozenset(queue.services) or frozenset(
                name for name, one in documents.services.items() if one.spec.queue == queue.name
            )
            if served & concerned:
                own.add(queue.name)
                if others := sorted(served - concerned):
                    told.append(f"{site.name} {queue.name} serves {', '.join(others)} too")
        site_seen = seen.get(site.name)
        both = [a for a in (site_seen.agents if site_seen else ()) if a & own and a - own]
        if both:
            others = sorted(frozenset().union(*both) - own)
            told.append(f"{len(both)} agents of {site.name} serve {', '.join(others)} too")
    return told


def _judged(policy: str, place: str, queue: str, seen: SeenSites) -> list[str]:
    """Nothing where a site reports the queue, a warning where one is down that may have it."""
    if any(queue in site.queues for site in seen.values() if site.up):
        return []
    down = sorted(name for name, site in seen.items() if not site.up)
    one = next(iter(seen)) if len(seen) == 1 else ""
    told = f"{one or 'no site'} reports {'no' if one else 'a'} queue {queue}"
    if seen and not down:
        reported = sorted({name for site in seen.values() for name in site.queues})
        remedy = f"reported are: {', '.join(reported) or 'none'}"
        raise DocumentRefusedError(POLICY + policy, f"{place}: {told}", remedy)
    if one:
        return [f"{place}: whether {one} has a queue {queue} is not known: {one} is down"]
    whose = f"down: {', '.join(down)}" if down else "no site has been heard"
    return [f"{place}: {told} now ({whose})"]


def _seen(site: SiteView) -> SeenSite:
    return SeenSite(
        up=site.linked and site.synced,
        queues=frozenset(queue.queue for queue in site.queues),
        agents=tuple(frozenset(one.queue for one in agent.queues) for agent in site.agents),
        trunk_groups=frozenset(one.trunk_group for one in site.trunks),
    )
