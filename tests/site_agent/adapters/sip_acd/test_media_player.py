import asyncio
import socket
import struct
import wave

import pytest

from site_agent.adapters.sip_acd.media import PlayMedia, StopMedia
from site_agent.adapters.sip_acd.media_player import MediaFileError, MediaPlayer, load_samples


async def packets(listener: socket.socket, count: int) -> list[bytes]:
    loop = asyncio.get_running_loop()
    return [await asyncio.wait_for(loop.sock_recv(listener, 2000), 5) for _ in range(count)]


async def test_a_session_gets_rtp_in_order_until_it_is_stopped():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        player = MediaPlayer(sessions_max=1)
        host, port = await player.start("127.0.0.1", 0)
        assert host == "127.0.0.1" and port > 0
        remote = listener.getsockname()
        player.carry_out(PlayMedia(session="a", remote=remote, payload_type=8))
        player.carry_out(PlayMedia(session="b", remote=remote, payload_type=0))
        assert player.sessions_count == 1 and player.refused_count == 1
        got = await packets(listener, 5)
        heads = [struct.unpack("!BBHII", packet[:12]) for packet in got]
        assert {len(packet) for packet in got} == {172}
        assert {head[:2] for head in heads} == {(0x80, 8)}
        assert [head[2] - heads[0][2] for head in heads] == [0, 1, 2, 3, 4]
        assert [head[3] - heads[0][3] for head in heads] == [0, 160, 320, 480, 640]
        player.carry_out(StopMedia(session="a"))
        player.carry_out(StopMedia(session="unknown"))
        assert player.sessions_count == 0
        await player.stop()


def test_a_wav_file_is_read_or_refused_with_the_remedy(tmp_path):
    good, bad = tmp_path / "good.wav", tmp_path / "bad.wav"
    for path, rate in ((good, 8000), (bad, 44100)):
        with wave.open(str(path), "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(rate)
            writer.writeframes(struct.pack("<3h", 1, -2, 3))
    assert load_samples(str(good)) == [1, -2, 3]
    for path in (bad, tmp_path / "none.wav"):
        with pytest.raises(MediaFileError, match="8"):
            load_samples(str(path))
    MediaPlayer(wav_file=str(good))
