"""Tells people what a site agent does: its log, and its alarms while they stand.

Rule of this file: one line per fact, with the site's name; nothing here decides.
"""

from __future__ import annotations

import logging

from site_agent.core.actions import ClearAlarm, RaiseAlarm

log = logging.getLogger("site_agent")
FORMAT = "%(asctime)s %(levelname)s %(message)s"


def set_up_log(*, verbose: bool = False) -> None:
    """Log to standard error, once per process."""
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, format=FORMAT)
    logging.getLogger("grpc").setLevel(logging.WARNING)
    logging.getLogger("aiohttp").setLevel(logging.WARNING)


def tell_alarm(site: str, action: RaiseAlarm | ClearAlarm) -> None:
    """Log an alarm's beginning or end."""
    if isinstance(action, RaiseAlarm):
        log.warning("%s: alarm %s (%s): %s", site, action.code, action.place, action.text)
    else:
        log.info("%s: alarm %s (%s) is over", site, action.code, action.place)
