"""What a person who started the demo is told: where to ring, what to try, how to go on from there.

Rule of this file: plain text from the layout, built here and said elsewhere; every line that is a
command works as it stands, from the folder in which the demo was started.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nirc.demo import node_files
from nirc.demo.layout import IVR_ADDRESS, PUBLIC_ADDRESS, Layout, SiteLayout

SIPP = "sipp -sn uac -s {number} -m 1 -d 5000 -timeout 60s -timeout_error {address}"
"The one sipp line that documents show, too."


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A network that was just started."""

    layout: Layout
    folder: Path
    programs: Path
    "Folder of `nirc`, `nrcli` and `site-agent`, as the person would type it."
    leader: str = ""
    leader_pid: int = 0
    last_site_pid: int = 0
    has_live_view: bool = True
    consoles: Mapping[str, str] = field(default_factory=dict)
    "Sites that are an Asterisk, and the command that opens its console."


def hints(started: Started) -> list[str]:
    """Where to connect, and what to try next; plain lines."""
    return [*_where_to_ring(started.layout), "What to try next:", *_what_to_try(started)]


def _where_to_ring(layout: Layout) -> list[str]:
    lines = ["Ring a site with your own softphone or sipp (every other number reaches sales):"]
    for site in layout.sites:
        lines.append(f"  {site.name:<8} {_doors(site)}")
    lines += [f"  {shape.name}: {shape.asks_of_a_caller}" for shape in layout.shape.trunks]
    number = next(iter(layout.shape.services.values()))
    first = layout.sites[0]
    address = first.trunks[0].address
    sipp = SIPP.format(number=number, address=address)
    return [
        *lines,
        f"  {sipp} -i {PUBLIC_ADDRESS}" if first.is_asterisk else f"  {sipp}",
        f"  softphone: sip:{number}@{address}",
        f"  attached data is taken from {IVR_ADDRESS} (`sipp -i`): see docs/attached_data.md",
    ]


def _doors(site: SiteLayout) -> str:
    if site.is_asterisk:
        return (
            f"Asterisk {site.trunks[0].address}: a waiting call is answered, then moved by REFER;"
            f" called from {PUBLIC_ADDRESS} (`sipp -i`) it rings until an agent answers"
        )
    return ", ".join(f"{trunk.shape.name} {trunk.address}" for trunk in site.trunks)


def _what_to_try(started: Started) -> list[str]:
    layout, folder, programs = started.layout, started.folder, started.programs
    last = layout.sites[-1].name
    lines = [_console(started)]
    if started.leader_pid:
        node = started.leader or layout.nodes[0].name
        lines += [
            f"  kill the leader:  kill -9 {started.leader_pid}   "
            "(another node leads within seconds)",
            f"  start it again:   {programs / 'nirc'} run --config {folder / node / 'node.yaml'}",
        ]
    return [
        *lines,
        f"  stop a site:      kill -STOP {started.last_site_pid}   (-CONT lets {last} go on)",
        f"  start a killed one again:  {programs / 'site-agent'} run "
        f"--config {folder / last / 'site.yaml'}",
        *_watch_a_decision(started),
        *(f"  console of {site}'s Asterisk:  {line}" for site, line in started.consoles.items()),
        f"  settings, tokens, logs, histories:  {folder}",
    ]


def _console(started: Started) -> str:
    """Of a node that is not going to be killed first."""
    node = next((one for one in started.layout.nodes if one.name != started.leader), None)
    node = node or started.layout.nodes[0]
    token = node_files.token_file(started.folder / node.name)
    return f"  open the console: http://{node.http_address}/console/   (the token is in {token})"


def _watch_a_decision(started: Started) -> list[str]:
    if started.has_live_view:
        return ["  watch a decision: the rules that were tried stand under `Last decisions`"]
    nodes = started.layout.nodes
    node = next((one for one in nodes if one.name == started.leader), nodes[0])
    token = node_files.token_file(started.folder / node.name)
    url = f"http://{node.http_address}"
    nrcli = f"{started.programs / 'nrcli'} --url {url}"
    other = next((one for one in nodes if one is not node), node)
    other_token = node_files.token_file(started.folder / other.name)
    return [
        f"  once for a shell:  export NRCLI_URL=http://{other.http_address} "
        f"NRCLI_TOKEN_FILE={other_token}",
        f"  watch decisions:  {nrcli} --token-file {token} decisions",
        "  read one of them: the same with `explain ID` in place of `decisions`",
    ]
