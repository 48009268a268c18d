"""Fills in the configuration to copy (docs/adapters/asterisk) for one run, adds what a run needs.

Rule of this file: the documented files are used as they stand, only the words between @ are filled
in; one that is left, or unknown, is an error. What is added says where folders and ports are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from source_tree import ROOT

DOCUMENTED = ROOT / "docs" / "adapters" / "asterisk"
INSIDE = "/run/nirc"
"Where a run's folder appears inside the chroot."
SUBFOLDERS = ("etc", "run", "log", "spool", "db")
_WORD = re.compile(r"@([A-Z_]+)@")


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskPlace:
    """Addresses of one run."""

    sip: str
    "host:port of its SIP."
    ami: str
    "host:port of its manager."
    secret: str
    phones: str
    "host:port of the agents' phones."
    carrier: str = "127.0.0.1"
    "From where the carrier calls."
    public: str = "127.0.0.8"
    "From where a carrier calls whose callers only hear ringing."
    ivr: str = "127.0.0.9"
    rtp_first: int = 40_000

    def words(self) -> dict[str, str]:
        """What stands for each word between @."""
        sip_host, _, sip_port = self.sip.rpartition(":")
        ami_host, _, ami_port = self.ami.rpartition(":")
        return {
            "SIP_HOST": sip_host,
            "SIP_PORT": sip_port,
            "AMI_HOST": ami_host,
            "AMI_PORT": ami_port,
            "AMI_SECRET": self.secret,
            "AMI_PERMIT": "127.0.0.1/255.255.255.255",
            "PHONES_ADDRESS": self.phones,
            "CARRIER_NETWORK": self.carrier,
            "PUBLIC_NETWORK": self.public,
            "IVR_NETWORK": self.ivr,
        }


def filled_in(text: str, words: Mapping[str, str]) -> str:
    """A documented file with its words filled in. KeyError for a word that nobody knows."""
    return _WORD.sub(lambda found: words[found.group(1)], text)


def documented() -> dict[str, str]:
    """The files to copy, as they stand."""
    return {path.name: path.read_text() for path in sorted(DOCUMENTED.glob("*.conf"))}


def write(folder: Path, place: AsteriskPlace) -> None:
    """Everything Asterisk reads, into `folder`/etc."""
    for name in SUBFOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    words = place.words()
    files = {name: filled_in(text, words) for name, text in documented().items()} | _own(place)
    for name, text in files.items():
        (folder / "etc" / name).write_text(text)


def _own(place: AsteriskPlace) -> dict[str, str]:
    """What a distribution's own files say elsewhere."""
    return {
        "asterisk.conf": (
            "[directories]\n"
            f"astetcdir => {INSIDE}/etc\n"
            "astmoddir => /usr/lib/asterisk/modules\n"
            "astvarlibdir => /var/lib/asterisk\n"
            f"astdbdir => {INSIDE}/db\n"
            f"astkeydir => {INSIDE}/db\n"
            "astdatadir => /usr/share/asterisk\n"
            "astagidir => /usr/share/asterisk/agi-bin\n"
            f"astspooldir => {INSIDE}/spool\n"
            f"astrundir => {INSIDE}/run\n"
            f"astlogdir => {INSIDE}/log\n"
            "astsbindir => /usr/sbin\n"
        ),
        "modules.conf": "[modules]\nautoload = yes\nnoload = chan_sip.so\nnoload = chan_iax2.so\n",
        "logger.conf": "[general]\n[logfiles]\nfull => notice,warning,error,verbose\n",
        "rtp.conf": f"[general]\nrtpstart = {place.rtp_first}\nrtpend = {place.rtp_first + 999}\n",
        "musiconhold.conf": (
            "[default]\nmode = files\ndirectory = /usr/share/asterisk/sounds/en_US_f_Allison\n"
        ),
    }
