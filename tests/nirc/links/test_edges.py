"""What a node offers edges follows from its settings."""

import asyncio
from pathlib import Path

import pytest
from sip_certificates import tls_files

from nirc.errors import SettingsError
from nirc.links.edges import Edges
from nirc.links.pre_route_http import PATH
from nirc.pre_route_config import PreRouteConfig
from nrcli.sip.redirect_words import PreRouteTold

CLIENTS = [{"name": "edge", "networks": ["127.0.0.0/8"], "trunk_group": "network"}]


def edges(section: dict[str, object] | None, folder: Path) -> Edges:
    config = PreRouteConfig.model_validate(section) if section is not None else None
    return Edges(
        config, data_dir=folder, post=lambda _: True, new_id=lambda: "q", now_s=lambda: 1.0
    )


def test_without_the_section_nothing_is_offered(tmp_path: Path) -> None:
    none = edges(None, tmp_path)
    asyncio.run(none.start())
    assert (list(none.routes()), dict(none.tokens()), none.counts()) == ([], {}, {})
    none.told(PreRouteTold(id="q"))
    none.drain()
    asyncio.run(none.stop())


def test_with_it_there_are_sip_a_route_and_its_own_token(tmp_path: Path) -> None:
    async def play() -> None:
        both = edges({"redirect_sip": "127.0.0.1:0", "clients": CLIENTS}, tmp_path)
        await both.start()
        assert both.sip is not None and both.sip.port
        assert [one.path for one in both.routes()] == [PATH]
        token = both.tokens()[PATH]()
        assert (tmp_path / "edge.token").read_text().strip() == token
        assert both.counts() == {"open": 0}
        await both.stop()

    asyncio.run(play())
    assert edges({"clients": CLIENTS}, tmp_path).sip is None


def test_over_tls_alone_its_files_are_read_at_once(tmp_path: Path) -> None:
    missing = {"cert": "no.pem", "key": "no.pem", "ca": "no.pem"}
    with pytest.raises(SettingsError, match=r"pre_route\.tls: no\.pem: .*PEM files"):
        edges({"redirect_sips": "127.0.0.1:0", "tls": missing, "clients": CLIENTS}, tmp_path)
    found = tls_files(tmp_path, "node")
    files = {"cert": found.cert, "key": found.key, "ca": found.ca}

    async def play() -> None:
        both = edges({"redirect_sips": "127.0.0.1:0", "tls": files, "clients": CLIENTS}, tmp_path)
        await both.start()
        assert both.sip is not None and both.sip.tls_port and not both.sip.port
        await both.stop()

    asyncio.run(play())
