"""The parts that ask the core stand together."""

from typing import Any

from nirc.links.node_asks import NodeAsks


def test_each_has_its_routes() -> None:
    none: Any = None
    asks = NodeAsks(post=print, new_id=lambda: "q", tell=none, view=none, controls=none)
    paths = {one.path for one in (*asks.queue.routes(), *asks.controls.routes())}
    assert {"/api/v1/queue/take-out", "/api/v1/controls", "/api/v1/controls/preview"} <= paths
