"""Measures how long nobody serves a site whose active site agent is killed, or stopped on purpose.

Two site agents on one folder, an agent's phone (sipp), and callers who ring in every 20 ms from the
signal on. The clock runs from the signal until the first of these callers is answered by the agent:
they ring a site where a standby serves now. A hung process (SIGSTOP) costs the lease's time, and is
shown beside it.
"""

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_report import report
from sipp import sipp_program

NAMES = ("site_pair_kill_p50_s", "site_pair_kill_max_s", "site_pair_stop_p50_s")
KILLS = 21
ROUNDS = 9
HUNG_ROUNDS = 2
BETWEEN_CALLERS_S = 0.02
LINES = """
site: bench
incarnation_file: {folder}/state.json
pair: {{name: {name}, folder: {folder}, hosts: one}}
local_http: {{listen: "127.0.0.1:{http}", token_file: {folder}/token.{name}}}
acd:
  kind: sip_acd
  trunk_groups:
    - {{name: carrier, listen: "127.0.0.1:{sip}", transports: [udp], peers: ["127.0.0.0/8"],
       channels_max: 2000, numbers: {{"*": sales}}}}
  agents_listen: "127.0.0.1:{agents}"
  media: {{kind: player}}
  liveness_s: 0
  queues: [{{name: sales, places_max: 1000}}]
  agents: [{{name: anna, contact: "sip:anna@127.0.0.1:{phone}", queues: {{sales: 5}}}}]
"""
INVITE = (
    "INVITE sip:1@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{id}"
    "\r\nFrom: <sip:c@127.0.0.1>;tag={id}\r\nTo: <sip:1@127.0.0.1>\r\nCall-ID: {id}\r\n"
    "CSeq: 1 INVITE\r\nContact: <sip:c@127.0.0.1:{own}>\r\nMax-Forwards: 70\r\n"
    "Content-Type: application/sdp\r\nContent-Length: {length}\r\n\r\n{sdp}"
)
SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 0\r\n"
)


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, for TCP and UDP."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


class Site:
    """A pair of site agents with one agent's phone; a new one for each round."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        sip, agents, phone, *http = free_ports(5)
        self.sip = sip
        self.logs: dict[str, Path] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        phone_command = [sipp_program(), "-sn", "uas", "-i", "127.0.0.1", "-p", str(phone)]
        self.processes["phone"] = subprocess.Popen(
            [*phone_command, "-nostdin", "-timeout", "120s"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name, port in zip("ab", http, strict=True):
            settings = folder / f"{name}.yaml"
            text = LINES.format(
                folder=folder, name=name, http=port, sip=sip, agents=agents, phone=phone
            )
            settings.write_text(text)
            self.logs[name] = folder / f"{name}.log"
            with self.logs[name].open("wb") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", "site_agent", "run", "--config", str(settings)],
                    stdout=log,
                    stderr=log,
                )

    def says(self, name: str, words: str) -> bool:
        """Has this member said so?"""
        return words in self.logs[name].read_text()

    def settled(self) -> str:
        """Wait until one serves and the other stands by; who serves."""
        until_s = time.monotonic() + 60
        while time.monotonic() < until_s:
            serving = [name for name in self.logs if self.says(name, "serving")]
            if serving and all(self.says(name, "stands by") for name in self.logs):
                time.sleep(1.5)
                return serving[0]
            time.sleep(0.05)
        raise TimeoutError("the pair does not settle")

    def stop(self) -> None:
        """End every process."""
        for process in self.processes.values():
            process.kill()
            process.wait()


def answered_s(port: int, began_s: float) -> float:
    """Ring in again and again until somebody is answered; how long that took."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.bind(("127.0.0.1", 0))
        own = caller.getsockname()[1]
        number, next_s = 0, began_s
        while time.monotonic() < began_s + 60:
            now_s = time.monotonic()
            if now_s >= next_s:
                number, next_s = number + 1, now_s + BETWEEN_CALLERS_S
                invite = INVITE.format(
                    port=port, own=own, id=f"b{own}-{number}", length=len(SDP), sdp=SDP
                )
                caller.sendto(invite.encode(), ("127.0.0.1", port))
            caller.settimeout(max(0.001, next_s - time.monotonic()))
            try:
                data = caller.recv(65_535)
            except OSError:
                continue
            if re.match(rb"SIP/2.0 200 ", data):
                return time.monotonic() - began_s
    raise TimeoutError("no caller was answered")


def round_s(number: signal.Signals) -> float:
    """One round: signal who serves, and ring."""
    with tempfile.TemporaryDirectory(prefix="bench-pair-") as folder:
        site = Site(Path(folder))
        try:
            pid = site.processes[site.settled()].pid
            began_s = time.monotonic()
            os.kill(pid, number)
            if number is signal.SIGTERM:
                while site_stands(pid, site.sip):
                    time.sleep(0.001)
            return answered_s(site.sip, began_s)
        finally:
            site.stop()


def site_stands(pid: int, port: int) -> bool:
    """Does this process still have its SIP socket? A planned stop closes it within a moment."""
    inodes = {
        line.split()[9]
        for line in Path("/proc/net/udp").read_text().splitlines()[1:]
        if line.split()[1].endswith(f":{port:04X}")
    }
    try:
        links = [str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return False
    return any(f"socket:[{inode}]" in links for inode in inodes)


def main() -> None:
    killed = [round_s(signal.SIGKILL) for _ in range(KILLS)]
    stopped = [round_s(signal.SIGTERM) for _ in range(ROUNDS)]
    hung = [round_s(signal.SIGSTOP) for _ in range(HUNG_ROUNDS)]
    print("  killed:", " ".join(f"{one:.3f}" for one in killed))
    print("  stopped on purpose:", " ".join(f"{one:.3f}" for one in stopped))
    print("  hung, by the lease:", " ".join(f"{one:.3f}" for one in hung))
    report("site_pair_kill_p50_s", statistics.median(killed), "s", 0.5, "lower")
    report("site_pair_kill_max_s", max(killed), "s", 1.0, "lower")
    report("site_pair_stop_p50_s", statistics.median(stopped), "s", 0.5, "lower")


if __name__ == "__main__":
    main()
