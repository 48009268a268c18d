"""Writes the configuration of an Asterisk: the files to copy (docs/adapters/asterisk), filled in
for one run, and what a run needs besides.

Rule of this file: the documented files are used as they stand. Only the words between @ are filled
in, and a staff of one's own stands in the place of the example's agents and queue; it is written by
the documented templates. A word that nobody knows is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nirc.demo.asterisk_program import AsteriskProgram, NoAsterisk
from nirc.demo.layout import IVR_ADDRESS, LOOPBACK, PUBLIC_ADDRESS

DOCUMENTED = Path(__file__).parents[2] / "docs" / "adapters" / "asterisk"
SUBFOLDERS = ("etc", "run", "log", "spool", "db", "moh")
EXAMPLES = {"pjsip.conf": ("anna", "bruno"), "queues.conf": ("sales",)}
"Sections that a staff takes the place of."
MODULES = (
    "res_timing_timerfd",
    "res_sorcery_astdb",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_pubsub",
    "res_pjsip_sdp_rtp",
    "res_pjsip_registrar",
    "res_pjsip_authenticator_digest",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_caller_id",
    "res_pjsip_header_funcs",
    "res_pjsip_nat",
    "res_pjsip_rfc3326",
    "res_pjsip_refer",
    "res_rtp_asterisk",
    "chan_pjsip",
    "pbx_config",
    "app_queue",
    "app_dial",
    "app_exec",
    "app_transfer",
    "app_userevent",
    "app_stack",
    "app_originate",
    "res_speech",
    "res_agi",
    "res_musiconhold",
    "bridge_simple",
    "bridge_native_rtp",
    "bridge_holding",
    "bridge_builtin_features",
    "codec_ulaw",
    "codec_alaw",
    "codec_resample",
    "format_pcm",
    "func_callerid",
    "func_channel",
    "func_cut",
    "func_global",
    "func_logic",
    "func_strings",
    "func_timeout",
    "func_version",
)
"What the documented dialplan and endpoints need; nothing else is loaded, so nothing else listens."
RTP_PORTS = 1_000
SILENCE_S = 10
PCM_BYTES_PER_S = 8_000
PCM_SILENCE = b"\xff"
_WORD = re.compile(r"@([A-Z_]+)@")
_SECTION = re.compile(r"^\[([^\]]+)\]", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskPlace:
    """Addresses of one run."""

    sip: str
    "host:port of its SIP."
    ami: str
    "host:port of its manager."
    secret: str
    phones: str
    "host:port of the agents' phones, where they are fixed."
    carrier: str = LOOPBACK
    "From where the carrier calls."
    public: str = PUBLIC_ADDRESS
    "From where a carrier calls whose callers only hear ringing."
    ivr: str = IVR_ADDRESS
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskStaff:
    """Agents whose phones log in, and the queues in which all of them are."""

    agents: tuple[str, ...]
    password: str
    services: Mapping[str, str] = field(default_factory=dict)
    "Network service and its number; the queue of the same name serves it."


def filled_in(text: str, words: Mapping[str, str]) -> str:
    """A documented file with its words filled in. KeyError for a word that nobody knows."""
    return _WORD.sub(lambda found: words[found.group(1)], text)


def documented() -> dict[str, str]:
    """The files to copy, as they stand. Raises NoAsterisk where the project's documents are not."""
    found = {path.name: path.read_text() for path in sorted(DOCUMENTED.glob("*.conf"))}
    if not found:
        raise NoAsterisk(
            f"{DOCUMENTED} is not there, whose files an Asterisk is given: run it from a checkout"
        )
    return found


def write(
    folder: Path,
    place: AsteriskPlace,
    program: AsteriskProgram,
    staff: AsteriskStaff | None = None,
) -> None:
    """Everything that this Asterisk reads, into `folder`; without a staff it has the example's."""
    for name in SUBFOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    silence = PCM_SILENCE * (PCM_BYTES_PER_S * SILENCE_S)
    (folder / "moh" / "silence.ulaw").write_bytes(silence)
    for name, text in texts(folder, place, program, staff).items():
        (folder / "etc" / name).write_text(text)


