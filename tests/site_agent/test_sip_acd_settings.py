"""The file's `acd` part as settings of the built-in ACD."""

import yaml

from site_agent.adapters.sip_acd.settings import MediaSettings, check
from site_agent.sip_acd_config import SipAcdConfig
from site_agent.sip_acd_settings import sip_acd_settings

TEXT = """
kind: sip_acd
trunk_groups:
  - {name: carrier, listen: "127.0.0.1:0", peers: ["127.0.0.0/8"], channels_max: 9, min_free: 2,
     answer_after_s: 1.5, allow: {redirect_302: false}, numbers: {"*": vip},
     refer_user: u, refer_password: p}
  - {name: network, listen: "127.0.0.1:0", kind: network, peers: ["127.0.0.0/8"], channels_max: 5}
agents_listen: "127.0.0.1:5063"
media: {kind: announcement_server, uri: "sip:moh@127.0.0.1:5070"}
queues: [{name: sales, ring_s: 4}]
services: {vip: {queue: sales, priority: 5}}
agents: [{name: anna, contact: "sip:anna@127.0.0.1:6001", queues: {sales: 7}}]
"""


def test_everything_reaches_its_place() -> None:
    settings = sip_acd_settings(SipAcdConfig.model_validate(yaml.safe_load(TEXT)))
    check(settings)
    carrier, network = settings.trunk_groups
    assert (carrier.answer_after_s, carrier.allow_redirect_302, carrier.allow_refer) == (
        1.5,
        False,
        True,
    )
    assert carrier.refer_credentials == ("u", "p") and network.kind == "network"
    assert settings.queues[0].ring_s == 4 and settings.services["vip"].priority == 5
    assert settings.media.announcement_uri == "sip:moh@127.0.0.1:5070"
    assert settings.agents_listen == ("127.0.0.1", 5063)
    assert settings.agents[0].queues == {"sales": 7}


def media_of(media: str, listen: str) -> MediaSettings:
    text = TEXT.replace('media: {kind: announcement_server, uri: "sip:moh@127.0.0.1:5070"}', media)
    text = text.replace(
        'name: carrier, listen: "127.0.0.1:0"', f'name: carrier, listen: "{listen}"'
    )
    return sip_acd_settings(SipAcdConfig.model_validate(yaml.safe_load(text))).media


def test_the_player_sends_from_the_first_trunk_groups_host_unless_told_otherwise() -> None:
    media = media_of("media: {kind: player}", "10.1.0.2:5060")
    assert (media.rtp_listen, media.rtp_address) == (("10.1.0.2", 0), "")
    told = 'media: {kind: player, rtp_listen: "0.0.0.0:9000", rtp_address: 192.0.2.7}'
    media = media_of(told, "10.1.0.2:5060")
    assert (media.rtp_listen, media.rtp_address) == (("0.0.0.0", 9000), "192.0.2.7")


def test_without_media_a_caller_is_never_answered_by_a_melody() -> None:
    config = yaml.safe_load(TEXT)
    del config["media"], config["trunk_groups"][0]["answer_after_s"]
    settings = sip_acd_settings(SipAcdConfig.model_validate(config))
    assert [group.answer_after_s for group in settings.trunk_groups] == [None, None]
    config["media"] = {"kind": "player"}
    settings = sip_acd_settings(SipAcdConfig.model_validate(config))
    assert [group.answer_after_s for group in settings.trunk_groups] == [10.0, 10.0]
