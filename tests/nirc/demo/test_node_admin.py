from pathlib import Path
from typing import Any

import pytest

from nirc.demo import json_http
from nirc.demo.node_admin import NodeAdmin, decision_line
from nrcli.wire.api_models import Decision, DomainLeader, Status, StoreStatus

ADMIN = NodeAdmin(address="127.0.0.1:1", token_file=Path("/nowhere"))


def _status(*, leads: bool) -> dict[str, Any]:
    store = StoreStatus(in_reach=True)
    domain = DomainLeader(
        domain="default",
        leader="n1",
        generation=1,
        revision=3,
        leads_here=leads,
        acknowledged_sites=("lisbon",),
    )
    return Status(
        node="n1",
        version="0",
        up_s=1.0,
        draining=False,
        domains=(domain,),
        sites_linked=("lisbon",),
        peers_linked=(),
        documents_revision=2,
        etcd=store,
        redis=store,
        alarms_count=0,
        calls_in_motion_count=0,
        inbox_count=0,
    ).model_dump(mode="json")


@pytest.mark.parametrize("leads", [True, False])
def test_a_node_leads_by_its_own_word_only(leads: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_http, "get", lambda *_: _status(leads=leads))
    assert ADMIN.leads() is leads
    assert ADMIN.acknowledged_sites() == {"lisbon"}


def test_documents_are_put_all_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(json_http, "send", lambda *words: sent.append(words))
    ADMIN.put_documents({"Site/lisbon": "a: 1", "Site/porto": "b: 2"})
    ((method, _, path, document, _),) = sent
    assert (method, path) == ("POST", "/api/v1/documents")
    assert [one["name"] for one in document["changes"]] == ["lisbon", "porto"]


def test_a_decision_is_told_in_one_line() -> None:
    decision = Decision(
        decision_id="d",
        request_id="r",
        interaction_id="abcdef0123456789",
        at_unix_s=0.0,
        node="n1",
        origin_site="lisbon",
        service="sales",
        domain="default",
        generation=1,
        revision=3,
        policy="default",
        policy_version=1,
        rules_tried=("own-agent", "idle-elsewhere"),
        candidates=(),
        outcome="move",
        target_site="porto",
        queue="sales",
        agent="elsa",
        took_s=0.004,
    )
    line = decision_line(decision)
    assert "lisbon -> porto/elsa" in line
    assert "4 ms" in line
    assert "\n" not in line
