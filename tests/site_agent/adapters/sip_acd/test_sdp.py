import pytest

from site_agent.adapters.sip_acd import sdp

OFFER = (
    b"v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n"
    b"m=audio 4000 RTP/AVP 96 8 0 101\r\na=rtpmap:96 opus/48000/2\r\n"
    b"m=video 4002 RTP/AVP 97\r\na=inactive\r\n"
)


def test_the_far_ends_address_and_codec_are_read():
    description = sdp.read(OFFER)
    assert description.target() == ("10.0.0.1", 4000)
    assert description.payload_type() == 8
    assert description.media[1].direction == "inactive"


def test_an_answer_takes_the_audio_and_refuses_the_rest():
    text = sdp.write_answer(sdp.read(OFFER), "127.0.0.1", 9000, session=7).decode()
    assert "m=audio 9000 RTP/AVP 8\r\n" in text
    assert "m=video 0 RTP/AVP 97\r\n" in text
    assert text.endswith("\r\n") and "a=sendrecv" in text
    back = sdp.read(text.encode())
    assert back.target() == ("127.0.0.1", 9000)


@pytest.mark.parametrize(
    ("direction", "answer"),
    [("sendonly", "recvonly"), ("inactive", "inactive"), ("recvonly", "sendonly")],
)
def test_hold_is_answered_in_kind_and_not_played_to(direction, answer):
    offer = sdp.read(OFFER.replace(b"m=audio", f"a={direction}\r\nm=audio".encode()))
    text = sdp.write_answer(offer, "127.0.0.1", 9000, session=7)
    assert f"a={answer}".encode() in text
    assert (offer.target() is None) == (direction in ("sendonly", "inactive"))
    assert sdp.read(OFFER.replace(b"10.0.0.1\r\nt", b"0.0.0.0\r\nt")).target() is None


def test_our_offer_and_our_refusal_can_be_read():
    offer = sdp.write_offer("::1", 9000, session=7)
    assert sdp.read(offer).target() == ("::1", 9000)
    refusal = sdp.read(sdp.write_refusal(OFFER))
    assert [line.port for line in refusal.media] == [0, 0]
    assert sdp.write_refusal(b"junk") == b""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"v=1\r\n", 400),
        (b"v=0\r\nm=audio x RTP/AVP 0\r\n", 400),
        (b"v=0\r\nm=audio 99999 RTP/AVP 0\r\n", 400),
        (b"v=0\r\nm=audio\r\n", 400),
        (b"v=0\r\nc=IN IP4\r\n", 400),
        (b"v=0\r\nhello\r\n", 400),
        (b"v=0\r\n" + b"a=x\r\n" * 500, 400),
        (b"v=0\r\n", 488),
        (b"v=0\r\n" + b"m=audio 1 RTP/AVP 0\r\n" * 9, 488),
        (b"v=0\r\nc=IN IP4 host.example\r\nm=audio 1 RTP/AVP 0\r\n", 488),
        (b"v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 1 RTP/SAVP 0\r\n", 488),
        (b"v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 0 RTP/AVP 0\r\n", 488),
        (b"v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 1 RTP/AVP 9\r\n", 488),
        (b"x" * 9000, 488),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_status(body, status):
    with pytest.raises(sdp.SdpError) as raised:
        sdp.read(body).audio()
    assert raised.value.status == status
