"""The site link on real gRPC over loopback, with certificates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc.aio
import pytest
from contract_samples import sample
from link_ends import Heard, eventually, new_ca, new_client, new_server
from older_codec import OlderCodec, as_older

from nirc.demo.throwaway_ca import ThrowawayCa
from nirc.links.site_link_server import SiteLinkServer
from nrcli.client import SiteClient
from nrcli.errors import SettingsError
from nrcli.wire.codec import Codec
from nrcli.wire.link_lanes import LaneSettings
from nrcli.wire.link_session import LinkSettings
from nrcli.wire.link_stream import SITE_METHOD, TransportSettings, boottime_s
from nrcli.wire.messages import (
    DOMAIN_FIRST,
    AgentReport,
    AgentState,
    CallLegRecord,
    Epoch,
    Heartbeat,
    Hello,
    LeadingAck,
    PreRouteAsk,
    Release,
    Removed,
    RouteAnswer,
    RouteRequest,
    StateAck,
    StateDelta,
    StateSnapshot,
    TransferOutcome,
    WaitingCallReport,
    state_checksum,
)
from nrcli.wire.tls import TlsFiles, read_tls

RELEASE = Release(domain=DOMAIN_FIRST, epoch=Epoch(generation=1, revision=2), request_id="r1")
ACK = LeadingAck(domain=DOMAIN_FIRST, epoch=Epoch(generation=1, revision=2))


class Net:
    """One node and any number of site agents, ended together."""

    def __init__(self, folder: Path) -> None:
        self.ca: ThrowawayCa = new_ca(folder / "ca")
        self.node, self.site = Heard(), Heard()
        self.server: SiteLinkServer | None = None
        self.clients: list[SiteClient] = []

    async def serve(self, **options: Any) -> SiteLinkServer:
        self.server = new_server(self.ca.node("n1"), self.node, **options)
        await self.server.start()
        return self.server

    async def dial(
        self, hello: Hello | None = None, tls: TlsFiles | None = None, **options: Any
    ) -> SiteClient:
        assert self.server is not None
        files = tls or self.ca.site("lisbon")
        client = new_client(self.server.port, files, self.site, hello, **options)
        self.clients.append(client)
        await client.start()
        return client

    def last_end(self, client: SiteClient) -> str:
        end = client.status()["n1"].last_end
        return f"{end.code}: {end.reason}" if end else ""

    async def end(self) -> None:
        for client in self.clients:
            await client.stop()
        if self.server is not None:
            await self.server.stop()


@pytest.fixture
async def net(tmp_path: Path) -> AsyncIterator[Net]:
    network = Net(tmp_path)
    yield network
    await network.end()


async def test_a_site_connects_and_both_ends_speak(net: Net) -> None:
    server, client = await net.serve(), await net.dial()
    await eventually(lambda: net.site.ups)
    assert net.node.ups == [("lisbon", Hello(site="lisbon", incarnation=1))]
    assert net.site.ups[0][1].node == "n1"
    assert server.send("lisbon", RELEASE)
    assert not server.send("lisbon", replace(RELEASE, reason="x" * 10_000))
    assert not server.send("porto", RELEASE)
    assert server.counts["unsent"] == 2
    assert client.send("n1", ACK)
    await eventually(lambda: net.site.said and net.node.said)
    assert net.site.said == [("n1", RELEASE)]
    assert net.node.said == [("lisbon", ACK)]


async def test_snapshot_then_deltas(net: Net) -> None:
    await net.serve()
    client = await net.dial()
    await eventually(lambda: net.site.ups)
    agents = tuple(
        AgentReport(agent=f"a{n}", state=AgentState.READY, in_state_s=1.5) for n in range(2000)
    )
    checksum = state_checksum(agents)
    snapshot = StateSnapshot(incarnation=1, version=1, checksum=checksum, entities=agents)
    gone = (Removed(kind="agent", name="a0"),)
    delta = StateDelta(
        incarnation=1, base_version=1, version=2, checksum=0, entities=(), removed=gone
    )
    client.send("n1", snapshot)
    await eventually(lambda: net.node.said)
    client.send("n1", delta)
    await eventually(lambda: len(net.node.said) == 2)
    got = net.node.messages()
    assert got == [snapshot, delta]
    assert state_checksum(got[0].entities) == checksum


async def test_a_site_comes_back_after_the_node_restarted(net: Net) -> None:
    server = await net.serve()
    await net.dial()
    await eventually(lambda: net.site.ups)
    port = server.port
    await server.stop()
    await eventually(lambda: net.site.downs)
    assert net.site.downs[0][1].startswith("draining")
    assert len(net.node.downs) == 1
    await net.serve(listen=f"127.0.0.1:{port}")
    await eventually(lambda: len(net.site.ups) == 2)


async def test_a_certificate_of_another_authority_is_refused(net: Net, tmp_path: Path) -> None:
    await net.serve()
    stranger = new_ca(tmp_path / "other").site("lisbon")
    mixed = TlsFiles(ca=net.ca.ca_file, cert=stranger.cert, key=stranger.key)
    client = await net.dial(tls=mixed)
    await eventually(lambda: client.status()["n1"].attempts_count > 1)
    assert net.node.ups == net.site.ups == []


async def test_a_node_of_another_authority_is_not_believed(net: Net, tmp_path: Path) -> None:
    await net.serve()
    own = net.ca.site("lisbon")
    other = new_ca(tmp_path / "other")
    mixed = TlsFiles(ca=other.ca_file, cert=own.cert, key=own.key)
    client = await net.dial(tls=mixed)
    await eventually(lambda: client.status()["n1"].attempts_count > 1)
    assert net.site.ups == []


@pytest.mark.parametrize(
    ("hello", "code"),
    [
        (Hello(site="porto", incarnation=1), "identity: the hello names site porto"),
        (Hello(site="", incarnation=1), "identity: the hello names no site"),
        (Hello(site="lisbon", incarnation=1, version_newest=0, version_oldest=0), "version: "),
        (Hello(site="lisbon", incarnation=1, version_newest=9, version_oldest=8), "version: "),
    ],
)
async def test_who_is_refused_hears_why(net: Net, hello: Hello, code: str) -> None:
    server = await net.serve()
    client = await net.dial(hello)
    await eventually(lambda: net.last_end(client))
    assert net.last_end(client).startswith(code)
    assert net.node.ups == net.site.ups == []
    await eventually(lambda: server.counts[code.partition(":")[0]])


async def test_a_certificate_of_a_node_is_no_site(net: Net) -> None:
    await net.serve()
    client = await net.dial(tls=net.ca.node("lisbon"))
    await eventually(lambda: net.last_end(client))
    assert net.last_end(client).startswith("identity: the certificate does not name a site")


async def test_a_certificate_of_another_network_is_refused(net: Net) -> None:
    await net.serve()
    net.ca.network = "elsewhere"
    client = await net.dial(tls=net.ca.site("lisbon"))
    await eventually(lambda: net.last_end(client))
    assert "another network" in net.last_end(client)


async def test_the_version_before_is_spoken(net: Net) -> None:
    await net.serve()
    await net.dial(Hello(site="lisbon", incarnation=1, version_newest=2, version_oldest=2))
    await eventually(lambda: net.site.ups)
    assert net.site.ups[0][1].version == 2


@pytest.mark.parametrize("older_end", ["site", "node"])
async def test_an_end_without_the_fields_that_are_new_is_understood_and_understands(
    net: Net, monkeypatch: pytest.MonkeyPatch, older_end: str
) -> None:
    """Every message with a new field, all of it filled, each way; the link stands."""
    module = "nrcli.client" if older_end == "site" else "nirc.links.site_link_server"
    monkeypatch.setattr(f"{module}.codec_for", lambda limits: OlderCodec())
    hello = sample(Hello, site="lisbon", incarnation=1, version_newest=3, version_oldest=2)
    entities = (sample(WaitingCallReport),)
    snapshot = sample(StateSnapshot, entities=entities, checksum=state_checksum(entities))
    by_site = [sample(kind) for kind in (RouteRequest, TransferOutcome, PreRouteAsk)]
    server, client = await net.serve(), await net.dial(hello)
    await eventually(lambda: net.site.ups)
    for message in (snapshot, *by_site):
        assert client.send("n1", message)
    assert server.send("lisbon", sample(RouteAnswer))
    await eventually(lambda: net.site.said and len(net.node.said) == 1 + len(by_site))
    heard = {type(one): one for one in net.node.messages()}
    assert heard == {type(one): as_older(one) for one in (snapshot, *by_site)}
    assert net.site.messages() == [as_older(sample(RouteAnswer))] != [sample(RouteAnswer)]
    assert net.node.ups == [("lisbon", as_older(hello))]
    assert net.site.ups[0][1].pre_routes is False
    entities = heard[StateSnapshot].entities
    assert state_checksum(entities) == snapshot.checksum, "or it would be asked for again for ever"
    assert not net.site.downs and not net.node.downs


async def test_a_new_stream_takes_the_place_of_the_old_one(net: Net) -> None:
    server = await net.serve()
    old = await net.dial()
    await eventually(lambda: net.site.ups)
    await net.dial(Hello(site="lisbon", incarnation=2))
    await eventually(lambda: old.status()["n1"].last_end)
    assert net.last_end(old).startswith("incarnation")
    await eventually(lambda: old.status()["n1"].attempts_count > 1)
    await eventually(lambda: "is an old copy" in net.last_end(old))
    assert [hello.incarnation for _, hello in net.node.ups] == [1, 2]
    assert len(net.node.downs) == 1
    assert server.send("lisbon", RELEASE)


async def test_what_a_linked_site_said_first_is_known(net: Net) -> None:
    server = await net.serve()
    assert server.hellos() == {}
    await net.dial(Hello(site="lisbon", incarnation=7, traces=True))
    await eventually(lambda: net.site.ups)
    told = server.hellos()["lisbon"]
    assert (told.incarnation, told.traces) == (7, True)


async def test_what_is_too_late_is_not_sent(net: Net) -> None:
    server = await net.serve()
    await net.dial()
    await eventually(lambda: net.site.ups)
    server.send("lisbon", RELEASE, not_after_s=boottime_s() - 0.001)
    server.send("lisbon", StateAck(incarnation=1, version=7), not_after_s=boottime_s() + 60)
    await eventually(lambda: net.site.said)
    assert net.site.messages() == [StateAck(incarnation=1, version=7)]
    assert server.lane_counts()["lisbon"].too_late_count == 1


async def test_close_site_says_why(net: Net) -> None:
    server, client = await net.serve(), await net.dial()
    await eventually(lambda: net.site.ups)
    server.close_site("lisbon", "unknown_site", "no document names lisbon")
    await eventually(lambda: net.site.downs)
    assert net.site.downs == [("n1", "unknown_site: no document names lisbon")]
    assert net.node.downs[0][0] == "lisbon"
    assert not server.send("lisbon", RELEASE)
    assert client.status()["n1"].last_end is not None


async def test_a_flood_is_bounded(net: Net) -> None:
    """History sheds its oldest; a full decision lane gives the link up; the node lives on."""
    await net.serve()
    lanes = LaneSettings(decision_messages_max=500, history_messages_max=100)
    client = await net.dial(settings=TransportSettings(link=LinkSettings(lanes=lanes)))
    await eventually(lambda: net.site.ups)
    for n in range(5000):
        client.send("n1", _leg(n))
    client.send("n1", ACK)
    await eventually(lambda: ACK in net.node.messages() and _leg(4999) in net.node.messages())
    assert len(net.node.said) <= 102
    taken = [client.send("n1", ACK) for _ in range(1000)]
    assert taken.count(True) == 500
    await eventually(lambda: net.site.downs)
    assert net.site.downs[0][1].startswith("overload")
    await eventually(lambda: len(net.site.ups) == 2)


def _leg(number: int) -> CallLegRecord:
    texts = (
        "interaction_id sip_call_id site leg trunk_group queue agent ani dialed_number method "
        "token released_by"
    )
    zeros = dict.fromkeys(("started_unix_s", "waited_s", "talked_s"), 0.0)
    named: dict[str, Any] = dict.fromkeys(texts.split(), "") | zeros
    return CallLegRecord(**named, call_id=str(number), sip_status=200)


async def _raw(net: Net, frames: list[bytes]) -> tuple[grpc.StatusCode, str]:
    """Says `frames` as they are, with a good certificate; returns how the node ended it."""
    assert net.server is not None
    credentials = read_tls(net.ca.site("lisbon")).channel_credentials()
    async with grpc.aio.secure_channel(f"127.0.0.1:{net.server.port}", credentials) as channel:
        call: Any = channel.stream_stream(SITE_METHOD)()  # type: ignore[call-arg]
        with suppress(grpc.RpcError, asyncio.InvalidStateError):
            for frame in frames:
                await call.write(frame)
        while isinstance(await _read(call), bytes):
            pass
        return await call.code(), str(await call.details())


async def _read(call: Any) -> Any:
    try:
        return await call.read()
    except grpc.RpcError:
        return None


CODEC = Codec()
HELLO = CODEC.encode(Hello(site="lisbon", incarnation=1))
BEAT = CODEC.encode(Heartbeat())
BROKEN: list[tuple[list[bytes], str]] = [
    ([b"\xff\xfe garbage"], "protocol: frame is not in the form"),
    ([b""], "sequence: frame 0 came where 1 was due"),
    ([CODEC.join(1, 0, [BEAT])], "sequence: Heartbeat came before a greeting"),
    ([CODEC.join(2, 0, [HELLO])], "sequence: frame 2 came where 1 was due"),
    ([CODEC.join(1, 1, [HELLO])], "sequence: frame 1 was acknowledged"),
    ([CODEC.join(1, 0, [HELLO]), CODEC.join(3, 1, [BEAT])], "sequence: frame 3 came"),
    ([CODEC.join(1, 0, [HELLO]), CODEC.join(2, 0, [HELLO])], "sequence: Hello on a link"),
    ([CODEC.join(1, 0, [HELLO]), b"\x1a\x02\x0a"], "protocol: frame is not in the form"),
    ([CODEC.join(1, 0, [CODEC.encode(RELEASE)])], "protocol: a site may not say release"),
]


@pytest.mark.parametrize(("frames", "details"), BROKEN, ids=lambda v: v if type(v) is str else "")
async def test_bad_bytes_end_the_stream_and_nothing_else(
    net: Net, frames: list[bytes], details: str
) -> None:
    server = await net.serve()
    status, said = await _raw(net, frames)
    assert status is grpc.StatusCode.INVALID_ARGUMENT
    assert said.startswith(details)
    assert net.node.said == []
    assert server.counts[details.partition(":")[0]] == 1
    await net.dial()
    await eventually(lambda: net.site.ups)


async def test_a_client_that_says_nothing_is_ended(net: Net) -> None:
    await net.serve(settings=TransportSettings(link=LinkSettings(greeting_s_max=0.2)))
    status, said = await _raw(net, [])
    assert status is grpc.StatusCode.DEADLINE_EXCEEDED
    assert said == "silence: no greeting for 0.2 s"


async def test_too_many_streams_of_one_certificate_are_refused(net: Net) -> None:
    await net.serve(settings=TransportSettings(streams_per_site_max=1))
    await net.dial()
    await eventually(lambda: net.site.ups)
    status, said = await _raw(net, [CODEC.join(1, 0, [HELLO])])
    assert status is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "has 1 streams here already" in said


async def test_an_address_in_use_is_told(net: Net) -> None:
    server = await net.serve()
    again = new_server(net.ca.node("n2"), Heard(), listen=f"127.0.0.1:{server.port}")
    with pytest.raises(SettingsError, match="cannot be listened on"):
        await again.start()
