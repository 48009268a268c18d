"""Policies to try on the demo network: checked before anything starts, told afterwards."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from policy_texts import policy_text, text_of

from nirc.demo.layout import NetworkShape
from nirc.demo.options import BadOption
from nirc.demo.policies import read_policies, rule_of, rules_told, with_policies
from nrcli.wire.api_models import Decision

SHAPE = NetworkShape()
DECISION: dict[str, Any] = {
    "decision_id": "d",
    "request_id": "r",
    "interaction_id": "i",
    "at_unix_s": 0.0,
    "node": "n1",
    "origin_site": "lisbon",
    "service": "sales",
    "domain": "default",
    "generation": 1,
    "revision": 1,
    "policy": "night",
    "policy_version": 2,
    "rules_tried": (),
    "candidates": (),
    "outcome": "stay",
    "target_site": "",
    "queue": "",
    "agent": "",
    "took_s": 0.0,
}
Write = Callable[[str, str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(name: str, text: str) -> str:
        file = tmp_path / f"{name}.yaml"
        file.write_text(text)
        return str(file)

    return made


def test_one_for_all_and_one_for_a_service(write: Write) -> None:
    words = [write("a", policy_text("calm")), f"sales={write('b', policy_text('busy'))}"]
    given = read_policies(words, SHAPE)
    service = text_of("NetworkService", "sales", "queue: sales")
    texts = {"NetworkService/sales": service}
    texts["NetworkService/support"] = service.replace("sales", "support")
    found = with_policies(texts, given)
    policies = {k: yaml.safe_load(v)["spec"].get("policy") for k, v in found.items()}
    assert policies["NetworkService/sales"] == "busy"
    assert policies["NetworkService/support"] == "calm"
    assert {"RoutingPolicy/calm", "RoutingPolicy/busy"} <= set(found)


def test_nothing_given_changes_nothing() -> None:
    assert with_policies({"Site/a": "text"}, read_policies((), SHAPE)) == {"Site/a": "text"}


def refused(*words: str) -> str:
    with pytest.raises(BadOption) as caught:
        read_policies(words, SHAPE)
    return str(caught.value)


def test_what_is_wrong_is_shown_before_anything_starts(write: Write) -> None:
    good = write("good", policy_text("good"))
    typing = write("typing", policy_text("p").replace("min_expected", "max_expected"))
    assert "typing.yaml:4" in refused(typing) and "^" in refused(typing)
    to = "rules: [{name: a, action: redirect, to: {site: porot, queue: sales}}]"
    unknown = write("unknown", text_of("RoutingPolicy", "p", to))
    assert "porot" in refused(unknown) and "^" in refused(unknown)
    assert "unknown.yaml:4" in refused(unknown)
    case = (
        "rules: [], tests: [{name: never, call: {origin: lisbon}, "
        "queues: [{site: porto, queue: default}], expect: {site: porto}}]"
    )
    assert "expected site porto" in refused(write("case", text_of("RoutingPolicy", "p", case)))
    assert "cannot be read" in refused("absent.yaml")
    assert "at most 1048576 are read" in refused("/dev/zero")
    Path(good).with_name("binary").write_bytes(b"a\n\xff")
    assert "binary:2: is not UTF-8" in refused(str(Path(good).with_name("binary")))
    assert "no service sails" in refused(f"sails={good}")
    assert "already" in refused(good, good)
    assert "is called good already" in refused(good, f"sales={write('b', policy_text('good', 9))}")
    assert "give a RoutingPolicy" in refused(write("site", text_of("Site", "x", "")))


def test_by_which_rules_calls_went() -> None:
    rules = [("home", "decided"), ("idle", "decided"), ("idle", "decided")]
    made = [
        Decision(**DECISION | {"interaction_id": f"i{call}"}, rules=(("first", "not now"), one))
        for call, one in enumerate(rules)
    ]
    again = {"interaction_id": "i0", "at_unix_s": -1.0}
    made.append(Decision(**DECISION | again, rules=(("first", "nobody"),)))
    made.append(Decision(**DECISION | {"policy_version": 1}, rules=(("first", "nobody"),)))
    assert rules_told(made) == [
        "policy night version 1, calls by the last rule: otherwise 1",
        "policy night version 2, calls by the last rule: idle 2, home 1",
    ]
    assert rule_of(made[0]) == "home"
