"""What goes into and comes out of the etcd client: plain frozen values.

Rule of this file: no grpc and no generated type; whoever uses the client sees only these.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EtcdTls:
    """Files of a TLS connection to etcd; `cert` and `key` may be empty."""

    ca: str
    cert: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EtcdSettings:
    """Where etcd is and how long one answer may take."""

    members: tuple[str, ...]
    "`host:port` of each member."
    timeout_s: float = 1.0
    "Longest wait for one answer of one member; then the next member is asked."
    progress_s: float = 1.0
    "A watch that is quiet for this long asks for a sign of life, and moves on at twice of it."
    tls: EtcdTls | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyValue:
    """One key as etcd keeps it."""

    key: str
    value: bytes
    create_revision: int
    mod_revision: int
    lease_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All keys under a prefix at one revision."""

    revision: int
    kvs: tuple[KeyValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEvent:
    """One change; a deleted key's `kv.mod_revision` is the revision of the deletion."""

    deleted: bool
    kv: KeyValue


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchBatch:
    """Changes that came together, in order."""

    events: tuple[WatchEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A lease and the time to live that etcd granted."""

    lease_id: int
    ttl_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberStatus:
    """What one member says of itself."""

    member: str
    version: str
    has_leader: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A condition of a transaction; revision 0 means that the key does not exist."""

    key: str
    mod_revision: int | None = None
    create_revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Write a key."""

    key: str
    value: bytes
    lease_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Remove a key."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TxnResult:
    """Whether the checks held, and the revision after it."""

    succeeded: bool
    revision: int


def prefix_end(prefix: str) -> bytes:
    """The first key after all that begin with `prefix`: etcd's `range_end`.

    >>> prefix_end("/a/")
    b'/a0'
    """
    raw = bytearray(prefix.encode())
    while raw:
        if raw[-1] < 0xFF:
            raw[-1] += 1
            return bytes(raw)
        raw.pop()
    return b"\x00"
