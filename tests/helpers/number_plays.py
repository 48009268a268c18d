"""Documents of a site that owns a pool of two numbers, for plays of a site daemon."""

from __future__ import annotations

import json

from routing_policies.kinds import NumberPoolDoc
from site_agent.adapters.base import CallArriving

ONE, TWO = "+351210000001", "+351210000002"


def pool_text(name: str = "moves", trunk_group: str = "network", **fields: object) -> str:
    spec = {"site": "lisbon", "trunk_group": trunk_group, "numbers": [ONE, TWO]} | fields
    return json.dumps(
        {"apiVersion": "nirc/v1", "kind": "NumberPool", "metadata": {"name": name}, "spec": spec}
    )


def pool(**fields: object) -> NumberPoolDoc:
    return NumberPoolDoc.model_validate_json(pool_text(**fields))  # type: ignore[arg-type]


def documents(**fields: object) -> bytes:
    return json.dumps(
        {"NumberPool/moves": pool_text(**fields)}  # type: ignore[arg-type]
    ).encode()


def by_number(number: str, call_id: str = "a1", **fields: str) -> CallArriving:
    known = {"trunk_group": "network", "invite_key": f"key-{call_id}"} | fields
    return CallArriving(call_id=call_id, token=number, **known)
