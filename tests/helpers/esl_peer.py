"""A FreeSWITCH in memory behind a real TCP port: its Event Socket, in a thread of the test's.

One client at a time; a new one takes the place of the old. Whatever a test does to the PBX it does
with `acting()`, so that it never meets a command half done.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

from esl_pbx import Pbx

TICK_S = 0.02


class EslPeer:
    """Listens from `start` to `stop`; `cut` ends the connection, as a restart would."""

    def __init__(self, pbx: Pbx) -> None:
        self.pbx = pbx
        self._lock = threading.RLock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(TICK_S)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections_count = 0
        self.each_step: Callable[[], None] = lambda: None
        self.refuses = False
        "Whoever connects is sent away at once."
        self._client: socket.socket | None = None
        self._running = True
        self._began_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> EslPeer:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._running = False
        self._thread.join(timeout=5)
        self.cut()
        self._listener.close()

    def cut(self) -> None:
        with self._lock:
            client, self._client = self._client, None
            if client is not None:
                client.close()

    @contextlib.contextmanager
    def acting(self) -> Iterator[Pbx]:
        """Somebody does something at the PBX."""
        with self._lock:
            yield self.pbx

    def _run(self) -> None:
        while self._running:
            self._accept()
            with self._lock:
                self._read()
                self.pbx.advance(max(0.0, time.monotonic() - self._began_s - self.pbx.now_s))
                self.each_step()
                self._write()

    def _accept(self) -> None:
        try:
            client, _ = self._listener.accept()
        except TimeoutError:
            return
        self.connections_count += 1
        if self.refuses:
            client.close()
            return
        self.cut()
        with self._lock:
            client.setblocking(False)
            self._client = client
            self.pbx.connect()

    def _read(self) -> None:
        while self._client is not None:
            try:
                data = self._client.recv(65_536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self.cut()
                return
            self.pbx.feed(data)

    def _write(self) -> None:
        data = self.pbx.take()
        if data and self._client is not None:
            try:
                self._client.setblocking(True)
                self._client.sendall(data)
                self._client.setblocking(False)
            except OSError:
                self.cut()
