"""Paths and bodies that the client sends. (Against a real node: commands/test_policy_store.)"""

from typing import Any

from pydantic import BaseModel

from nrcli.policy_client import PolicyClient
from nrcli.wire import policy_models as models

DONE = models.PolicyDone(policy="p", version=1, live=1, changed=True)


class Node:
    """Remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def read(self, model: Any, path: str) -> Any:
        self.asked.append(("GET", path))
        return models.PolicyStatus(policy="p", live=7, newest=7)

    async def send(self, model: Any, path: str, body: BaseModel) -> Any:
        self.asked.append((path, body.model_dump_json(exclude_defaults=True)))
        return DONE


async def test_the_live_version_is_looked_up() -> None:
    node = Node()
    await PolicyClient(node).version("p", 0)  # type: ignore[arg-type]
    await PolicyClient(node).version("p", 3)  # type: ignore[arg-type]
    paths = [path for _, path in node.asked]
    assert paths == ["/policies/p", "/policies/p/versions/7", "/policies/p/versions/3"]


async def test_acts_go_to_their_paths() -> None:
    node = Node()
    client = PolicyClient(node)  # type: ignore[arg-type]
    await client.publish("p", models.PublishPolicy(author="ana", text="t"))
    await client.rollback("a/b", models.RollbackPolicy(author="ana"))
    await client.stop("p", models.StopPolicy(author="ana", canary=True))
    assert node.asked == [
        ("/policies/p/publish", '{"author":"ana","text":"t"}'),
        ("/policies/a%2Fb/rollback", '{"author":"ana"}'),
        ("/policies/p/stop", '{"author":"ana","canary":true}'),
    ]
