"""What the settings file of a node may say of alarms and of those who are notified.

Rule of this file: typed, complete, bounded. Who is notified of what is no setting: it stands in
`AlarmRules` documents. What a node may call, and the secrets for it, stand here.
"""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from routing_policies.shapes import shape

_HOST = r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])"
Host = Annotated[str, shape("a host name or address", re.compile(_HOST).fullmatch)]
HostOrPort = Annotated[
    str,
    shape(
        "a host, or host:port where it is not 443, such as hooks.noc.example:8443",
        re.compile(_HOST + r"(:[0-9]{1,5})?").fullmatch,
    ),
]
Sender = Annotated[
    str,
    shape(
        "a mail address such as nirc@noc.example",
        re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}").fullmatch,
    ),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class WebhookConfig(_Part):
    """Programs that may be notified."""

    hosts: Annotated[tuple[HostOrPort, ...], Field(min_length=1, max_length=50)]
    "No other host is called, whatever a document says."
    secret_file: Path | None = None
    "Its text is the key of the signature; none: messages are not signed."
    ca: Path | None = None
    "Certificates (PEM) to trust; none: the system's."
    plain_http: bool = False
    "May an address begin with http://? Messages go in the clear then."
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 5.0


class SmtpConfig(_Part):
    """The mail server that takes notices."""

    host: Host
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    "starttls (RFC 3207) on port 587, tls from the start on 465; none: only without a user."
    ca: Path | None = None
    sender: Sender
    user: Annotated[str, Field(max_length=200)] = ""
    password_file: Path | None = None
    timeout_s: Annotated[float, Field(gt=0, le=120)] = 10.0

    @model_validator(mode="after")
    def _no_password_in_the_clear(self) -> "SmtpConfig":
        if self.tls == "none" and self.user:
            raise ValueError("tls: none would send the password in the clear; use starttls or tls")
        if bool(self.user) != (self.password_file is not None):
            raise ValueError("user and password_file go together; give both, or neither")
        return self


class AlarmsConfig(_Part):
    """How alarms are watched, and who may be notified."""

    look_s: Annotated[float, Field(ge=0.2, le=60)] = 5.0
    "How often figures are looked at."
    history_max: Annotated[int, Field(ge=100, le=10_000)] = 2_000
    "Events kept in etcd, for all nodes; the oldest go."
    waiting_max: Annotated[int, Field(ge=10, le=100_000)] = 1_000
    "Events of this node that wait for etcd; of more the oldest are lost, and counted."
    webhook: WebhookConfig | None = None
    "None: no webhook is called."
    smtp: SmtpConfig | None = None
    "None: no mail is sent."
