"""A promise withholds once and gives back once."""

from __future__ import annotations

from nirc.core.promises import Promise, Promises
from nrcli.wire.messages import ChannelClaim


def promise(request_id: str, agent: str = "diogo", until_s: float = 10.0) -> Promise:
    claims = (ChannelClaim(trunk_group="network", count=2),)
    return Promise(request_id, "porto", "default", 0, agent, claims, until_s)


def test_agents_are_withheld_while_promised() -> None:
    promises = Promises()
    assert promises.add(promise("a"))
    assert promises.add(promise("b", agent=""))
    assert not promises.add(promise("a"))
    assert promises.agent_promised("porto", "diogo")
    assert promises.pop("a", "porto") is not None
    assert promises.pop("a", "porto") is None
    assert not promises.agent_promised("porto", "diogo")
    assert [p.request_id for p in promises] == ["b"]


def test_due() -> None:
    promises = Promises()
    promises.add(promise("a", until_s=5.0))
    promises.add(promise("b", until_s=6.0))
    assert [p.request_id for p in promises.due(5.0)] == ["a"]
    assert len(promises) == 2
    assert promises.get("b", "porto") is not None
