"""From text to a policy that decides."""

from __future__ import annotations

import pytest
from network_texts import GOOD

from routing_policies.errors import DocumentError
from routing_policies.policy_text import compile_text

TEXT = GOOD["RoutingPolicy/mine"][0]


def test_a_policy_is_compiled() -> None:
    document, compiled = compile_text(TEXT, source="p.yaml", version=3)
    assert (document.name, compiled.name, compiled.version) == ("mine", "mine", 3)


def test_what_the_compiler_refuses_has_its_line() -> None:
    twice = "rules:\n  - {name: a, action: queue_at_origin}\n  - {name: a, action: queue_at_origin}"
    text = TEXT.partition("spec:")[0] + "spec:\n  " + twice.replace("\n", "\n  ")
    with pytest.raises(DocumentError) as caught:
        compile_text(text, source="p.yaml")
    (fault,) = caught.value.faults
    assert (fault.line, fault.column, fault.width) == (7, 14, 1)
    with pytest.raises(DocumentError, match=r"s:2: kind is a Site"):
        compile_text(GOOD["Site/lisbon"][0], source="s")
