"""What a site agent's file may say about calls that come without their token.

Rule of this file: data only.
"""

from __future__ import annotations

from site_agent.config_parts import Part
from site_agent.core.late_match_settings import LateMatchSettings


class LateMatchConfig(Part):
    """How they are matched to open moves."""

    by_session_id: bool = True
    by_ani: bool = False
    shared_list: str = ""
    sensitive_keys: tuple[str, ...] = ()

    def settings(self) -> LateMatchSettings:
        """The daemon's settings."""
        return LateMatchSettings(
            by_session_id=self.by_session_id,
            by_ani=self.by_ani,
            shared_list=self.shared_list,
            sensitive_keys=self.sensitive_keys,
        )
