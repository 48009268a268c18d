"""The files that a site agent's settings name: where they are, and whether they are there.

Rule of this file: relative paths count from the folder of the settings file, as a node's do; it
looks for files and reads none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from site_agent.asterisk_config import AsteriskConfig
from site_agent.config import SiteConfig, load_config
from site_agent.errors import ConfigError
from site_agent.freeswitch_config import FreeswitchConfig
from site_agent.sip_acd_config import SipAcdConfig

OTHERS_READ = 0o044


def load_settled(path: Path) -> SiteConfig:
    """The checked file with its paths made absolute. Raises `ConfigError`.

    Files of `tls` and `media` must be there; those that the site agent writes need not.
    """
    config: SiteConfig = _from_folder(load_config(path), path.parent.absolute())
    for place, file in _needed(config).items():
        if not file.is_file():
            problem = f"there is no file {file}"
            raise ConfigError(f"{path}: {place}", problem, "make it, or correct the path")
    _check_pair(config, path)
    folder = _announcements(config)
    if folder is not None and not folder.is_dir():
        problem = f"there is no folder {folder}"
        raise ConfigError(f"{path}: acd.media.announcements", problem, "make it, or correct it")
    return config


def open_secrets(config: SiteConfig) -> tuple[str, ...]:
    """Files with a password that others than the owner may read."""
    acd, place, file = config.acd, "", None
    if isinstance(acd, AsteriskConfig):
        place, file = "acd.ami.secret_file", acd.ami.secret_file
    elif isinstance(acd, FreeswitchConfig):
        place, file = "acd.password_file", acd.password_file
    elif isinstance(acd, SipAcdConfig):
        place, file = "acd.passwords_file", acd.passwords_file
    mode = file.stat().st_mode & 0o777 if file is not None and file.is_file() else 0
    if not mode & OTHERS_READ:
        return ()
    return (f"{place}: {file} has mode {mode:04o}, so others can read it: chmod 600 {file}",)


def _check_pair(config: SiteConfig, path: Path) -> None:
    """What the one of a pair leaves, the other must find: it lies in the folder of both."""
    if config.pair is None:
        return
    folder = config.pair.folder
    kept = {
        "incarnation_file": config.incarnation_file,
        "journal.file": config.journal.path(config.incarnation_file),
    }
    for place, file in kept.items():
        if not file.is_relative_to(folder):
            problem = f"{file} is not in pair.folder {folder}, so the other one does not see it"
            remedy = f"write {folder / file.name}"
            raise ConfigError(f"{path}: {place}", problem, remedy)


def _announcements(config: SiteConfig) -> Path | None:
    acd = config.acd
    return acd.media.announcements if isinstance(acd, SipAcdConfig) and acd.media else None


def _needed(config: SiteConfig) -> dict[str, Path]:
    needed: dict[str, Path] = {}
    if config.tls is not None:
        needed |= {f"tls.{name}": getattr(config.tls, name) for name in ("ca", "cert", "key")}
    if config.peer_plan is not None:
        needed["peer_plan.public_key_file"] = config.peer_plan.public_key_file
        needed["peer_plan.call_key_file"] = config.peer_plan.call_key_file
    otlp = config.telemetry.otlp
    for name in ("bearer_file", "ca", "cert", "key") if otlp is not None else ():
        if getattr(otlp, name) is not None:
            needed[f"telemetry.otlp.{name}"] = getattr(otlp, name)
    acd = config.acd
    if isinstance(acd, SipAcdConfig) and acd.media is not None and acd.media.file is not None:
        needed["acd.media.file"] = acd.media.file
    if isinstance(acd, SipAcdConfig) and acd.tls is not None:
        needed |= {f"acd.tls.{name}": getattr(acd.tls, name) for name in ("ca", "cert", "key")}
    if isinstance(acd, SipAcdConfig) and acd.passwords_file is not None:
        needed["acd.passwords_file"] = acd.passwords_file
    if isinstance(acd, FreeswitchConfig):
        needed["acd.password_file"] = acd.password_file
    if isinstance(acd, AsteriskConfig):
        needed["acd.ami.secret_file"] = acd.ami.secret_file
        if acd.ami.tls_ca is not None:
            needed["acd.ami.tls_ca"] = acd.ami.tls_ca
    return needed


def _from_folder(part: Any, folder: Path) -> Any:
    if isinstance(part, Path):
        return folder / part
    if isinstance(part, BaseModel):
        changed = {
            name: _from_folder(getattr(part, name), folder) for name in type(part).model_fields
        }
        return part.model_copy(update=changed)
    return part