def texts(
    folder: Path,
    place: AsteriskPlace,
    program: AsteriskProgram,
    staff: AsteriskStaff | None = None,
) -> dict[str, str]:
    """Each file's name and text."""
    found = documented()
    if staff is not None:
        found = _with_staff(found, staff)
    words = place.words()
    return {name: filled_in(text, words) for name, text in found.items()} | _own(
        folder, place, program
    )


def _with_staff(found: Mapping[str, str], staff: AsteriskStaff) -> dict[str, str]:
    plain = {name: _without(text, EXAMPLES.get(name, ())) for name, text in found.items()}
    phones = "".join(
        f"\n[{agent}](agent)\nauth = {agent}\naors = {agent}\n"
        f"[{agent}](login)\nusername = {agent}\npassword = {staff.password}\n"
        f"[{agent}](logged-in)\n"
        for agent in staff.agents
    )
    members = "".join(f"member => PJSIP/{one},0,{one},PJSIP/{one}\n" for one in staff.agents)
    queues = "".join(f"\n[{queue}](nirc-queue)\n{members}" for queue in staff.services)
    return plain | {
        "pjsip.conf": plain["pjsip.conf"] + phones,
        "queues.conf": plain["queues.conf"] + queues,
        "extensions.conf": plain["extensions.conf"] + _numbers(plain["extensions.conf"], staff),
    }


def _numbers(written: str, staff: AsteriskStaff) -> str:
    """The numbers that the documented dialplan does not have; any other reaches the first queue."""
    first = next(iter(staff.services))
    numbers = {f"exten => {number}": name for name, number in staff.services.items()}
    numbers["exten => _[+0-9]."] = first
    lines = "".join(
        f"{extension},1,Gosub(nirc-service,s,1({name},{name}))\n same => n,Hangup()\n"
        for extension, name in numbers.items()
        if f"{extension},1,Gosub(nirc-service,s,1({name},{name}))" not in written
    )
    return f"\n[from-carrier](+)\n{lines}"


def _without(text: str, names: tuple[str, ...]) -> str:
    """A file without the sections of these names."""
    starts = [found.start() for found in _SECTION.finditer(text)]
    parts = [text[: starts[0]], *map(lambda a, b: text[a:b], starts, [*starts[1:], len(text)])]
    return "".join(
        part
        for part in parts
        if (found := _SECTION.match(part)) is None or found.group(1) not in names
    )


def _own(folder: Path, place: AsteriskPlace, program: AsteriskProgram) -> dict[str, str]:
    """What a distribution's own files say elsewhere."""
    directories = {
        "astcachedir": folder / "run",
        "astetcdir": folder / "etc",
        "astmoddir": program.modules,
        "astvarlibdir": folder / "db",
        "astdbdir": folder / "db",
        "astkeydir": folder / "db",
        "astdatadir": program.data,
        "astagidir": folder / "db",
        "astspooldir": folder / "spool",
        "astrundir": folder / "run",
        "astlogdir": folder / "log",
        "astsbindir": folder / "run",
    }
    lines = "".join(f"{name} => {path}\n" for name, path in directories.items())
    loads = "".join(f"load = {name}.so\n" for name in MODULES)
    last = place.rtp_first + RTP_PORTS - 1
    return {
        "asterisk.conf": f"[directories]\n{lines}",
        "modules.conf": f"[modules]\nautoload = no\n{loads}",
        "logger.conf": "[general]\n[logfiles]\nfull => notice,warning,error,verbose\n",
        "rtp.conf": f"[general]\nrtpstart = {place.rtp_first}\nrtpend = {last}\n",
        "musiconhold.conf": f"[default]\nmode = files\ndirectory = {folder / 'moh'}\n",
    }
