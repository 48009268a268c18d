"""What a node may call stands in its settings, and passwords never go in the clear."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from nirc.alarm_config import AlarmsConfig, SmtpConfig, WebhookConfig

SMTP = {"host": "mail.noc.example", "sender": "nirc@noc.example"}


def test_by_default_nobody_is_called() -> None:
    assert (AlarmsConfig().webhook, AlarmsConfig().smtp) == (None, None)
    assert SmtpConfig.model_validate(SMTP).tls == "starttls"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"tls": "none", "user": "u", "password_file": Path("/p")}, "in the clear"),
        ({"user": "u"}, "user and password_file go together"),
        ({"password_file": Path("/p")}, "user and password_file go together"),
        ({"sender": "nirc@noc.example\nBcc: x@y"}, "should be a mail address"),
        ({"host": "mail/x"}, "should be a host name"),
    ],
)
def test_mail_settings_that_are_refused(more: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        SmtpConfig.model_validate(SMTP | more)


@pytest.mark.parametrize("hosts", [[], ["https://hooks.example"], ["a b"], ["hooks.example/x"]])
def test_hosts_that_are_refused(hosts: list[str]) -> None:
    with pytest.raises(ValidationError):
        WebhookConfig.model_validate({"hosts": hosts})
