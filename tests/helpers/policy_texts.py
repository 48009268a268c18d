"""Policies and a small network as text, for tests of what becomes of policies."""

from __future__ import annotations

HEAD = "apiVersion: nirc/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def text_of(kind: str, name: str, spec: str) -> str:
    """One document; `spec` without its outer braces."""
    return HEAD.format(kind=kind, name=name, spec="{" + spec + "}")


def policy_text(name: str = "default", gain_s: float = 5.0, rule: str = "least-delay") -> str:
    """A policy that differs by a number."""
    rules = (
        f"rules: [{{name: {rule}, select: min_expected_delay, min_gain_s: {gain_s}, "
        "action: route}]"
    )
    return text_of("RoutingPolicy", name, rules)


def network_texts(*sites: str, services: tuple[str, ...] = ("sales",)) -> dict[str, str]:
    """Sites that serve the services by a queue each, and a path from every site."""
    texts = {
        f"NetworkService/{name}": text_of("NetworkService", name, f"queue: {name}, aht_s: 60")
        for name in services
    }
    queues = ", ".join(f"{{name: {name}, services: [{name}]}}" for name in services)
    for site in sites:
        texts[f"Site/{site}"] = text_of("Site", site, f"queues: [{queues}]")
        texts[f"Path/{site}-out"] = text_of(
            "Path",
            f"{site}-out",
            f"from_site: {site}, trunk_group: carrier, to_site: '*', methods: [refer], "
            "arrives_on: network, set_up_p99_s: 0.5, proven: true",
        )
    return texts
