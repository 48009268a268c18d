import asyncio
import socket
import struct
import wave

import pytest

from site_agent.adapters.sip_acd.media import PlayMedia, StopMedia
from site_agent.adapters.sip_acd.media_player import (
    ANNOUNCEMENTS_MAX,
    MediaFileError,
    MediaPlayer,
    load_announcements,
    load_samples,
    seconds_of,
)


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


async def test_an_announcement_is_played_from_its_beginning_once_then_music(tmp_path):
    with wave.open(str(tmp_path / "late.wav"), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(struct.pack("<320h", *([30_000] * 320)))
    found = load_announcements(str(tmp_path))
    assert {name: seconds_of(samples) for name, samples in found.items()} == {"late": 0.04}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        player = MediaPlayer(announcements=found)
        await player.start("127.0.0.1", 0)
        remote = listener.getsockname()
        player.carry_out(PlayMedia(session="a", remote=remote, payload_type=8))
        await packets(listener, 1)
        for _ in range(2):
            play = PlayMedia(session="a", remote=remote, payload_type=8, source="late")
            player.carry_out(play)
        loud = [packet[12:] for packet in await packets(listener, 5)]
        assert sum(len(set(payload)) == 1 and payload[0] != 0xD5 for payload in loud) == 2
        player.carry_out(PlayMedia(session="a", remote=remote, payload_type=8))
        assert len(await packets(listener, 1)) == 1
        await player.stop()


def test_a_folder_with_too_many_or_broken_announcements_is_refused(tmp_path):
    (tmp_path / "bad.wav").write_bytes(b"no wave")
    with pytest.raises(MediaFileError, match=r"bad\.wav"):
        load_announcements(str(tmp_path))
    for number in range(ANNOUNCEMENTS_MAX):
        (tmp_path / f"a{number}.wav").write_bytes(b"")
    with pytest.raises(MediaFileError, match="more than"):
        load_announcements(str(tmp_path))
