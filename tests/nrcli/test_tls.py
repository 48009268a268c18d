"""Programs beside the nodes see the definitions of the wire."""

from nrcli import tls
from nrcli.wire import tls as wire_tls


def test_the_same_definitions() -> None:
    assert {name: getattr(wire_tls, name) for name in tls.__all__} == {
        name: getattr(tls, name) for name in tls.__all__
    }
