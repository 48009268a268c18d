"""Decides which alarms of a site the network's own people see as well.

Rule of this file: a site's word is its whole list; what it does not name any more is over. Only
codes that stand here are believed, so that no site can speak in the node's name.
"""

from __future__ import annotations

from nirc.core.actions import Action
from nirc.core.alarms import Alarms
from nrcli.wire.messages import SiteAlarm

CODES = ("cti_silent", "lending_off", "pbx_unknown_name", "pbx_unreached")


def told(alarms: Alarms, site: str, standing: tuple[SiteAlarm, ...], out: list[Action]) -> None:
    """A site says which alarms stand there; they stand here at its name."""
    texts = {one.code: one.text for one in standing}
    for code in CODES:
        if code in texts:
            if (code, site, texts[code]) not in alarms.standing():
                alarms.clear(code, site, out)  # it says something else now
            alarms.raise_(code, site, texts[code], out)
        else:
            alarms.clear(code, site, out)
