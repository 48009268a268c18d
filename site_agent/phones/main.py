"""The command `site-agent phones`: run the phones until SIGTERM or Ctrl-C.

Rule of this file: it starts the loop and turns what stops a start into one line.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from site_agent.errors import StartError
from site_agent.phones.app import serve
from site_agent.phones.config import load_config


def main(config_path: Path) -> None:
    """Run the phones of this file. Raises `ConfigError`, or `StartError` for a taken port."""
    config = load_config(config_path)
    try:
        asyncio.run(serve(config))
    except OSError as error:
        raise StartError(f"{config_path}: cannot listen: {error.strerror}") from error
