"""What sessions need of the network, as a test sets it: the key and the ended ones."""

from nirc.errors import StoreUnavailableError

KEY = b"0123456789abcdef" * 4


class Keyring:
    """Stands for `SessionKeys`."""

    def __init__(self) -> None:
        self.key: bytes | None = KEY
        self.ended: set[str] = set()
        self.rest_s = 0.0
        self.away = False

    def is_ended(self, session: str) -> bool:
        return session in self.ended

    async def end(self, session: str, rest_s: float) -> None:
        if self.away:
            raise StoreUnavailableError("etcd", "away")
        self.ended.add(session)
        self.rest_s = rest_s
