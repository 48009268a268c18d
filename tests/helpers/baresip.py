"""Runs Debian's baresip as a telephone in a folder of its own; what it hears can be kept.

Rule of this file: it listens on loopback only, answers by itself or calls one number, and is ended
by its own id.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import wave
from pathlib import Path
from types import TracebackType

from acd_on_sockets import free_port

MODULES = Path("/usr/lib/baresip/modules")
CONFIG = """\
module_path {modules}
sip_listen 127.0.0.1:{port}
{certificate}
audio_player aufile,{folder}/heard.wav
audio_source aufile,{folder}/said.wav
audio_alert aufile,{folder}/alert.wav
net_interface 127.0.0.1
rtp_timeout 0
module g711.so
module aufile.so
module uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""
KEEPS = """
module sndfile.so
snd_path {folder}
"""


def baresip_program() -> str | None:
    """baresip on PATH."""
    return shutil.which("baresip")


def port_of_a_phone() -> int:
    """A port that is free by UDP and TCP, as is the next by TCP: baresip takes it for TLS."""
    while True:
        port = free_port()
        try:
            for number in (port, port + 1):
                with socket.create_server(("127.0.0.1", number)):
                    pass
        except OSError:
            continue
        return port


class Baresip:
    """One telephone. `account` is a line of baresip's accounts file."""

    def __init__(
        self, folder: Path, *, account: str, certificate: str = "", keeps_sound: bool = False
    ) -> None:
        """`keeps_sound`: what it hears is written beside its settings, `*-dec.wav`."""
        folder.mkdir(parents=True)
        self._log = folder / "log"
        self._control = free_port()
        (folder / "config").write_text(
            CONFIG.format(
                modules=MODULES,
                port=port_of_a_phone(),
                folder=folder,
                certificate=certificate + (KEEPS.format(folder=folder) if keeps_sound else ""),
                control=self._control,
            )
        )
        (folder / "accounts").write_text(account + "\n")
        (folder / "contacts").write_text("")
        with wave.open(str(folder / "said.wav"), "wb") as said:
            said.setparams((1, 2, 8000, 0, "NONE", ""))
            said.writeframes(bytes(16_000 * 60))
        command = [baresip_program() or "baresip", "-f", str(folder)]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def __enter__(self) -> Baresip:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=10)

    def do(self, command: str, params: str = "") -> None:
        """Give it a command, e.g. `hangup`, or `dial` with an address."""
        text = json.dumps({"command": command, "params": params})
        with socket.create_connection(("127.0.0.1", self._control), timeout=5) as control:
            control.sendall(f"{len(text)}:{text},".encode())
            control.recv(4096)

    def words(self) -> str:
        """What it wrote."""
        return self._log.read_text(errors="replace")

    def wait_for(self, text: str, within_s: float = 15.0) -> None:
        """Wait until it wrote a text. Raises TimeoutError."""
        until = time.monotonic() + within_s
        while text not in self.words():
            if time.monotonic() > until:
                raise TimeoutError(f"baresip did not say {text!r}:\n{self.words()[-3000:]}")
            time.sleep(0.05)
