from site_agent.adapters.sip_acd.media import PlayMedia, StopMedia


def test_media_actions_are_plain_values():
    play = PlayMedia(session="c1", remote=("127.0.0.1", 4000), payload_type=0)
    assert play == PlayMedia(session="c1", remote=("127.0.0.1", 4000), payload_type=0)
    assert StopMedia(session="c1") != StopMedia(session="c2")
