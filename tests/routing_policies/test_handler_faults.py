"""Handlers that cannot be used are refused with place and remedy."""

from __future__ import annotations

import pytest

from routing_policies.document import assemble
from routing_policies.errors import DocumentError

HEAD = "apiVersion: nirc/v1\n"
WAYS = "ways: [{trunk_group: carrier, methods: [bridge]}]"


def refused(spec: str, policy: str = "") -> str:
    texts = {
        "NetworkService/sales": "kind: NetworkService\nmetadata: {name: sales}\n"
        "spec: {queue: sales}\n",
        "Site/lisbon": "kind: Site\nmetadata: {name: lisbon}\n",
        "Handler/mail": f"kind: Handler\nmetadata: {{name: mail}}\nspec: {spec}\n",
    }
    if policy:
        texts["RoutingPolicy/default"] = (
            f"kind: RoutingPolicy\nmetadata: {{name: default}}\nspec: {{rules: [{policy}]}}\n"
        )
    with pytest.raises(DocumentError) as error:
        assemble({key: (HEAD + text, 1) for key, text in texts.items()}, 1)
    return str(error.value)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (f"{{{WAYS}}}", "has neither uri nor number"),
        (f'{{uri: "sip:m@192.0.2.1", number: "+351210000009", {WAYS}}}', "has both uri and number"),
        (f'{{uri: "sips:m@192.0.2.1;transport=udp", {WAYS}}}', "sips: is TLS"),
        (f'{{uri: "sip:m@vm.example", {WAYS}}}', "sites look up no names for a bridge"),
        (
            '{uri: "sip:m@192.0.2.1", ways: [{trunk_group: c, methods: [redirect_302]}]}',
            "a 302 cannot be taken back",
        ),
        (
            '{uri: "sip:m@192.0.2.1", ways: [{trunk_group: c, methods: [refer]},'
            " {trunk_group: c, methods: [bridge]}]}",
            "is for the site and trunk group of spec.ways[0] too",
        ),
        (f'{{uri: "sip:m@192.0.2.1", calendar: night, {WAYS}}}', "there is no Calendar night"),
        (
            '{uri: "sip:m@192.0.2.1", ways: [{site: lisbo, trunk_group: c, methods: [refer]}]}',
            "there is no Site lisbo (did you mean lisbon?)",
        ),
    ],
)
def test_each_fault_is_told(spec: str, words: str) -> None:
    assert words in refused(spec)


def test_a_policy_that_names_no_handler_there_is_is_refused_where_it_does() -> None:
    told = refused(
        f'{{uri: "sip:m@192.0.2.1", {WAYS}}}',
        "{name: night, action: to_handler, handler: mial}",
    )
    assert "RoutingPolicy/default" in told and "spec.rules[0].handler" in told
    assert "there is no Handler mial (did you mean mail?)" in told
