"""Documents of a small network as texts, for tests that join them."""

from __future__ import annotations

HEAD = "apiVersion: nirc/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n"
PATH = "from_site: {}, trunk_group: carrier, to_site: '{}', methods: [refer], arrives_on: network"
POLICY = "rules: [{name: own, when: origin.free_count > 0, action: queue_at_origin}]"
ADDRESS = "addresses: [{site: porto, trunk_group: network, host: 127.0.0.1, port: 5060}]"


def texts(**specs: str) -> dict[str, tuple[str, int]]:
    """`Site__porto="queues: []"` as the document Site/porto, at revisions 1, 2, 3..."""
    found = {}
    for revision, (key, spec) in enumerate(specs.items(), 1):
        kind, name = key.split("__")
        text = HEAD.format(kind=kind, name=name.replace("_", "-")) + f"spec: {{{spec}}}\n"
        found[f"{kind}/{name.replace('_', '-')}"] = (text, revision)
    return found


GOOD = texts(
    Site__lisbon="",
    Site__porto="queues: [{name: front, services: [sales]}]",
    NetworkService__sales="queue: sales",
    Path__out=PATH.format("lisbon", "*"),
    SiteTable__network=ADDRESS,
    RoutingPolicy__mine=POLICY,
)
