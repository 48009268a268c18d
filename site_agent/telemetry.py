"""Tells people what a site agent does: its log, and its alarms while they stand.

Rule of this file: one line per fact, with the site's name; nothing here decides.
"""

from __future__ import annotations

import logging

from nrcli.telemetry.log_lines import set_up_logging
from site_agent.core.actions import ClearAlarm, RaiseAlarm

log = logging.getLogger("site_agent")


def set_up_log(
    *, verbose: bool = False, level: str = "info", site: str = "", as_json: bool = False
) -> None:
    """Log to standard error, masked; `verbose` tells more than `level` does."""
    set_up_logging(site, "debug" if verbose else level, as_json=as_json, called="site")


def tell_alarm(site: str, action: RaiseAlarm | ClearAlarm) -> None:
    """Log an alarm's beginning or end."""
    fields = {"alarm": action.code, "place": action.place}
    if isinstance(action, RaiseAlarm):
        text = f"{site}: alarm {action.code} ({action.place}): {action.text}"
        log.warning("%s", text, extra=fields)
    else:
        log.info("%s: alarm %s (%s) is over", site, action.code, action.place, extra=fields)
