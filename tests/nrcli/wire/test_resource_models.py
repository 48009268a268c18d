"""Answers ignore what a later version adds, and lists end where no cursor follows."""

from nrcli.wire.resource_models import Audit, Queues


def test_a_later_version_may_say_more() -> None:
    act = {"at_unix_s": 1.0, "node": "n1", "act": "drainNode", "path": "/", "status": 202}
    audit = Audit.model_validate({"acts": [{**act, "chain": "ab"}], "all_nodes": True})
    assert audit.acts[0].author == "" and audit.next == ""
    assert Queues.model_validate({"queues": [], "more": 1}).next == ""
