"""What errors are answered with."""

import json

from aiohttp import web

from nirc.errors import (
    DocumentRefusedError,
    PolicyConflictError,
    RequestError,
    StoreUnavailableError,
)
from nirc.links.problems import json_answer, problem, told
from nrcli.wire.api_models import Drained


def body(answer: web.Response | None) -> dict[str, object]:
    assert answer is not None and answer.text is not None
    return dict(json.loads(answer.text))


def test_a_mistake_names_place_and_remedy() -> None:
    said = body(told(DocumentRefusedError("Site/a:4", "unknown key", "remove it")))
    assert (said["status"], said["place"], said["remedy"]) == (422, "Site/a:4", "remove it")


def test_a_policy_that_changed_meanwhile() -> None:
    said = body(told(PolicyConflictError("default", 1, 2, "now version 2 is live")))
    assert said["status"] == 412 and said["place"] == "RoutingPolicy/default"
    assert "version 2" in str(said["detail"])


def test_a_store_that_is_away_and_a_fault_of_ours() -> None:
    assert body(told(StoreUnavailableError("etcd", "gone")))["status"] == 503
    assert told(KeyError("ours")) is None


def test_answers() -> None:
    assert body(json_answer(Drained(draining=True))) == {"draining": True}
    assert body(problem(404, "no such thing"))["title"] == "no such thing"


def test_a_request_that_means_nothing_has_its_own_status() -> None:
    said = body(told(RequestError("after", "is no cursor", "give it as it was", status=422)))
    assert (said["status"], said["place"], said["remedy"]) == (422, "after", "give it as it was")
    assert body(told(RequestError("limit", "stands twice")))["status"] == 400
