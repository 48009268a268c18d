"""What a site offers edges follows from its file."""

import asyncio
from pathlib import Path

import pytest

from nrcli.sip.redirect_words import PreRouteTold
from site_agent.errors import ConfigError, StartError
from site_agent.links.site_edges import SiteEdges
from site_agent.pre_route_config import PreRouteConfig

CLIENTS = [{"name": "edge", "networks": ["127.0.0.0/8"], "trunk_group": "carrier"}]


def edges(section: dict[str, object] | None) -> SiteEdges:
    config = PreRouteConfig.model_validate(section) if section is not None else None
    return SiteEdges(config, post=lambda _: True, new_id=lambda: "q", now_s=lambda: 1.0)


def test_without_the_section_nothing_is_offered() -> None:
    none = edges(None)
    asyncio.run(none.start())
    none.told(PreRouteTold(id="q"))
    assert (none.drain(True), dict(none.counts())) == (False, {})
    asyncio.run(none.stop())


def test_with_it_edges_are_heard_and_sent_elsewhere_on_demand() -> None:
    async def play() -> None:
        some = edges({"redirect_sip": "127.0.0.1:0", "clients": CLIENTS})
        await some.start()
        assert some.sip is not None and some.sip.port
        assert some.drain(True) and some.draining
        assert some.counts() == {"open": 0}
        with pytest.raises(StartError, match=r"pre_route\.redirect_sip .*: cannot listen"):
            taken = f"127.0.0.1:{some.sip.port}"
            await edges({"redirect_sip": taken, "clients": CLIENTS}).start()
        await some.stop()

    asyncio.run(play())


def test_files_that_are_no_certificates_are_told_with_their_place(tmp_path: Path) -> None:
    missing = dict.fromkeys(("cert", "key", "ca"), tmp_path / "no.pem")
    with pytest.raises(ConfigError, match=r"pre_route\.tls: .*give PEM files"):
        edges({"redirect_sips": "127.0.0.1:0", "tls": missing, "clients": CLIENTS})
