from itertools import count

import pytest

from nirc.demo.layout import HOLD_TRUNK_SHAPES, NetworkShape, SiteKind, build_layout, with_kinds


def test_every_listener_has_a_port_of_its_own() -> None:
    taken: list[int] = []
    numbers = count(20_000)

    def take() -> int:
        taken.append(next(numbers))
        return taken[-1]

    layout = build_layout(NetworkShape(), take)
    ports = [
        *(trunk.port for site in layout.sites for trunk in site.trunks),
        *(
            port
            for site in layout.sites
            for port in (site.network_port, site.agents_port, site.phones_port, site.http_port)
        ),
        *(port for node in layout.nodes for port in (node.link_port, node.http_port)),
        *(port for member in layout.etcd for port in (member.client_port, member.peer_port)),
        layout.phones_http_port,
        layout.caller_port,
    ]
    assert sorted(ports) == sorted(taken)
    assert len(set(ports)) == len(ports)


def test_sites_and_trunks_are_found_by_name() -> None:
    layout = build_layout(NetworkShape(), count(20_000).__next__)
    assert layout.site("porto").trunk("legacy").shape.takes_refer is False
    assert layout.site("lisbon").agent_uri("anna").startswith("sip:anna@127.0.0.1:")
    with pytest.raises(KeyError):
        layout.site("madrid")
    with pytest.raises(KeyError):
        layout.site("porto").trunk("isdn")


def test_a_call_to_one_trunk_group_must_move_by_302_and_another_by_refer_and_one_by_neither() -> (
    None
):
    methods = {(one.redirect_302, one.takes_refer) for one in NetworkShape().trunks}
    assert methods == {(True, True), (False, True), (False, False)}


def test_callers_of_ones_own_find_a_trunk_group_that_asks_nothing_of_their_phone_first() -> None:
    first, *others = HOLD_TRUNK_SHAPES
    assert not first.redirect_302 and not first.takes_refer and first.load_share == 0
    assert "any phone" in first.asks_of_a_caller
    assert [one.name for one in others] == [one.name for one in NetworkShape().trunks]
    asked = [one.asks_of_a_caller for one in others]
    for words, text in zip(("follow a 302", "follow a REFER", "re-INVITE"), asked, strict=True):
        assert words in text


def test_an_asterisk_has_one_port_for_all_that_speak_sip_with_it() -> None:
    shape = with_kinds(NetworkShape(), (SiteKind.SIP_ACD, SiteKind.ASTERISK))
    layout = build_layout(shape, count(20_000).__next__)
    assert [site.is_asterisk for site in layout.sites] == [False, True, False]
    porto = layout.site("porto")
    assert {trunk.port for trunk in porto.trunks} == {porto.network_port} == {porto.agents_port}
    assert (porto.arrives_on, layout.site("faro").arrives_on) == ("carrier", "network")
    assert porto.ami_port
