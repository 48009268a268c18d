"""What etcd's and grpc's refusals mean to somebody who wants to know whether anything happened."""

import asyncio
from pathlib import Path

import grpc
import pytest

from nirc.errors import (
    CompactedError,
    LeaseGoneError,
    StoreError,
    StoreUnavailableError,
    UncertainError,
)
from nirc.stores.etcd_transport import EtcdTransport, meaning_of, translated
from nirc.stores.etcd_values import EtcdSettings, EtcdTls


@pytest.mark.parametrize(
    ("code", "details", "is_write", "expected"),
    [
        (grpc.StatusCode.DEADLINE_EXCEEDED, "", True, UncertainError),
        (grpc.StatusCode.DEADLINE_EXCEEDED, "", False, StoreUnavailableError),
        (grpc.StatusCode.UNAVAILABLE, "etcdserver: no leader", True, StoreUnavailableError),
        (grpc.StatusCode.UNAVAILABLE, "etcdserver: request timed out", True, UncertainError),
        (grpc.StatusCode.NOT_FOUND, "etcdserver: requested lease not found", True, LeaseGoneError),
        (grpc.StatusCode.OUT_OF_RANGE, "required revision has been compacted", 0, CompactedError),
        (grpc.StatusCode.INVALID_ARGUMENT, "etcdserver: key is not provided", True, StoreError),
    ],
)
def test_what_a_status_means(
    code: grpc.StatusCode, details: str, is_write: bool, expected: type[StoreError]
) -> None:
    assert type(meaning_of(code, details, is_write=is_write)) is expected


async def test_a_stream_that_has_ended_is_no_fault_of_ours() -> None:
    async def ended() -> None:
        raise asyncio.InvalidStateError("result is set already")

    with pytest.raises(StoreUnavailableError, match="the stream has ended"):
        await translated(ended(), is_write=False)


def test_only_the_first_who_failed_moves_on() -> None:
    transport = EtcdTransport(EtcdSettings(members=("a:1", "b:1")))
    transport.rotate("a:1")
    transport.rotate("a:1")
    assert transport.member == "b:1"
    transport.rotate("b:1")
    assert transport.member == "a:1"


def test_tls_files_that_cannot_be_read(tmp_path: Path) -> None:
    tls = EtcdTls(ca=str(tmp_path / "absent.pem"))
    transport = EtcdTransport(EtcdSettings(members=("a:1",), tls=tls))
    with pytest.raises(StoreUnavailableError, match=r"absent\.pem cannot be read"):
        transport._channel()
