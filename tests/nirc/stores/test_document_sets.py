"""What a change is checked against and writes: versions for every policy, one serial key."""

import pytest
from policy_texts import network_texts, policy_text, text_of

from nirc.errors import DocumentConflictError, DocumentRefusedError
from nirc.stores.document_sets import (
    PREFIX,
    SERIAL_KEY,
    Change,
    Snapshot,
    check_bounds,
    check_revisions,
    check_whole,
    checks_of,
    edit_of,
    joined,
    snapshot_of,
    texts_of,
    writes_of_edit,
)
from nirc.stores.etcd_values import Delete, KeyValue
from nirc.stores.policy_records import state_key, state_text
from routing_policies.versions import Canary, Order, PolicyState, digest_of

ORDER = Order(author="ana", reason="r", at_unix_s=1.0)
POLICY = "RoutingPolicy/default"


def kv(key: str, text: str, revision: int = 5) -> KeyValue:
    return KeyValue(key=key, value=text.encode(), create_revision=1, mod_revision=revision)


def snapshot(**states: PolicyState) -> Snapshot:
    texts = {**network_texts("lisbon"), POLICY: policy_text()}
    kvs = [kv(PREFIX + key, text) for key, text in texts.items()]
    kvs += [kv(state_key(name), state_text(state), 6) for name, state in states.items()]
    return snapshot_of(kvs, 9, kv(SERIAL_KEY, "", 8))


def test_a_snapshot_has_documents_and_states() -> None:
    found = snapshot(default=PolicyState(live=4, newest=4, digest=digest_of(policy_text())))
    assert found.documents[POLICY].mod_revision == 5 and found.states["default"].live == 4
    assert (found.serial_revision, found.state_revisions) == (8, {"default": 6})
    assert found.state_of("default", 1.0).events == ()
    with pytest.raises(DocumentRefusedError, match="cannot be used"):
        snapshot_of([kv(state_key("default"), "{")], 9)


def test_a_policy_always_makes_a_version() -> None:
    edit = edit_of([Change(key=POLICY, text=policy_text(gain_s=9))], snapshot(), ORDER, 1000)
    step = edit.steps["default"]
    assert [one.action for one in step.versions] == ["found", "put"] and step.state.live == 2
    keys = [write.key for write in writes_of_edit(edit)]
    assert keys[0] == SERIAL_KEY and PREFIX + POLICY in keys and state_key("default") in keys
    checks = {check.key: check.mod_revision for check in checks_of(edit, snapshot())}
    assert checks == {SERIAL_KEY: 8, PREFIX + POLICY: 5, state_key("default"): 0}
    gone = edit_of([Change(key=POLICY, text=None)], snapshot(), ORDER, 1000)
    assert gone.steps["default"].state.live == 0
    assert any(isinstance(write, Delete) for write in writes_of_edit(gone))


def test_other_documents_make_none() -> None:
    site = network_texts("lisbon")["Site/lisbon"]
    edit = edit_of([Change(key="Site/lisbon", text=site)], snapshot(), ORDER, 1000)
    assert not edit.steps and not edit.is_empty
    assert check_whole(snapshot(), edit).sites.keys() == {"lisbon"}
    with pytest.raises(DocumentRefusedError):
        check_whole(snapshot(), edit_of([Change(key="Site/x", text=site)], snapshot(), ORDER, 9))


def test_versions_are_numbered_as_their_state_says() -> None:
    canary = Canary(version=5, sites=("lisbon",))
    texts = {5: policy_text(gain_s=1)}
    state = PolicyState(
        live=4, newest=5, digest=digest_of(policy_text()), canary=canary, texts=texts
    )
    found = snapshot(default=state)
    used = joined(texts_of(found), found.states, 9).policies["default"]
    assert used.deciding("lisbon", "sales", 0.5)[0].version == 5
    assert used.deciding("porto", "sales", 0.5)[0].version == 4
    plain = snapshot()
    assert joined(texts_of(plain), plain.states, 9).policies["default"].live.version == 1


def test_bounds_and_revisions() -> None:
    with pytest.raises(DocumentRefusedError, match="twice"):
        check_bounds([Change(key="Site/a", text=""), Change(key="Site/a", text="")])
    with pytest.raises(DocumentConflictError):
        check_revisions([Change(key=POLICY, text="", if_revision=4)], snapshot())
    check_revisions([Change(key=POLICY, text="", if_revision=5)], snapshot())


def test_only_what_an_edit_makes_wrong_about_trunk_groups_is_refused() -> None:
    def table(group: str) -> str:
        row = f"{{site: porto, trunk_group: {group}, host: 10.0.0.2, port: 5060}}"
        return text_of("SiteTable", "t", f"addresses: [{row}]")

    path = "from_site: lisbon, trunk_group: pstn, to_site: porto, arrives_on: net, methods: [refer]"
    texts = network_texts("lisbon", "porto") | {"SiteTable/t": table("net")}
    texts = {key: text for key, text in texts.items() if not key.startswith("Path/")}
    texts["Path/p"] = text_of("Path", "p", path)

    def check(key: str, text: str | None) -> None:
        stood = snapshot_of([kv(PREFIX + one, body) for one, body in texts.items()], 9)
        check_whole(stood, edit_of([Change(key=key, text=text)], stood, ORDER, 9))

    with pytest.raises(DocumentRefusedError, match="did you mean net") as caught:
        check("Path/q", text_of("Path", "q", path.replace("on: net", "on: netz")))
    assert "Path/q:" in str(caught.value)
    with pytest.raises(DocumentRefusedError, match="no address of porto for trunk group net"):
        check("SiteTable/t", table("other"))
    check("SiteTable/t", None)
    texts["SiteTable/t"] = table("other")  # written before this was checked
    check("Site/faro", text_of("Site", "faro", "tenant: default"))
    check("SiteTable/t", table("third"))
    with pytest.raises(DocumentRefusedError, match="no address of porto"):
        check("Path/p", texts["Path/p"] + "# touched\n")
